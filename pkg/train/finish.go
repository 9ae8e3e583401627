package train

import (
	"dnn/pkg/dataset"
	"dnn/pkg/infer"
	"dnn/pkg/metrics"
	"dnn/pkg/model"
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
}

// listedTexts is for how many rows of the last split texts are written for the list of the worst, where no metric needs them.
const listedTexts = 1000

// scoredWindows is the most windows that the training split of a text is scored by: all would take as long as a third of an epoch.
const scoredWindows = 1024

// Finish scores the best weights, as they are in the folder of the run, on every split. see, if not nil, gets each batch of
// predictions, in order, head by head, with the name of its split.
func (t *Trainer) Finish(see func(split string, head int, b metrics.Batch)) (*Result, error) {
	res := &Result{Dir: t.opts.Dir, Model: t.path(BestFile), Position: t.pos, StepsPerEpoch: t.length.StepsPerEpoch}
	best, err := model.Load(res.Model)
	if err != nil {
		return nil, err
	}
	runner := infer.NewRunner(best.Net, best.State, t.pool, true)
	for _, name := range []string{"train", "validation", "test"} {
		part := t.job.Data.Part(name)
		if part == nil || part.Rows() == 0 {
			continue
		}
		isLast := part == t.job.Data.Last()
		if name == "train" {
			part = dataset.Covering(part, scoredWindows)
		}
		if t.opts.Fast {
			part = part.First(fastBatches * t.job.Config.Train.BatchSize)
		}
		how := infer.Scoring{Compare: true, Write: name != "train" && isLast}
		if name == "train" {
			how.Texts = sampleTexts
		} else if how.Write && !infer.JudgesTexts(best.Net) {
			how.Texts = listedTexts
		}
		if see != nil {
			how.Each = func(head int, b metrics.Batch) { see(name, head, b) }
		}
		scores, err := infer.Score(runner, part, how)
		if err != nil {
			return nil, err
		}
		res.Parts = append(res.Parts, PartScores{name, scores, part.LabelCounts(), part})
	}
	return res, nil
}
