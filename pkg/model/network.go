package model

import (
	"cmp"
	"fmt"
	"slices"

	"dnn/pkg/dataset"
	"dnn/pkg/graph"
	"dnn/pkg/graph/grad"
	"dnn/pkg/graph/op"
	"dnn/pkg/graph/pass"
	"dnn/pkg/layers"
	"dnn/pkg/spec"
	"dnn/pkg/task"
	"dnn/pkg/train/optim"
)

// Names of what is fed to and read from a compiled net.
const (
	FeedTarget     = "target"        // the truth of a batch: int32 classes [rows] or float32 [rows, width]; for each step [rows, steps] or [rows, steps, width]
	FeedSecond     = "second_target" // like the target, of the rows that these are mixed with; in training only
	FeedShare      = "share"         // float32 [rows]; how much the first target counts, when rows are mixed
	FeedBase       = "base"          // float32 [rows, width]; what the last layer's numbers count from; only when the data says so
	FeedWeight     = "sample_weight" // float32 [rows]; only when the data has a column of weights
	FeedStep       = "step"          // int32: batches seen before this one; random layers draw from it
	FeedUpdate     = "update"        // int32: number of this update, from 1
	FeedRate       = "learning_rate" // float32
	OutPrediction  = "prediction"    // probabilities or values, [rows, width]; for each step [rows·steps, width]
	OutLoss        = "loss"          // Σ weight·loss over the rows of the batch
	OutLossWeight  = "loss_weight"   // Σ weight
	OutGradient    = "gradient"      // gradient of Σ weight·loss, laid out like the weights
	OutNorm        = "gradient_norm" // Euclidean norm of the gradient before clipping
	varAverage     = "average"       // moving average of the weights
	varGradient    = "accumulated_gradient"
	varGradWeight  = "accumulated_weight"
	feedBlock      = "input."
	feedLengths    = "lengths." // of a block of sequences: int32 [rows]
	weightsName    = "weights"
	penaltyScope   = "penalty"
	lossScope      = "loss"
	optimizerScope = "optimizer"
)

// Accumulation is the part a batch plays when the gradients of several are summed up.
type Accumulation uint8

const (
	Alone  Accumulation = iota // every batch updates the weights
	Adding                     // adds its gradient to the sum, no update
	Ending                     // adds its gradient, updates with the sum and empties it
)

// Network is a net that fits its data, ready to be compiled for any batch size.
type Network struct {
	Config *Config
	Schema *dataset.Schema
	Heads  []task.Head
	Dir    string   // folder that the paths in Config are relative to
	Off    []string // passes switched off by name
	Digest string   // of the data it was or will be trained on; "" in models that do not tell

	lost    []dataset.Lost // inputs that a mistake in the spec keeps from being known
	rows    int            // of the training part, or that states are carried for; 0 where neither is known
	outputs int            // width of the last layer's output, known once the net was built
	folder  *pass.NormFolder
}

// head is what the net predicts.
func (n *Network) head() *task.Head { return &n.Heads[0] }

// Sizes are the extents that the data knows.
func (n *Network) sizes() layers.Sizes {
	h := n.head()
	s := layers.Sizes{Known: h.Known()}
	switch h.Kind {
	case task.Category:
		s.Classes = h.Width
		if h.Width == 0 {
			s.Classes = layers.Unsettled
		}
	case task.Binary, task.Labels, task.Number:
		s.Targets = h.Width
	}
	return s
}

// layerSpec describes net and inputs to the layers room.
func (n *Network) layerSpec(e Extent) layers.Spec {
	s := layers.Spec{Layers: n.Config.Layers, Sizes: n.sizes(), Seed: n.Config.Seed}
	for _, in := range n.lost {
		s.Inputs = append(s.Inputs, layers.Input{Name: in.Name, Lost: true, Meant: in.Meant, Flat: in.Flat})
	}
	if n.Schema == nil {
		return s
	}
	for _, in := range n.Schema.Inputs {
		b := n.Schema.Blocks[in.Block]
		x := layers.Input{Name: in.Name, Block: feedBlock + b.Name, BlockShape: b.Shape, Shape: in.Shape, Ints: b.Ints, Categories: in.Vocabulary}
		if b.Sequence {
			x.BlockShape = e.shape(n.Schema, in.Block)
			x.Shape = x.BlockShape
		}
		if e.uneven(n.Schema, in.Block) {
			x.Lengths = feedLengths + b.Name
		}
		if len(b.Shape) == 1 && !b.Ints {
			x.Lo, x.Hi = in.Lo, in.Hi
		}
		s.Inputs = append(s.Inputs, x)
	}
	return s
}

// forward builds the net up to the raw output of its last layer, with the level that the data's rows count from.
func (n *Network) forward(b *graph.Builder, e Extent, training bool, p *spec.Problems) (layers.Signal, []layers.Info) {
	s := n.layerSpec(e)
	s.Carry = n.carry(training)
	before := p.Len()
	out, infos := layers.Build(b, s, e.Rows, training, p)
	n.outputs = out.Value.Shape.Last()
	if s.Carry != nil && !s.Carry.Used && p.Len() == before {
		p.Add("train.stateful", "no layer is recurrent: there is no state to carry from one stretch to the next")
	}
	if n.Schema != nil && n.Schema.Target.Based() {
		if want := graph.Floats(e.Rows, n.Schema.Target.Width); out.Value.Shape.Equal(want.Shape) { // else the loss will tell
			b.Scope = lossScope
			out.Value = op.Add(b, out.Value, b.Input(FeedBase, want))
		}
	}
	return out, infos
}

// lossOf adds the loss of a batch: Σ weight·loss and Σ weight, both scalars.
func (n *Network) lossOf(b *graph.Builder, out *graph.Value, e Extent, training bool) (sum, weight *graph.Value) {
	b.Scope = lossScope
	truth := b.Input(FeedTarget, n.targetType(e))
	rows, weights := n.Config.Loss.Rows(b, *n.head(), n.answers(b, out), n.eachTruth(b, truth))
	if training && n.Config.Dataset.Mixes() {
		rows, weights = n.mixed(b, out, rows, weights)
	}
	if sample := n.sampleWeights(b, e); sample != nil {
		if weights == nil {
			weights = sample
		} else {
			weights = op.Mul(b, weights, sample)
		}
	}
	if weights == nil {
		return n.total(b, rows, e), b.Scalar(float64(e.Rows))
	}
	return n.total(b, op.Mul(b, rows, weights), e), n.total(b, weights, e)
}

// total is the sum over all answers of a batch, row by row where a row has several, so that padding changes no bit.
func (n *Network) total(b *graph.Builder, x *graph.Value, e Extent) *graph.Value {
	if n.head().Sequence() {
		x = op.Sum(b, op.Reshape(b, x, e.Rows, -1), []int{1}, false)
	}
	return op.Sum(b, x, []int{0}, false)
}

// mixed is the loss of rows that were mixed with others, from that by their own targets: with λ the share of the row,
//
//	loss·weight = λ·loss₁·weight₁ + (1−λ)·loss₂·weight₂,   weight = λ·weight₁ + (1−λ)·weight₂
//
// where weight is nil and the loss is meant for a weight of one when the loss weighs all rows alike.
func (n *Network) mixed(b *graph.Builder, out, rows, weights *graph.Value) (loss, weight *graph.Value) {
	batch := rows.Shape[0]
	second, share := b.Input(FeedSecond, n.targetType(Rows(batch))), b.Input(FeedShare, graph.Floats(batch))
	others, theirs := n.Config.Loss.Rows(b, *n.head(), out, second)
	rest := op.AddScalar(b, op.Scale(b, share, -1), 1)
	mix := func(x, y *graph.Value) *graph.Value { return op.Add(b, op.Mul(b, share, x), op.Mul(b, rest, y)) }
	if weights == nil {
		return mix(rows, others), nil
	}
	weight = mix(weights, theirs)
	sum := mix(op.Mul(b, rows, weights), op.Mul(b, others, theirs))
	return op.Div(b, sum, op.Maximum(b, weight, b.Scalar(leastWeight))), weight
}

// PredictGraph compiles the net to put out predictions for batches of that extent.
func (n *Network) PredictGraph(e Extent) (*graph.Graph, error) {
	b := graph.NewBuilder()
	var p spec.Problems
	out, _ := n.forward(b, e, false, &p)
	if err := n.misfit(out.Value, e); err != nil {
		return nil, err
	}
	b.Scope = lossScope
	b.SetOutput(OutPrediction, n.Config.Loss.Predict(b, *n.head(), n.answers(b, out.Value)))
	return n.finish(b, &p)
}

// ScoreGraph is PredictGraph with the loss beside the predictions.
func (n *Network) ScoreGraph(e Extent) (*graph.Graph, error) {
	b := graph.NewBuilder()
	var p spec.Problems
	out, _ := n.forward(b, e, false, &p)
	if err := n.misfit(out.Value, e); err != nil {
		return nil, err
	}
	sum, weight := n.lossOf(b, out.Value, e, false)
	b.SetOutput(OutPrediction, n.Config.Loss.Predict(b, *n.head(), n.answers(b, out.Value)))
	b.SetOutput(OutLoss, sum)
	b.SetOutput(OutLossWeight, weight)
	return n.finish(b, &p)
}

// TrainGraph compiles a training step: forward, loss, gradients and, unless the batch only adds to a sum, the update.
func (n *Network) TrainGraph(e Extent, role Accumulation) (*graph.Graph, error) {
	b := graph.NewBuilder()
	var p spec.Problems
	out, _ := n.forward(b, e, true, &p)
	if err := n.misfit(out.Value, e); err != nil {
		return nil, err
	}
	sum, weight := n.lossOf(b, out.Value, e, true)
	b.SetOutput(OutLoss, sum)
	b.SetOutput(OutLossWeight, weight)
	if b.Weights() != nil {
		objective := sum
		if pen := penalty(b); pen != nil { // weighted like the rows, so that sums over batches keep its share
			objective = op.Add(b, sum, op.Mul(b, weight, pen))
		}
		grads := gradients(b, objective)
		b.SetOutput(OutGradient, grads)
		n.update(b, grads, weight, role)
	}
	return n.finish(b, &p)
}

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

// leastWeight stands for a weight of zero: one over it is still a number.
const leastWeight = 0x1p-126

// update adds the optimizer's nodes. grads is the gradient of Σ weight·loss; dividing by Σ weight makes it that of the
// mean, also when both were summed up over several batches.
func (n *Network) update(b *graph.Builder, grads, weight *graph.Value, role Accumulation) {
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
	scale := op.Div(b, b.Scalar(1), weight)
	if clip := n.Config.Train.GradientClip; clip != nil {
		if clip.Norm > 0 {
			var norm *graph.Value
			scale, norm = optim.ClipNorm(b, grads, scale, clip.Norm)
			b.SetOutput(OutNorm, norm)
		} else {
			grads, scale = optim.ClipValue(b, grads, scale, clip.Value)
		}
	}
	next := n.Config.Optimizer.Update(&optim.Update{
		B: b, Weights: flat, Grads: grads, Scale: scale,
		Rate: b.Input(FeedRate, graph.Floats()), Step: b.Input(FeedUpdate, graph.Ints()),
	})
	if avg := n.Config.Train.WeightAverage; avg != nil {
		mean := b.Var(varAverage, graph.Slot, flat.Value.Shape, flat.Init)
		b.Assign(mean, op.Lerp(b, mean.Value, next, 1-avg.Decay))
	}
}

// finish ends a graph and rewrites it. A problem here is one that Open did not see: a mistake of the program.
func (n *Network) finish(b *graph.Builder, p *spec.Problems) (*graph.Graph, error) {
	if p.Len() > 0 {
		return nil, fmt.Errorf("the net does not fit its data: %d problem(s) that the check of the spec did not find", p.Len())
	}
	g, err := b.Finish()
	if err != nil {
		return nil, err
	}
	if n.folder != nil {
		if g, err = n.folder.Run(g); err != nil {
			return nil, err
		}
	}
	return pass.Run(g, n.Off)
}
