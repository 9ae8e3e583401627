package train

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math"
	"os"

	"dnn/internal/report"
	"dnn/pkg/dataset"
	"dnn/pkg/metrics"
	"dnn/pkg/model"
)

// PartScores is what the best weights achieve on one part.
type PartScores struct {
	Part   string // train, validation, test
	Scores *model.Scores
	Counts []int // rows of each class; nil for numbers
}

// Result is what a run comes to.
type Result struct {
	Model    string // path of the best weights
	Position Position
	Parts    []PartScores
	Pictures []string // paths of the PNG files
	Mistakes string   // path of the list of wrong answers; "" when there are none, or answers are no classes
}

// Finish scores the best weights, as they lie in the run's folder, on every part and draws the pictures of the run.
func (t *Trainer) Finish() (*Result, error) {
	res := &Result{Model: t.path(BestFile), Position: t.pos}
	best, err := model.Load(res.Model)
	if err != nil {
		return nil, err
	}
	runner := model.NewRunner(best.Net, best.State, t.pool, true)
	var seen *pairs
	var wrong *mistakes
	var scored *dataset.Part
	for _, name := range []string{"train", "validation", "test"} {
		part := t.job.Data.Part(name)
		if part == nil || part.Rows() == 0 {
			continue
		}
		if t.opts.Fast {
			part = part.First(fastBatches * t.job.Config.Train.BatchSize)
		}
		seen, wrong, scored = newPairs(t.job.Target.Width), &mistakes{task: t.job.Task()}, part
		scores, err := model.ScorePart(runner, part, func(b metrics.Batch) {
			seen.add(b)
			wrong.add(b)
		})
		if err != nil {
			return nil, err
		}
		res.Parts = append(res.Parts, PartScores{name, scores, part.ClassCounts()})
	}
	if len(res.Parts) == 0 {
		return res, nil
	}
	last := res.Parts[len(res.Parts)-1]
	if err := t.draw(res, last, seen); err != nil {
		return nil, err
	}
	return res, t.tellMistakes(res, wrong, scored, last.Part)
}

// draw makes the learning curve and the picture of the last part's predictions.
func (t *Trainer) draw(res *Result, last PartScores, seen *pairs) error {
	curves, err := t.curves()
	if err != nil {
		return err
	}
	path := t.path("learning-curve")
	if err := report.DrawCurves(path, curves); err != nil {
		return err
	}
	res.Pictures = append(res.Pictures, path+".png")
	task := t.job.Task()
	switch task.Kind {
	case metrics.MultiClass, metrics.Binary:
		path = t.path("confusion")
		err = report.DrawConfusion(path, report.Confusion{
			Title: t.job.Config.Name + ", " + last.Part + " part", Classes: task.Classes, Counts: last.Scores.Confusion.Matrix(),
		})
	case metrics.Regression:
		return t.drawPredictions(res, task.Targets, last.Part, seen)
	default:
		return nil
	}
	if err != nil {
		return err
	}
	res.Pictures = append(res.Pictures, path+".png")
	return nil
}

// drawPredictions makes a picture of predictions against the truth for each target.
func (t *Trainer) drawPredictions(res *Result, targets []string, part string, seen *pairs) error {
	for i, name := range targets {
		path := t.path("predictions")
		if len(targets) > 1 {
			path = t.path(fmt.Sprintf("predictions-%d", i+1))
		}
		err := report.DrawScatter(path, report.Scatter{Title: t.job.Config.Name + ", " + part + " part", Target: name, Truth: seen.truth[i], Predicted: seen.pred[i]})
		if err != nil {
			return err
		}
		res.Pictures = append(res.Pictures, path+".png")
	}
	return nil
}

// curves reads the run's log, which holds the epochs of earlier processes too.
func (t *Trainer) curves() (report.Curves, error) {
	c := report.Curves{Title: t.job.Config.Name, Loss: report.Pair{Name: "loss"}}
	f, err := os.Open(t.path(MetricsFile))
	if err != nil {
		return c, err
	}
	defer f.Close()
	name := t.shownFigure()
	c.Metric.Name = name
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var l struct {
			Epoch      int                        `json:"epoch"`
			Step       int                        `json:"step"`
			Loss       *float64                   `json:"training_loss"`
			Rate       float64                    `json:"learning_rate"`
			Validation map[string]json.RawMessage `json:"validation"`
		}
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			return c, err
		}
		c.Epochs = append(c.Epochs, float64(l.Step)/float64(t.extent.StepsPerEpoch))
		c.Loss.Train = append(c.Loss.Train, orNaN(l.Loss))
		c.LearningRate = append(c.LearningRate, l.Rate)
		if l.Validation != nil {
			c.Loss.Validation = append(c.Loss.Validation, figure(l.Validation["loss"]))
			c.Metric.Validation = append(c.Metric.Validation, figure(l.Validation[name]))
		}
	}
	if s := float64(t.pos.BestStep) / float64(t.extent.StepsPerEpoch); t.pos.BestStep > 0 {
		c.Best = s
	}
	return c, lines.Err()
}

// shownFigure is the name of the metric that the learning curve shows: the monitored one, else the first that is one number.
func (t *Trainer) shownFigure() string {
	list := t.job.Config.Metrics
	first := ""
	for i, name := range metrics.Names(list) {
		if "validation_"+name == t.job.Config.Train.Monitor {
			return name
		}
		if first == "" && list[i].Goal() != metrics.NoGoal {
			first = name
		}
	}
	return first
}

func figure(raw json.RawMessage) float64 {
	var x *float64
	if json.Unmarshal(raw, &x) != nil {
		return math.NaN()
	}
	return orNaN(x)
}

func orNaN(x *float64) float64 {
	if x == nil {
		return math.NaN()
	}
	return *x
}

// pairs collects predicted and true numbers for a picture.
type pairs struct {
	width       int
	pred, truth [][]float64
}

func newPairs(width int) *pairs {
	return &pairs{width, make([][]float64, width), make([][]float64, width)}
}

func (p *pairs) add(b metrics.Batch) {
	if b.Truth == nil || len(b.Pred) != len(b.Truth) {
		return
	}
	for i, v := range b.Pred {
		p.pred[i%p.width] = append(p.pred[i%p.width], v)
		p.truth[i%p.width] = append(p.truth[i%p.width], b.Truth[i])
	}
}
