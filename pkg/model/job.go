package model

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"dnn/pkg/dataset"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/graph/op"
	"dnn/pkg/layers"
	"dnn/pkg/metrics"
	"dnn/pkg/spec"
	"dnn/pkg/task"
	"dnn/pkg/train/optim"
)

// Job is a spec that was checked against its data: everything a training needs.
type Job struct {
	Network
	Data   *dataset.Data
	Layers []layers.Info // at the spec's batch size
}

// Open decodes a spec, reads its data and holds one against the other. All mistakes are found in one go; the error is a
// *spec.Error that lists them. Nothing is written, unless options ask for it.
func Open(d *spec.Document, options ...dataset.Option) (*Job, error) {
	var p spec.Problems
	j := open(d, &p, options)
	if p.Len() > 0 {
		blame(d, &p)
		return nil, p.Err(d)
	}
	if j.Data.Train == nil || j.Data.Train.Rows() == 0 {
		return nil, fmt.Errorf("%s: the dataset has no rows to train on", d.File)
	}
	return j, nil
}

// open does the work of Open, for a spec with mistakes too.
func open(d *spec.Document, p *spec.Problems, options []dataset.Option) *Job {
	c := Decode(d, p)
	j := &Job{Network: Network{Config: c, Dir: filepath.Dir(d.File)}}
	separate := layers.Headed(c.Layers)
	if separate {
		options = append(slices.Clip(options), dataset.SeparateHeads())
	}
	j.Data = dataset.Load(&c.Dataset, filepath.Dir(d.File), c.Seed, p, options...)
	if j.Data.Train != nil {
		j.rows = j.Data.Train.Rows()
	}
	j.Schema, j.Digest, j.lost = j.Data.Schema, j.Data.Digest, j.Data.Lost
	j.Heads = j.Data.KnownHeads(&c.Dataset, separate, p)
	j.checkStateful(p)
	j.checkNames("metrics", c.Metrics.Names, len(c.Metrics.One) > 0, p)
	before := p.Len()
	j.checkNames("loss", c.Loss.Names, c.Loss.One != nil, p)
	j.Config = settle(c, j.Heads, j.Data.Validation != nil, p)
	j.settleNaive()
	j.checkNet(&c.Loss, before, p)
	j.checkScores(p)
	if p.Len() == 0 {
		j.Schema = j.Schema.WithBuckets(j.buckets())
		j.Data = j.Data.WithSchema(j.Schema)
		j.noteCut()
		j.noteShort()
	}
	return j
}

// checkNet builds the net once for the spec's batch size and lets the losses, of which the spec asks for some, look at its
// output. before is how many mistakes there were before the losses were looked at.
func (j *Job) checkNet(asked *Losses, before int, p *spec.Problems) {
	batch := max(1, j.Config.Train.BatchSize)
	if j.Data.Train != nil {
		batch = max(1, min(batch, j.Data.Train.Rows()))
	}
	b := graph.NewBuilder()
	outs, infos := j.forward(b, Rows(batch), true, p)
	j.Layers = infos
	for k, out := range outs {
		if l, given := j.lossToCheck(k, asked); l != nil {
			end := j.end(b, k, out, p)
			j.checkOutput(k, out, given, func(p *spec.Problems) { l.Check(j.Heads[k], end, p) }, p)
		}
	}
	for k, out := range outs {
		if _, known := out.Known(); known && p.Len() == before {
			j.checkSteps(k, out.Value, Rows(batch), p)
		}
	}
	if j.Config.Optimizer != nil && b.Weights() != nil && !p.Under("layers") {
		optim.Check(j.Config.Optimizer, b.Weights(), p)
	}
	if p.Len() == before {
		checkWeights(b.Weights(), infos, p)
	}
}

// checkWeights notes a net that has nothing to train, or more than leaves memory for any batch: then it blames the layer that
// has most.
func checkWeights(weights *graph.Var, infos []layers.Info, p *spec.Problems) {
	if weights == nil {
		p.Add("layers", "no layer has parameters to train")
		return
	}
	n := float64(weights.Value.Shape.Size())
	if need, have := 8*n, float64(exec.Memory()); have > 0 && need > have {
		path, own, largest := largestLayer(weights, infos)
		p.Add(path, "has %.3g of the net's %.3g parameters, %s %v among them; with their gradient they need %.1f GB of memory, and this machine has %.1f GB",
			own, n, largest.Role, largest.Shape, need/1e9, have/1e9)
	}
}

// largestLayer is the path of the layer with most parameters, how many it has, and the largest of them.
func largestLayer(weights *graph.Var, infos []layers.Info) (path string, own float64, largest graph.Param) {
	path = "layers"
	sizes, most := map[string]float64{}, map[string]graph.Param{}
	for _, q := range weights.Params {
		size := float64(q.Shape.Size())
		sizes[q.Layer] += size
		if size > float64(most[q.Layer].Shape.Size()) || most[q.Layer].Shape == nil {
			most[q.Layer] = q
		}
	}
	for i := range infos {
		if size := sizes[infos[i].Name]; size > own {
			path, own, largest = infos[i].Path, size, most[infos[i].Name]
		}
	}
	return path, own, largest
}

// end is the output of head k as far as mistakes in the layers leave it known, for the loss to look at.
func (j *Job) end(b *graph.Builder, k int, out layers.Signal, p *spec.Problems) *graph.Value {
	width, all := out.Known()
	rows, last := out.Rows(), out.Value.Shape.Last()
	unknown := "not known." + j.Heads[k].Name
	switch at := j.layerOf(k); {
	case !width || at == "":
		return b.Input(unknown, graph.Floats())
	case p.Under(at): // what the net ends in may be another
		return b.Input(unknown, graph.Floats(rows, last))
	case !all && j.Heads[k].Sequence():
		return op.Reshape(b, out.Value, -1, 1, last)
	case !all:
		return op.Reshape(b, out.Value, -1, last)
	}
	return out.Value
}

// checkScores holds metrics and the monitored figure against the heads.
func (j *Job) checkScores(p *spec.Problems) {
	for k, h := range j.Heads {
		if h.Known() && !p.Under("dataset.target") { // else the target may be another
			checkMetrics(metricsPath(&j.Config.Metrics, h.Name), j.Metrics(k), h, p)
		}
	}
	j.checkMonitor(p)
}

// checkMetrics notes metrics that do not fit the head, those for the same reason together.
func checkMetrics(path string, list []metrics.Metric, head task.Head, p *spec.Problems) {
	alike := map[string][]string{} // the metrics by what is wrong with them
	first, told := map[string]int{}, make([]string, len(list))
	for i, m := range list {
		if m == nil {
			continue
		}
		if err := m.Fits(head); err != nil {
			why := err.Error()
			if misfit := (*metrics.Misfit)(nil); errors.As(err, &misfit) {
				why = misfit.Why
			}
			if alike[why] = append(alike[why], spec.KeyOf(m)); len(alike[why]) == 1 {
				first[why] = i
			}
		}
	}
	for why, keys := range alike {
		text := keys[0] + " " + why
		if len(keys) > 1 {
			text += "; so it is with " + strings.Join(keys[1:], ", ")
		}
		told[first[why]] = text
	}
	for i, text := range told {
		if text != "" {
			p.Add(fmt.Sprintf("%s[%d]", path, i), "%s", text)
		}
	}
}

// checkMonitor looks the monitored figure up among those that there are, or, when mistakes keep some of the metrics from
// being known, among those that there may be.
func (j *Job) checkMonitor(p *spec.Problems) {
	path, name := "train.monitor", j.Config.Train.Monitor
	if s := j.Config.Train.EarlyStopping; s != nil && s.Monitor != "" {
		path = "train.early_stopping.monitor"
	}
	known := j.figures(p)
	if slices.Contains(known, name) {
		return
	}
	if p.Under("metrics") || !j.anyMetrics() {
		word, _, _ := strings.Cut(strings.TrimPrefix(name, "validation_"), "_")
		begins := func(key string) bool { return key == word || strings.HasPrefix(key, word+"_") }
		if slices.ContainsFunc(metrics.Registry.Keys(), begins) {
			return
		}
	}
	p.Add(path, "no figure is called %q%s", name, spec.DidYouMean(name, known))
}

// figures lists what can be monitored. Data with mistakes may have a validation split.
func (j *Job) figures(p *spec.Problems) []string {
	names := []string{"training_loss"}
	if j.Data.Validation == nil && !p.Under("dataset") {
		return names
	}
	names = append(names, "validation_loss")
	for k := range j.Heads {
		if len(j.Heads) > 1 {
			names = append(names, "validation_"+j.Figure(k, "loss"))
		}
		list := slices.DeleteFunc(slices.Clone(j.Metrics(k)), func(m metrics.Metric) bool { return m == nil })
		for i, name := range metrics.Names(list) {
			if list[i].Goal() != metrics.NoGoal {
				names = append(names, "validation_"+j.Figure(k, name))
			}
		}
	}
	return names
}

// HigherIsBetter tells in which direction the monitored figure improves.
func (n *Network) HigherIsBetter() bool {
	for k := range n.Heads {
		list := n.Metrics(k)
		for i, name := range metrics.Names(list) {
			if "validation_"+n.Figure(k, name) == n.Config.Train.Monitor {
				return metrics.HigherIsBetter(list[i])
			}
		}
	}
	return false
}

// Summarize lists the layers of a net with shapes, parameters, work and memory for batches of so many rows in training.
func (n *Network) Summarize(batch int) (rows []layers.Row, total layers.Row, err error) {
	b := graph.NewBuilder()
	var p spec.Problems
	_, infos := n.forward(b, n.Usual(batch), true, &p)
	g, err := b.Finish()
	if err != nil {
		return nil, total, err
	}
	rows, total = layers.Summarize(g, infos)
	return rows, total, nil
}
