package model

import (
	"fmt"
	"slices"
	"strings"

	"dnn/internal/phrase"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/graph/op"
	"dnn/pkg/layers"
	"dnn/pkg/spec"
	"dnn/pkg/train/optim"
)

// checkNet builds the net once for the spec's batch size and lets the losses, of which the spec asks for some, look at its
// output. before is how many mistakes there were before the losses were looked at.
func (j *Job) checkNet(asked *Losses, before int, p *spec.Problems) {
	batch := max(1, j.Config.Train.BatchSize)
	if j.Data.Train != nil {
		batch = max(1, min(batch, j.Data.Train.Rows()))
	}
	b := graph.NewBuilder()
	c := &compiler{net: &j.Network, b: b, shape: Rows(batch), training: true, p: p, taken: map[string]bool{}}
	outs, infos := c.forward()
	j.Layers = infos
	for k, out := range outs {
		if l, given := j.lossToCheck(k, asked); l != nil {
			end := j.end(b, k, out, p)
			j.checkOutput(k, out, given, func(p *spec.Problems) { l.Check(j.Heads[k], end, p) }, p)
		}
	}
	for k, out := range outs {
		if _, known := out.Known(); known && p.Len() == before {
			j.checkSteps(c, k, out.Value)
		}
	}
	if j.Config.Optimizer != nil && b.Weights() != nil && !p.Under("layers") {
		optim.Check(j.Config.Optimizer, b.Weights(), p)
	}
	if p.Len() == before && !p.Under("layers") {
		if checkFreeze(j, b.Weights(), infos, p); !p.Under("train.freeze") {
			checkWeights(b.Weights(), infos, p)
		}
		checkRecompute(j, infos, p)
		checkQuantize(j, b.Vars(), infos, p)
		checkPrune(j, b.Weights(), infos, p)
		tellUnused(j, c.taken)
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

// checkFreeze notes patterns of train.freeze that match no layer, and a net of which nothing is left to train.
func checkFreeze(j *Job, weights *graph.Var, infos []layers.Info, p *spec.Problems) {
	const path = "train.freeze"
	freeze := j.Config.Train.Freeze
	noteUnmatched(path, freeze, infos, nil, p)
	switch {
	case len(freeze) == 0:
	case !slices.ContainsFunc(freeze, func(pattern string) bool { return !strings.HasPrefix(pattern, "!") }):
		p.Add(path, `names only layers that are to learn; ["*", %q] freezes all others`, freeze[0])
	case weights == nil && !p.Under(path):
		p.Add(path, "freezes all layers that have parameters: there is nothing to train")
	}
}

// noteUnmatched notes patterns that match no layer; words are others that may be meant.
func noteUnmatched(path string, patterns layers.Freezing, infos []layers.Info, words []string, p *spec.Problems) {
	names := make([]string, len(infos))
	for k := range infos {
		names[k] = infos[k].Name
	}
	for _, i := range patterns.Unmatched(infos) {
		pattern := strings.TrimPrefix(patterns[i], "!")
		hint := p.DidYouMean(pattern, func() []string { return slices.Concat(words, names) })
		p.Add(fmt.Sprintf("%s[%d]", path, i), "no layer is called %q%s; the layers are: %s", pattern, hint, phrase.List(names))
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
