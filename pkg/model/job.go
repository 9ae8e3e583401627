package model

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"dnn/pkg/dataset"
	"dnn/pkg/graph"
	"dnn/pkg/layers"
	"dnn/pkg/metrics"
	"dnn/pkg/spec"
	"dnn/pkg/train/loss"
	"dnn/pkg/train/optim"
)

// Job is a spec that was checked against its data: everything a training needs.
type Job struct {
	Network
	Data   *dataset.Data
	Layers []layers.Info // at the spec's batch size
}

// Open decodes a spec, reads its data and holds one against the other. All mistakes are found in one go; the error is a
// *spec.Error that lists them. Nothing is written.
func Open(d *spec.Document) (*Job, error) {
	var p spec.Problems
	c := Decode(d, &p)
	j := &Job{Network: Network{Config: c, Dir: filepath.Dir(d.File)}}
	if c.Dataset.Format != nil {
		j.Data = dataset.Load(&c.Dataset, filepath.Dir(d.File), c.Seed, &p)
	}
	if j.Data != nil && j.Data.Schema != nil {
		j.Schema, j.Digest = j.Data.Schema, j.Data.Digest
		j.Target = targetOf(j.Data, !p.Under("dataset"))
	}
	j.checkNet(&p)
	j.checkScores(&p)
	if err := p.Err(d); err != nil {
		return nil, err
	}
	if j.Data == nil || j.Data.Train == nil || j.Data.Train.Rows() == 0 {
		return nil, fmt.Errorf("%s: the dataset has no rows to train on", d.File)
	}
	return j, nil
}

// targetOf tells the loss what the data wants predicted.
func targetOf(data *dataset.Data, known bool) loss.Target {
	t := data.Schema.Target
	out := loss.Target{Kind: t.Kind, Names: t.Names, Width: t.Width, Classes: t.Classes, Known: known && t.Kind != ""}
	if data.Train != nil && t.Kind != "" {
		out.Rows = float64(data.Train.Rows())
		for _, n := range data.Train.ClassCounts() {
			out.Counts = append(out.Counts, float64(n))
		}
	}
	return out
}

// checkNet builds the net once for the spec's batch size and lets the loss look at its output.
func (j *Job) checkNet(p *spec.Problems) {
	if len(j.Config.Layers) == 0 {
		return
	}
	batch := max(1, j.Config.Train.BatchSize)
	if j.Data != nil && j.Data.Train != nil {
		batch = max(1, min(batch, j.Data.Train.Rows()))
	}
	b := graph.NewBuilder()
	before := p.Len()
	out, infos := j.forward(b, batch, true, p)
	j.Layers = infos
	if j.Config.Loss == nil && !p.Under("loss") && j.Target.Known {
		j.Config.Loss = spec.New[loss.Loss](loss.Default(j.Target))
	}
	if j.Config.Loss == nil || !j.Target.Known || out.Unknown() {
		return
	}
	j.Config.Loss.Check(j.Target, out.Value, p)
	if j.Config.Optimizer != nil && b.Weights() != nil {
		optim.Check(j.Config.Optimizer, b.Weights(), p)
	}
	if p.Len() == before && !j.trains(b) {
		p.Add("layers", "no layer has parameters to train")
	}
}

func (j *Job) trains(b *graph.Builder) bool { return b.Weights() != nil }

// checkScores holds metrics and the monitored figure against the target.
func (j *Job) checkScores(p *spec.Problems) {
	c := j.Config
	if !j.Target.Known {
		return
	}
	task := j.Task()
	if len(c.Metrics) == 0 && !p.Under("metrics") {
		c.Metrics = metrics.Default(task)
	}
	for i, m := range c.Metrics {
		if m == nil {
			continue
		}
		if err := m.Fits(task); err != nil {
			p.Add(fmt.Sprintf("metrics[%d]", i), "%v", err)
		}
	}
	if p.Under("metrics") {
		return
	}
	if c.Train.Monitor == "" {
		c.Train.Monitor = "training_loss"
		if j.Data.Validation != nil {
			c.Train.Monitor = "validation_loss"
		}
		return
	}
	path := "train.monitor"
	if s := c.Train.EarlyStopping; s != nil && s.Monitor != "" {
		path = "train.early_stopping.monitor"
	}
	known := j.Figures()
	if !slices.Contains(known, c.Train.Monitor) {
		p.Add(path, "no figure is called %q%s", c.Train.Monitor, spec.DidYouMean(c.Train.Monitor, known))
	}
}

// Figures lists what can be monitored.
func (j *Job) Figures() []string {
	names := []string{"training_loss"}
	if j.Data.Validation == nil {
		return names
	}
	names = append(names, "validation_loss")
	for i, name := range metrics.Names(j.Config.Metrics) {
		if j.Config.Metrics[i].Goal() != metrics.NoGoal {
			names = append(names, "validation_"+name)
		}
	}
	return names
}

// HigherIsBetter tells in which direction the monitored figure improves.
func (n *Network) HigherIsBetter() bool {
	name := strings.TrimPrefix(n.Config.Train.Monitor, "validation_")
	for i, m := range metrics.Names(n.Config.Metrics) {
		if m == name && name != n.Config.Train.Monitor {
			return metrics.HigherIsBetter(n.Config.Metrics[i])
		}
	}
	return false
}

// Task tells the metrics what the net's numbers mean.
func (n *Network) Task() metrics.Task {
	t := metrics.Task{Targets: n.Schema.Target.Names, Classes: n.Target.Classes}
	switch {
	case n.Target.Kind == "category":
		t.Kind = metrics.MultiClass
	case n.Target.Kind == "binary" && n.Target.Width == 1:
		t.Kind = metrics.Binary
	case n.Target.Kind == "binary":
		t.Kind = metrics.MultiLabel
		t.Classes = n.Schema.Target.Names
	default:
		t.Kind = metrics.Regression
	}
	return t
}

// Summarize lists the layers of a net with shapes, parameters, work and memory for batches of so many rows in training.
func (n *Network) Summarize(batch int) (rows []layers.Row, total layers.Row, err error) {
	b := graph.NewBuilder()
	var p spec.Problems
	_, infos := n.forward(b, batch, true, &p)
	g, err := b.Finish()
	if err != nil {
		return nil, total, err
	}
	rows, total = layers.Summarize(g, infos)
	return rows, total, nil
}
