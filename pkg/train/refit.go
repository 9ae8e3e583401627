package train

import (
	"math"

	"dnn/pkg/dataset"
	"dnn/pkg/model"
)

// Files of a run whose training was repeated with the rows of the validation split.
const (
	RefitFile = model.RefitFile // the model, for use in place of the best weights
	RefitDir  = "refit"         // where it is trained; it is gone when that is done
)

// Refit is where an earlier training had its best weights. A training of such options goes as far, in epochs, by the schedule
// of one that goes on.
type Refit struct {
	Step, StepsPerEpoch int
}

// RefitTo says how long a training on more rows takes that is as long as t was at its best.
func RefitTo(t *Trainer) *Refit {
	return &Refit{t.pos.BestStep, t.length.StepsPerEpoch}
}

// Epochs is how long it takes.
func (r *Refit) Epochs() float64 { return float64(r.Step) / float64(r.StepsPerEpoch) }

// within is the length of the training, and how many updates it would have to its end.
func (r *Refit) within(l Length, steps bool) (cut Length, planned int) {
	planned = l.TotalSteps
	if r == nil {
		return l, planned
	}
	if steps { // which were counted in epochs of fewer updates
		planned = int(math.Round(float64(planned) * float64(l.StepsPerEpoch) / float64(r.StepsPerEpoch)))
	}
	l.TotalSteps = max(1, int(math.Round(r.Epochs()*float64(l.StepsPerEpoch))))
	l.Epochs = (l.TotalSteps + l.StepsPerEpoch - 1) / l.StepsPerEpoch
	return l, planned
}

// SaveRefitted writes the model of a training that Options.Refit ended. first is the job of the earlier training.
func SaveRefitted(t *Trainer, path string, first *model.Job, tuning model.Tunings) error {
	how := model.Refit{Epochs: t.opts.Refit.Epochs(), Steps: t.pos.Step, Rows: t.job.Data.Train.Rows()}
	return model.Save(path, model.Refitted(t.job, first, how, tuning), t.state, nil)
}

// Refitted is a model in place of the best weights of a run, with the data as it encodes it.
type Refitted struct {
	Model string
	Data  *dataset.Data
}
