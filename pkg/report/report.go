// Package report writes the report of a run into its folder: learning curves, confusion matrix or predictions, and the
// misclassified rows. The training loop knows nothing of it: the report is made of what the loop returns.
package report

import (
	"cmp"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"unicode"

	"dnn/internal/plot"
	"dnn/pkg/metrics"
	"dnn/pkg/model"
	"dnn/pkg/task"
	"dnn/pkg/train"
)

// Files are the paths of what a report consists of.
type Files struct {
	Plots         []string // the PNG files
	Misclassified []string // the lists of misclassified rows, one for each target of classes; without those that would be empty
}

// Report collects what a run predicts on its last split.
type Report struct {
	job   *model.Job
	split string
	heads []*headReport
}

// headReport is what is collected of one head.
type headReport struct {
	task  task.Head
	head  int
	name  string // of its files, behind what they show: "" where there is one head, else "-" and the target's
	seen  *pairs
	wrong *misclassified
	said  *rankings // nil but for one class a row
}

// New returns the report of a run of this job.
func New(job *model.Job) *Report { return &Report{job: job} }

// See takes a batch of predictions; hand it to train.Trainer.Finish.
func (r *Report) See(split string, head int, b metrics.Batch) {
	if split != r.split || r.heads == nil {
		r.split, r.heads = split, nil
		for k, h := range r.job.Heads {
			one := &headReport{task: h, head: k, seen: newPairs(h.Width, h.Horizon), wrong: &misclassified{task: h}, said: newRankings(h)}
			if len(r.job.Heads) > 1 {
				one.name = "-" + fileName(h.Name)
			}
			r.heads = append(r.heads, one)
		}
	}
	if r.heads[head].task.Text() { // its texts tell more than its tokens
		return
	}
	r.heads[head].seen.add(b)
	r.heads[head].wrong.add(b)
	r.heads[head].said.add(b)
}

// fileName is the name of a target as a part of a file's: what stands for folders and the like is no part of one.
func fileName(target string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsLetter(c) || unicode.IsDigit(c) || strings.ContainsRune("_.+", c) {
			return c
		}
		return '_'
	}, target)
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
	if n := len(res.Parts); n > 0 {
		last := res.Parts[n-1]
		for _, h := range r.heads {
			var list string
			if h.task.Text() {
				list, err = r.writeWrongTexts(h, res.Dir, last)
			} else {
				r.drawPredictions(&p, h, res.Dir, last)
				list, err = r.writeMisclassified(&p, h, res.Dir, last)
			}
			if err != nil {
				return nil, err
			}
			if list != "" {
				files.Misclassified = append(files.Misclassified, list)
			}
		}
	}
	files.Plots, err = p.wait()
	return files, err
}

// drawPredictions draws the predictions of the last split against the labels.
func (r *Report) drawPredictions(p *painter, h *headReport, dir string, last train.PartScores) {
	title := r.job.Config.Name + ", " + last.Part + " split"
	head := &h.task
	if h.name != "" {
		title += ": " + head.Name
	}
	switch head.Kind {
	case task.Category, task.Binary:
		p.draw(filepath.Join(dir, "confusion"+h.name), func(path string) error {
			return plot.DrawConfusion(path, plot.Confusion{Title: title, Classes: head.Classes, Counts: last.Scores.Heads[h.head].Confusion.Matrix()})
		})
		if h.said != nil {
			p.draw(filepath.Join(dir, "probabilities"+h.name), func(path string) error {
				return plot.DrawProbabilities(path, h.said.plot(title, r.threshold(h)))
			})
		}
	case task.Number:
		r.drawErrors(p, h, dir, title)
		targets := head.Columns
		if head.Horizon > 1 {
			targets = r.job.Schema.LabelColumns.Sources()
		}
		seen := h.seen
		for i, name := range targets {
			file := "predictions" + h.name
			if len(targets) > 1 {
				file = fmt.Sprintf("predictions%s-%d", h.name, i+1)
			}
			p.draw(filepath.Join(dir, file), func(path string) error {
				return plot.DrawScatter(path, plot.Scatter{Title: title, Target: name, Labels: seen.truth[i], Predicted: seen.pred[i], Outputs: seen.pool})
			})
		}
	}
}

// threshold is that of a binary head.
func (r *Report) threshold(h *headReport) float64 {
	switch {
	case h.task.Kind != task.Binary:
		return 0
	case h.task.Threshold > 0:
		return h.task.Threshold
	}
	return 0.5
}

// drawErrors draws the errors of a forecast by how far ahead they are predicted.
func (r *Report) drawErrors(p *painter, h *headReport, dir, title string) {
	if h.task.Horizon < 2 || len(h.seen.pred) == 0 || len(h.seen.pred[0]) == 0 {
		return
	}
	for i, name := range r.job.Schema.LabelColumns.Sources() {
		file := "errors" + h.name
		if i > 0 {
			file += fmt.Sprintf("-%d", i+1)
		}
		mean, most := h.seen.byStep(i)
		p.draw(filepath.Join(dir, file), func(path string) error {
			return plot.DrawHorizon(path, plot.Horizon{Title: title, Target: name, Errors: mean, Most: most})
		})
	}
}

// painter draws plots side by side: each takes some ten milliseconds of one thread.
type painter struct {
	paths  []string
	all    sync.WaitGroup
	mu     sync.Mutex
	failed error
}

// drawing is full while as many plots are drawn as there are threads: each takes some ten megabytes.
var drawing = make(chan struct{}, runtime.GOMAXPROCS(0))

// draw begins to draw path.svg and path.png.
func (p *painter) draw(path string, draw func(path string) error) {
	p.paths = append(p.paths, path+".png")
	p.all.Go(func() {
		drawing <- struct{}{}
		defer func() { <-drawing }()
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
