package train

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"sync"

	"dnn/internal/plot"
	"dnn/pkg/dataset"
	"dnn/pkg/metrics"
	"dnn/pkg/model"
	"dnn/pkg/task"
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
	var p painter
	defer p.wait()
	if err := t.drawCurves(&p); err != nil {
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
		seen, wrong, scored = newPairs(t.job.Heads[0].Width, t.job.Schema.Target.Horizon()), &mistakes{task: t.job.Heads[0]}, part
		scores, err := model.ComparePart(runner, part, func(b metrics.Batch) {
			seen.add(b)
			wrong.add(b)
		})
		if err != nil {
			return nil, err
		}
		res.Parts = append(res.Parts, PartScores{name, scores, part.ClassCounts()})
	}
	if len(res.Parts) == 0 {
		res.Pictures, err = p.wait()
		return res, err
	}
	last := res.Parts[len(res.Parts)-1]
	t.drawAnswers(&p, last, seen)
	if err := t.tellMistakes(&p, res, wrong, scored, last.Part); err != nil {
		return nil, err
	}
	res.Pictures, err = p.wait()
	return res, err
}

// painter draws pictures beside each other, and beside the scoring: each takes some ten milliseconds of one thread.
type painter struct {
	paths  []string
	all    sync.WaitGroup
	mu     sync.Mutex
	failed error
}

// draw begins to draw path.svg and path.png.
func (p *painter) draw(path string, draw func(path string) error) {
	p.paths = append(p.paths, path+".png")
	p.all.Go(func() {
		if err := draw(path); err != nil {
			p.mu.Lock()
			p.failed = cmp.Or(p.failed, err)
			p.mu.Unlock()
		}
	})
}

// wait returns the PNG files, in the order in which they were begun, when all are drawn.
func (p *painter) wait() ([]string, error) {
	p.all.Wait()
	return p.paths, p.failed
}

// drawCurves draws the learning curve.
func (t *Trainer) drawCurves(p *painter) error {
	curves, err := t.curves()
	if err != nil {
		return err
	}
	p.draw(t.path("learning-curve"), func(path string) error { return plot.DrawCurves(path, curves) })
	return nil
}

// drawAnswers draws the predictions of the last part beside the truth.
func (t *Trainer) drawAnswers(p *painter, last PartScores, seen *pairs) {
	head := t.job.Heads[0]
	switch head.Kind {
	case task.Category, task.Binary:
		p.draw(t.path("confusion"), func(path string) error {
			return plot.DrawConfusion(path, plot.Confusion{
				Title: t.job.Config.Name + ", " + last.Part + " part", Classes: head.Classes, Counts: last.Scores.Confusion.Matrix(),
			})
		})
	case task.Number:
		targets := head.Columns
		if h := t.job.Schema.Target.Horizon(); h > 1 {
			targets = t.job.Schema.Target.Series()
		}
		t.drawPredictions(p, targets, last.Part, seen)
	}
}

// drawPredictions draws predictions against the truth for each target.
func (t *Trainer) drawPredictions(p *painter, targets []string, part string, seen *pairs) {
	for i, name := range targets {
		path := t.path("predictions")
		if len(targets) > 1 {
			path = t.path(fmt.Sprintf("predictions-%d", i+1))
		}
		p.draw(path, func(path string) error {
			return plot.DrawScatter(path, plot.Scatter{Title: t.job.Config.Name + ", " + part + " part", Target: name, Truth: seen.truth[i], Predicted: seen.pred[i], Outputs: seen.pool})
		})
	}
}

// curves reads the run's log, which holds the epochs of earlier processes too.
func (t *Trainer) curves() (plot.Curves, error) {
	c := plot.Curves{Title: t.job.Config.Name, Loss: plot.Pair{Name: "loss"}}
	f, err := os.Open(t.path(MetricsFile))
	if err != nil {
		return c, err
	}
	defer f.Close()
	name := t.shownFigure()
	c.Metric.Name = name
	for _, other := range t.otherFigures(name) {
		c.More = append(c.More, plot.Pair{Name: other})
	}
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
			for i := range c.More {
				c.More[i].Validation = append(c.More[i].Validation, figure(l.Validation[c.More[i].Name]))
			}
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

// otherFigures are the names of all other metrics that are one number.
func (t *Trainer) otherFigures(shown string) (list []string) {
	for i, name := range metrics.Names(t.job.Config.Metrics) {
		if name != shown && t.job.Config.Metrics[i].Goal() != metrics.NoGoal {
			list = append(list, name)
		}
	}
	return list
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

// pairs collects predicted and true numbers for a picture; the steps of a series are in one.
type pairs struct {
	width, pool int // numbers of a row, and how many that follow one another belong together
	pred, truth [][]float64
}

func newPairs(width, horizon int) *pairs {
	pool := max(1, horizon)
	return &pairs{width, pool, make([][]float64, width/pool), make([][]float64, width/pool)}
}

func (p *pairs) add(b metrics.Batch) {
	if b.Truth == nil || len(b.Pred) != len(b.Truth) {
		return
	}
	for i, v := range b.Pred {
		k := i % p.width / p.pool
		p.pred[k] = append(p.pred[k], v)
		p.truth[k] = append(p.truth[k], b.Truth[i])
	}
}
