package train

import (
	"math"
	"strings"

	"dnn/pkg/dataset"
	"dnn/pkg/infer"
	"dnn/pkg/train/schedule"
)

// Epoch is what is known after a validation.
type Epoch struct {
	Epoch      int // the epoch in which it took place, from 1
	Step       int // updates so far
	Loss       float64
	Rate       float64
	Validation *infer.Scores // nil where there is no validation split
	Monitored  float64
	Best       bool // the best so far
	Wait       int  // validations since the best
}

// validate scores the validation split, decides whether this is the best state so far and whether to stop, and writes the
// line of the log.
func (t *Trainer) validate() error {
	e := Epoch{Epoch: t.pos.Epoch + 1, Step: t.pos.Step, Loss: t.pos.LossSum / t.pos.LossWeight, Rate: t.pos.Rate}
	if part := t.job.Data.Validation; part != nil {
		scores, err := t.score(part)
		if err != nil {
			return err
		}
		e.Validation = scores
	}
	e.Monitored = t.monitored(e)
	higher := t.job.HigherIsBetter()
	if o, ok := t.rate.(schedule.Observer); ok {
		t.pos.Schedule = o.Observe(t.pos.Schedule, e.Monitored, higher)
	}
	delta := 0.0
	stop := t.job.Config.Train.EarlyStopping
	if stop != nil {
		delta = stop.MinDelta
	}
	if t.pos.BestEpoch == 0 || better(e.Monitored, t.pos.Best, delta, higher) {
		t.pos.Best, t.pos.BestEpoch, t.pos.BestStep, t.pos.Wait, e.Best = e.Monitored, e.Epoch, e.Step, 0, true
	} else {
		t.pos.Wait++
	}
	e.Wait = t.pos.Wait
	t.pos.Stopped = stop != nil && t.pos.Wait >= stop.Patience
	if e.Best {
		if err := t.saveBest(); err != nil {
			return err
		}
	}
	t.opts.Watch.Epoch(e)
	return t.log.write(e)
}

// better reports whether x improves on best by more than delta. What is not a number improves on nothing, and any number
// on it.
func better(x, best, delta float64, higher bool) bool {
	switch {
	case math.IsNaN(x):
		return false
	case math.IsNaN(best):
		return true
	case higher:
		return x > best+delta
	}
	return x < best-delta
}

// monitored is the figure that train.monitor names.
func (t *Trainer) monitored(e Epoch) float64 {
	name, ok := strings.CutPrefix(t.job.Config.Train.Monitor, "validation_")
	if !ok || e.Validation == nil {
		return e.Loss
	}
	return e.Validation.Get(name)
}

// sampleTexts is for how many rows texts are written where a sample will do: in validations, and at last of the training split.
const sampleTexts = 200

// score scores a split with the current weights; a fast run takes a few batches only.
func (t *Trainer) score(part *dataset.Part) (*infer.Scores, error) {
	if t.opts.Fast {
		part = part.First(fastBatches * t.job.Config.Train.BatchSize)
	}
	return infer.Score(t.runner, part, infer.Scoring{Texts: sampleTexts})
}
