package train

import (
	"context"
	"slices"

	"dnn/pkg/dataset"
	"dnn/pkg/infer"
	"dnn/pkg/metrics"
	"dnn/pkg/model"
	"dnn/pkg/pruning"
)

// PartScores is what the best weights achieve on one split.
type PartScores struct {
	Part   string // train, validation, test
	Scores *infer.Scores
	Counts [][]int       // rows of each class, by head; nil for numbers
	Data   *dataset.Part // the rows that were scored
}

// Result is what a run comes to.
type Result struct {
	Dir           string // the folder of the run
	Model         string // path of the best weights
	Position      Position
	StepsPerEpoch int
	Parts         []PartScores
	Improving     *Improving        // nil unless the training ended too early
	Pruned        []pruning.Figures // by parameter; nil where train.prune is not set
}

// Has reports whether a split was scored.
func (r *Result) Has(split string) bool {
	return slices.ContainsFunc(r.Parts, func(p PartScores) bool { return p.Part == split })
}

// listedTexts is for how many rows of the last split texts are written for the list of the worst, where no metric needs them.
const listedTexts = 1000

// scoredWindows is the most windows that the training split of a text is scored by: all would take as long as a third of an epoch.
const scoredWindows = 1024

// Finish scores the best weights, as they are in the folder of the run, on every split. see, if not nil, gets each batch of
// predictions for the last split, in order, head by head, with the name of the split. The test split is scored by the refitted
// model, if there is one, and not at all with train.test: false. It returns ErrInterrupted if ctx ends before.
func (t *Trainer) Finish(ctx context.Context, refit *Refitted, see func(split string, head int, b metrics.Batch)) (*Result, error) {
	res := &Result{Dir: t.opts.Dir, Model: t.path(BestFile), Position: t.pos, StepsPerEpoch: t.length.StepsPerEpoch}
	best, err := model.Load(res.Model)
	if err != nil {
		return nil, err
	}
	if res.Improving, err = improving(t); err != nil {
		return nil, err
	}
	res.Pruned = Pruned(best)
	runner, data := infer.NewRunner(model.AsQuantized(best.Net), best.State, t.pool, true), t.job.Data
	names := scored(t.job)
	for i, name := range names {
		if name == "test" && refit != nil {
			if best, err = model.Load(refit.Model); err != nil {
				return nil, err
			}
			runner, data = infer.NewRunner(model.AsQuantized(best.Net), best.State, t.pool, true), refit.Data
		}
		part := data.Part(name)
		isLast := part == data.Last()
		if name == "train" {
			part = dataset.Covering(part, scoredWindows)
		}
		if t.opts.Fast {
			part = part.Sample(fastBatches*t.job.Config.Train.BatchSize, t.job.Config.Seed)
		}
		how := infer.Scoring{Compare: true, Stop: ctx.Err, Write: name != "train" && isLast}
		if name == "train" {
			how.Texts = sampleTexts
		} else if how.Write && !infer.JudgesTexts(best.Net) {
			how.Texts = listedTexts
		}
		if see != nil && i == len(names)-1 {
			how.Each = func(head int, b metrics.Batch) { see(name, head, b) }
		}
		scores, err := infer.Score(runner, part, how)
		if err != nil && ctx.Err() != nil {
			return nil, ErrInterrupted
		}
		if err != nil {
			return nil, err
		}
		res.Parts = append(res.Parts, PartScores{name, scores, part.LabelCounts(), part})
	}
	if refit != nil {
		res.Model = refit.Model
	}
	return res, nil
}

// scored are the splits that are scored when the training ends.
func scored(job *model.Job) (names []string) {
	for _, name := range []string{"train", "validation", "test"} {
		if part := job.Data.Part(name); part != nil && part.Rows() > 0 && (name != "test" || job.Config.Train.Test) {
			names = append(names, name)
		}
	}
	return names
}
