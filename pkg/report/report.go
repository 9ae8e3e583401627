// Package report writes the report of a run into its folder: learning curves, confusion matrix or predictions, and the
// misclassified rows. The training loop knows nothing of it: the report is made of what the loop returns.
package report

import (
	"cmp"
	"fmt"
	"path/filepath"
	"sync"

	"dnn/internal/plot"
	"dnn/pkg/metrics"
	"dnn/pkg/model"
	"dnn/pkg/task"
	"dnn/pkg/train"
)

// Files are the paths of what a report consists of.
type Files struct {
	Plots         []string // the PNG files
	Misclassified string   // the list of misclassified rows; "" if there are none, or predictions are no classes
}

// Report collects what a run predicts on its last split.
type Report struct {
	job   *model.Job
	split string
	seen  *pairs
	wrong *misclassified
}

// New returns the report of a run of this job.
func New(job *model.Job) *Report { return &Report{job: job} }

// See takes a batch of predictions; hand it to train.Trainer.Finish.
func (r *Report) See(split string, b metrics.Batch) {
	if split != r.split || r.seen == nil {
		r.split, r.seen, r.wrong = split, newPairs(r.job.Heads[0].Width, r.job.Schema.Target.Horizon()), &misclassified{task: r.job.Heads[0]}
	}
	r.seen.add(b)
	r.wrong.add(b)
}

// Write writes the report into the folder of the run.
func (r *Report) Write(res *train.Result) (*Files, error) {
	files := &Files{}
	var p painter
	defer p.wait()
	curves, err := r.curves(res)
	if err != nil {
		return nil, err
	}
	p.draw(filepath.Join(res.Dir, "learning-curve"), func(path string) error { return plot.DrawCurves(path, curves) })
	if n := len(res.Parts); n > 0 && r.seen != nil {
		last := res.Parts[n-1]
		r.drawPredictions(&p, res.Dir, last)
		if files.Misclassified, err = r.writeMisclassified(&p, res.Dir, last); err != nil {
			return nil, err
		}
	}
	files.Plots, err = p.wait()
	return files, err
}

// drawPredictions draws the predictions of the last split against the labels.
func (r *Report) drawPredictions(p *painter, dir string, last train.PartScores) {
	title := r.job.Config.Name + ", " + last.Part + " split"
	head := r.job.Heads[0]
	switch head.Kind {
	case task.Category, task.Binary:
		p.draw(filepath.Join(dir, "confusion"), func(path string) error {
			return plot.DrawConfusion(path, plot.Confusion{Title: title, Classes: head.Classes, Counts: last.Scores.Confusion.Matrix()})
		})
	case task.Number:
		targets := head.Columns
		if h := r.job.Schema.Target.Horizon(); h > 1 {
			targets = r.job.Schema.Target.Series()
		}
		seen := r.seen
		for i, name := range targets {
			file := "predictions"
			if len(targets) > 1 {
				file = fmt.Sprintf("predictions-%d", i+1)
			}
			p.draw(filepath.Join(dir, file), func(path string) error {
				return plot.DrawScatter(path, plot.Scatter{Title: title, Target: name, Truth: seen.truth[i], Predicted: seen.pred[i], Outputs: seen.pool})
			})
		}
	}
}

// painter draws plots side by side: each takes some ten milliseconds of one thread.
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
