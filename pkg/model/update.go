package model

import (
	"cmp"
	"slices"

	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/graph/grad"
	"dnn/pkg/graph/op"
	"dnn/pkg/hints"
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

// optimized is a flat array of parameters with the gradient of the objective by them.
type optimized struct {
	flat   *graph.Var
	grads  *graph.Value // laid out like the array
	prefix string       // of the names of what training keeps for it; "" for the weights of the net
}

// gradients returns the gradient of the objective by all trained parameters: those of the net, and those that only training has.
func gradients(b *graph.Builder, objective *graph.Value, projections []param) []optimized {
	list := params(b)
	var wrt []*graph.Value
	for _, p := range slices.Concat(list, projections) {
		wrt = append(wrt, p.view)
	}
	all := grad.Build(b, objective, nil, wrt)
	b.Scope, b.Stage = optimizerScope, graph.Backward
	found := []optimized{{flat: b.Weights(), grads: pack(b, b.Weights(), list, all)}}
	if len(projections) > 0 {
		flat := b.Var(hints.Projection, graph.Slot, nil, nil)
		found = append(found, optimized{flat, pack(b, flat, projections, all[len(list):]), hints.Projection + "."})
	}
	return found
}

// pack lays gradients out like the array of their parameters.
func pack(b *graph.Builder, flat *graph.Var, list []param, grads []*graph.Value) *graph.Value {
	var parts []*graph.Value
	var offsets []int
	for i := range list {
		if g := grads[i]; g != nil { // a parameter that the loss does not depend on has gradient zero
			parts, offsets = append(parts, g), append(offsets, list[i].Offset)
		}
	}
	return op.Pack(b, flat.Value.Shape.Size(), offsets, parts...)
}

// leastWeight replaces a weight of zero: one over it is still a number.
const leastWeight = 0x1p-126

// update adds the optimizer's nodes. The gradients are those of Σ weight·loss; dividing by Σ weight makes them those of the
// mean, also when both were summed up over several batches.
func (c *compiler) update(list []optimized, weight *graph.Value, role Accumulation) {
	b := c.b
	b.Scope, b.Stage = optimizerScope, graph.Update
	if role != Alone {
		if weight = accumulate(b, list, weight, role); role == Adding {
			return
		}
	}
	if weight.Node.Leaf != graph.Constant { // rows that all weigh nothing have gradient zero, not 0/0
		weight = op.Maximum(b, weight, b.Scalar(leastWeight))
	}
	for _, t := range list {
		updateOf(c, t, weight)
	}
}

// accumulate adds gradients and their weight to the sums that earlier batches left, and empties these when the sums are used.
func accumulate(b *graph.Builder, list []optimized, weight *graph.Value, role Accumulation) *graph.Value {
	var sums []*graph.Var
	for _, t := range list {
		sums = append(sums, b.Var(t.prefix+varGradient, graph.Slot, t.flat.Value.Shape, nil))
	}
	total := b.Var(varGradWeight, graph.Slot, graph.Shape{}, nil)
	for i, sum := range sums {
		list[i].grads = op.Add(b, sum.Value, list[i].grads)
	}
	weight = op.Add(b, total.Value, weight)
	for i, sum := range sums {
		next := list[i].grads
		if role == Ending {
			next = b.Const(sum.Value.Shape, make([]float32, sum.Value.Shape.Size()))
		}
		b.Assign(sum, next)
	}
	if role == Ending {
		b.Assign(total, b.Scalar(0))
	} else {
		b.Assign(total, weight)
	}
	return weight
}

// updateOf adds the update of one array. What train says of weights, pruning and averages, holds for those of the net.
func updateOf(c *compiler, t optimized, weight *graph.Value) {
	b, config, grads := c.b, c.net.Config, t.grads
	ours := t.flat == b.Weights()
	var mask *graph.Value
	if ours {
		mask = kept(c)
	}
	if mask != nil {
		grads = op.Keep(b, grads, mask)
	}
	scale := op.Div(b, b.Scalar(1), weight)
	if clip := config.Train.GradientClip; clip != nil {
		if clip.Norm > 0 {
			var norm *graph.Value
			scale, norm = optim.ClipNorm(b, grads, scale, clip.Norm)
			if ours {
				b.SetOutput(OutNorm, norm)
			}
		} else {
			grads, scale = optim.ClipValue(b, grads, scale, clip.Value)
		}
	}
	next := config.Optimizer.Update(&optim.Update{
		B: b, Prefix: t.prefix, Weights: t.flat, Grads: grads, Scale: scale, Kept: mask,
		Rate: b.Input(FeedRate, graph.Floats()), Step: b.Input(FeedUpdate, graph.Ints()),
	})
	if avg := config.Train.WeightAverage; avg != nil && ours {
		mean := b.Var(VarAverage, graph.Slot, t.flat.Value.Shape, t.flat.Init)
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
