package model

import (
	"cmp"
	"slices"

	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/graph/grad"
	"dnn/pkg/graph/op"
	"dnn/pkg/layers"
	"dnn/pkg/pruning"
	"dnn/pkg/spec"
	"dnn/pkg/train/optim"
)

// penalty is Σ l1·|w| + l2·w² over all parameters that have one, or nil.
func penalty(b *graph.Builder) *graph.Value {
	b.Scope = penaltyScope
	var total *graph.Value
	add := func(c float64, terms *graph.Value) {
		axes := make([]int, terms.Shape.Rank())
		for i := range axes {
			axes[i] = i
		}
		t := op.Scale(b, op.Sum(b, terms, axes, false), c)
		if total == nil {
			total = t
		} else {
			total = op.Add(b, total, t)
		}
	}
	for _, p := range params(b) {
		if p.L1 > 0 {
			add(p.L1, op.Abs(b, p.view))
		}
		if p.L2 > 0 {
			add(p.L2, op.Square(b, p.view))
		}
	}
	return total
}

type param struct {
	graph.Param
	view *graph.Value
}

// params lists the trained parameters with the views that the layers read.
func params(b *graph.Builder) []param {
	flat := b.Weights()
	views := map[int]*graph.Value{}
	for _, v := range b.Values() {
		if v.Node.Op == graph.View && v.Node.Inputs[0] == flat.Value {
			views[v.Node.Attrs.(graph.ViewAttrs).Offset] = v
		}
	}
	var list []param
	for _, p := range flat.Params {
		list = append(list, param{p, views[p.Offset]})
	}
	slices.SortFunc(list, func(a, b param) int { return cmp.Compare(a.Offset, b.Offset) })
	return list
}

// gradients returns the gradient of the objective by all trained parameters, laid out like the weights.
func gradients(b *graph.Builder, objective *graph.Value) *graph.Value {
	var wrt []*graph.Value
	list := params(b)
	for _, p := range list {
		wrt = append(wrt, p.view)
	}
	var parts []*graph.Value
	var offsets []int
	for i, g := range grad.Build(b, objective, nil, wrt) {
		if g != nil { // a parameter that the loss does not depend on has gradient zero
			parts, offsets = append(parts, g), append(offsets, list[i].Offset)
		}
	}
	b.Scope, b.Stage = optimizerScope, graph.Backward
	return op.Pack(b, b.Weights().Value.Shape.Size(), offsets, parts...)
}

// leastWeight replaces a weight of zero: one over it is still a number.
const leastWeight = 0x1p-126

// update adds the optimizer's nodes. grads is the gradient of Σ weight·loss; dividing by Σ weight makes it that of the
// mean, also when both were summed up over several batches.
func (c *compiler) update(grads, weight *graph.Value, role Accumulation) {
	b, config := c.b, c.net.Config
	b.Scope, b.Stage = optimizerScope, graph.Update
	flat := b.Weights()
	if role != Alone {
		sum := b.Var(varGradient, graph.Slot, flat.Value.Shape, nil)
		total := b.Var(varGradWeight, graph.Slot, graph.Shape{}, nil)
		grads, weight = op.Add(b, sum.Value, grads), op.Add(b, total.Value, weight)
		if role == Adding {
			b.Assign(sum, grads)
			b.Assign(total, weight)
			return
		}
		b.Assign(sum, b.Const(flat.Value.Shape, make([]float32, flat.Value.Shape.Size())))
		b.Assign(total, b.Scalar(0))
	}
	if weight.Node.Leaf != graph.Constant { // rows that all weigh nothing have gradient zero, not 0/0
		weight = op.Maximum(b, weight, b.Scalar(leastWeight))
	}
	mask := kept(c)
	if mask != nil {
		grads = op.Keep(b, grads, mask)
	}
	scale := op.Div(b, b.Scalar(1), weight)
	if clip := config.Train.GradientClip; clip != nil {
		if clip.Norm > 0 {
			var norm *graph.Value
			scale, norm = optim.ClipNorm(b, grads, scale, clip.Norm)
			b.SetOutput(OutNorm, norm)
		} else {
			grads, scale = optim.ClipValue(b, grads, scale, clip.Value)
		}
	}
	next := config.Optimizer.Update(&optim.Update{
		B: b, Weights: flat, Grads: grads, Scale: scale, Kept: mask,
		Rate: b.Input(FeedRate, graph.Floats()), Step: b.Input(FeedUpdate, graph.Ints()),
	})
	if avg := config.Train.WeightAverage; avg != nil {
		mean := b.Var(VarAverage, graph.Slot, flat.Value.Shape, flat.Init)
		average := op.Lerp(b, mean.Value, next, 1-avg.Decay)
		if mask != nil {
			average = op.Keep(b, average, mask)
		}
		b.Assign(mean, average)
	}
}

// Compression is what makes a net smaller while it is trained.
type Compression struct {
	Prune *pruning.Gradual `doc:"set weights to zero in the course of the training, ever more between begin and end; they stay zero. Weights are the best, and early stopping counts, only once all that are to be pruned are (default: none)"`
}

// checkCompression notes what does not go together.
func (t *Training) checkCompression(path string, p *spec.Problems) {
	if t.Prune != nil && t.Precision.weights() {
		p.Add(path+".prune", "does not go with precision.weights: zeros have to stay as they are; leave one of both out")
	}
}

// checkPrune notes layers to prune that the net does not have, and a pruning that takes nothing, or all of a layer.
func checkPrune(j *Job, weights *graph.Var, infos []layers.Info, p *spec.Problems) {
	const path = "train.prune"
	s := j.Config.Train.Prune
	if s == nil || weights == nil || p.Under(path) {
		return
	}
	noteUnmatched(path+".layers", s.Layers, infos, nil, p)
	noteUnmatched(path+".exclude", s.Exclude, infos, nil, p)
	if p.Under(path) {
		return
	}
	if !slices.ContainsFunc(weights.Params, s.Takes) {
		p.Add(path, "there is nothing to prune: none of these layers has weights that are trained; biases, norms and embeddings that are not named are left as they are")
	}
	for _, q := range s.Emptied(weights.Params) {
		p.Add(path+".sparsity", "%v leaves none of the %d weights of %s; exclude the layer (exclude: [%s]), or take less", s.Sparsity, q.Shape.Size(), q.Name, q.Layer)
	}
}

// kept is which weights of an update may be other than zero; nil where none are pruned.
func kept(c *compiler) *graph.Value {
	prune := c.net.Config.Train.Prune
	if prune == nil {
		return nil
	}
	var spans []op.Span
	for _, q := range c.b.Weights().Params {
		if prune.Takes(q) {
			spans = append(spans, op.Span{Lo: q.Offset, Hi: q.Offset + q.Shape.Size()})
		}
	}
	slices.SortFunc(spans, func(a, b op.Span) int { return a.Lo - b.Lo })
	return op.PruneMask(c.b, c.b.Weights().Value, c.b.Input(FeedPruned, graph.Floats()), spans)
}

// Pruned lists the parameters of a state that train.prune takes, with the memory of their weights; nil where it takes none.
func Pruned(n *Network, state *exec.State) (list []pruning.Weights) {
	prune, data := n.Config.Train.Prune, state.Data(VarWeights)
	if prune == nil || data == nil {
		return nil
	}
	for _, q := range state.Params(VarWeights) {
		if prune.Takes(q) {
			list = append(list, pruning.Weights{Param: q, Values: data[q.Offset : q.Offset+q.Shape.Size()]})
		}
	}
	return list
}
