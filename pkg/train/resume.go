package train

import (
	"encoding/json"
	"fmt"
	"math"

	"dnn/pkg/dataset/augment"
	"dnn/pkg/layers"
	"dnn/pkg/model"
	"dnn/pkg/pruning"
	"dnn/pkg/spec"
	"dnn/pkg/train/optim"
	"dnn/pkg/train/schedule"
)

// Misfit says why a checkpoint cannot be resumed: it is no such thing, or was written for another training.
type Misfit struct{ text string }

func (m *Misfit) Error() string { return m.text }

func misfit(format string, args ...any) error { return &Misfit{fmt.Sprintf(format, args...)} }

// resume takes over weights, optimizer state and position of a checkpoint. More epochs than before are taken, other
// data is refused.
func (t *Trainer) resume(f *model.File) error {
	if f.Position == nil {
		return misfit("%s holds a finished model, not a training that can be resumed; use %s of the run's folder", f.Path, LastFile)
	}
	t.pos = Position{}
	if err := json.Unmarshal(f.Position, &t.pos); err != nil {
		return misfit("%s: its position cannot be read: %v", f.Path, err)
	}
	t.pos.readFigures()
	if t.pos.By == "" && t.pos.BestEpoch > 0 {
		t.pos.By = f.Net.Config.Train.Monitor
	}
	switch {
	case t.pos.Fast && !t.opts.Fast:
		return misfit("%s is a trial (--fast), which continues as such only; start a new run for the whole training", f.Path)
	case !t.pos.Fast && t.opts.Fast:
		return misfit("%s is a whole training, which --fast would cut short: leave --fast out", f.Path)
	}
	if t.pos.Digest != t.job.Data.Digest {
		return misfit("%s was trained on other data than the spec names now (the files changed, or it is another dataset); start anew, or bring the data back", f.Path)
	}
	if what := differs(&f.Net.Config.Train, &t.job.Config.Train, f.Net, &t.job.Network); what != "" {
		return misfit("%s was trained with another %s; only the length of a training and what is reported may change when it is resumed", f.Path, what)
	}
	t.state = f.State
	if _, err := t.program(t.firstKey()); err != nil {
		return misfit("%s does not fit the spec: %v", f.Path, err)
	}
	if o, ok := t.rate.(schedule.Observer); ok {
		if err := o.CheckObserved(t.pos.Schedule); err != nil {
			return misfit("%s: %v", f.Path, err)
		}
	}
	t.pos.Done = false
	if t.pos.By != "" && f.Net.Config.Train.Monitor != t.job.Config.Train.Monitor && t.pos.By != t.job.Config.Train.Monitor {
		t.former = t.pos.By
		t.pos.Stopped = false
		return nil
	}
	if stop := t.job.Config.Train.EarlyStopping; stop == nil || t.pos.Wait < stop.Patience {
		t.pos.Stopped = false
	}
	return nil
}

// readFigures reads those that a position has as texts.
func (p *Position) readFigures() {
	p.Best = readFigure(p.BestText)
	if p.Reference = p.Best; p.RefText != "" { // older checkpoints have none
		p.Reference = readFigure(p.RefText)
	}
}

// readFigure reads a figure of a checkpoint, which may be no number.
func readFigure(text string) (x float64) {
	if _, err := fmt.Sscan(text, &x); err != nil {
		return math.NaN()
	}
	return x
}

// differs names the first setting that two specs do not share though the bits of a training depend on it.
func differs(a, b *model.Training, x, y *model.Network) string {
	encode := func(v any) string { return string(spec.Encode(v)) }
	type portions struct {
		BatchSize, Accumulate int
		Shards                int
		Shuffle, Group        bool
		Stateful              bool
		Unroll                int
		Clip                  *model.Clip
		Average               *model.WeightAverage
		Freeze                layers.Freezing
		Quantize              *model.Quantization
		Prune                 *pruning.Gradual
		Precision             *model.Precision
		Distill               *model.Distill
	}
	sections := []struct {
		name string
		a, b any
	}{
		{"augmentation (dataset.augment)", struct{ A []augment.Augmentation }{x.Config.Dataset.Augment}, struct{ A []augment.Augmentation }{y.Config.Dataset.Augment}},
		{"seed", struct{ S uint64 }{x.Config.Seed}, struct{ S uint64 }{y.Config.Seed}},
		{"net (layers)", struct{ L []layers.Entry }{nameless(x.Config.Layers)}, struct{ L []layers.Entry }{nameless(y.Config.Layers)}},
		{"loss", struct{ L model.Losses }{x.Config.Loss}, struct{ L model.Losses }{y.Config.Loss}},
		{"optimizer", struct{ O optim.Optimizer }{x.Config.Optimizer}, struct{ O optim.Optimizer }{y.Config.Optimizer}},
		{
			"batch_size, accumulate, shards, shuffle, group_by_length, stateful, unroll, gradient_clip, weight_average, freeze, quantize, prune, precision or distill",
			portions{a.BatchSize, a.Accumulate, a.Shards, a.Shuffle, a.GroupByLength, a.Stateful, a.Unroll, a.GradientClip, a.WeightAverage, a.Freeze, a.Quantize, a.Prune, a.Precision, a.Distill.Nameless()},
			portions{b.BatchSize, b.Accumulate, b.Shards, b.Shuffle, b.GroupByLength, b.Stateful, b.Unroll, b.GradientClip, b.WeightAverage, b.Freeze, b.Quantize, b.Prune, b.Precision, b.Distill.Nameless()},
		},
	}
	for _, s := range sections {
		if encode(s.a) != encode(s.b) {
			return s.name
		}
	}
	old, err := json.Marshal(x.Schema)
	now, err2 := json.Marshal(y.Schema)
	if err != nil || err2 != nil || string(old) != string(now) {
		return "encoding of the data"
	}
	return ""
}

// nameless are layers without the names of files that they began with, whose paths depend on where a spec lies.
func nameless(list []layers.Entry) []layers.Entry {
	other, err := layers.WithFiles(list, func(path *string) { *path = "" })
	if err != nil {
		return list
	}
	return other
}

// firstKey is a program that has all variables of the training.
func (t *Trainer) firstKey() key {
	c := &t.job.Config.Train
	rows := min(c.BatchSize, t.job.Data.Train.Rows())
	k := key{shape: t.job.ChunkShape(c.StepRows(rows)), kind: wholeStep, role: model.Alone}
	if c.Accumulate > 1 {
		k.role = model.Ending
	}
	if c.Shards > 0 {
		k.kind = updating
	}
	return k
}
