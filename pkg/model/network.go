package model

import (
	"fmt"

	"dnn/pkg/dataset"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/graph/op"
	"dnn/pkg/graph/pass"
	"dnn/pkg/layers"
	"dnn/pkg/spec"
	"dnn/pkg/task"
)

// Names of what is fed to and read from a compiled net. Of a net with several heads, the name of the head is appended to
// those that each has: target.species.
const (
	FeedTarget     = "target"        // the labels of a batch: int32 classes [rows] or float32 [rows, width]; for each step [rows, steps] or [rows, steps, width]
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
	VarAverage     = "average"       // moving average of the weights
	varGradient    = "accumulated_gradient"
	varGradWeight  = "accumulated_weight"
	FeedBlock      = "input."
	FeedLengths    = "lengths." // of a block of sequences: int32 [rows]
	VarWeights     = "weights"
	penaltyScope   = "penalty"
	lossScope      = "loss"
	optimizerScope = "optimizer"
)

// Accumulation is the role of a batch when the gradients of several are summed up.
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

	lost   []dataset.Lost // inputs that a mistake in the spec keeps from being known
	rows   int            // of the training split, or that states are carried for; 0 where neither is known
	folder *pass.NormFolder
}

// layerSpec describes net and inputs to the layers.
func (n *Network) layerSpec(e BatchShape) layers.Spec {
	s := layers.Spec{Layers: n.Config.Layers, Sizes: n.sizes(), Heads: n.layerHeads(), Seed: n.Config.Seed}
	for _, in := range n.lost {
		s.Inputs = append(s.Inputs, layers.Input{Name: in.Name, Lost: true, Meant: in.Meant, Flat: in.Flat})
	}
	if n.Schema == nil {
		return s
	}
	for _, in := range n.Schema.Inputs {
		b := n.Schema.Blocks[in.Block]
		x := layers.Input{Name: in.Name, Block: FeedBlock + b.Name, BlockShape: b.Shape, Shape: in.Shape, Ints: b.Ints, Categories: in.Vocabulary}
		if b.Sequence {
			x.BlockShape = e.shape(n.Schema, in.Block)
			x.Shape, x.MaxSteps = x.BlockShape, b.Shape[0]
		}
		if e.uneven(n.Schema, in.Block) {
			x.Lengths = FeedLengths + b.Name
		}
		if len(b.Shape) == 1 && !b.Ints {
			x.Lo, x.Hi = in.Lo, in.Hi
		}
		s.Inputs = append(s.Inputs, x)
	}
	return s
}

// forward builds the net up to the raw outputs of its heads, with the offset that the data's rows count from.
func (n *Network) forward(b *graph.Builder, e BatchShape, training bool, p *spec.Problems) ([]layers.Signal, []layers.Info) {
	s := n.layerSpec(e)
	s.Carry = n.carry(training)
	before := p.Len()
	outs, infos := layers.Build(b, s, e.Rows, training, p)
	if s.Carry != nil && !s.Carry.Used && p.Len() == before {
		p.Add("train.stateful", "no layer is recurrent: there is no state to carry from one chunk to the next")
	}
	if n.Schema != nil && n.Schema.LabelColumns.Based() { // the only head
		out := &outs[0]
		if want := graph.Floats(e.Rows, n.Heads[0].Width); out.Value.Shape.Equal(want.Shape) { // else the loss will tell
			b.Scope = lossScope
			out.Value = op.Add(b, out.Value, b.Input(FeedBase, want))
		}
	}
	return outs, infos
}

// Outputs adds the net to a graph as it predicts, up to the raw outputs of its heads.
func (n *Network) Outputs(b *graph.Builder, e BatchShape) ([]layers.Signal, []layers.Info, error) {
	var p spec.Problems
	outs, infos := n.forward(b, e, false, &p)
	if p.Len() > 0 {
		return nil, nil, fmt.Errorf("the net does not fit its data: %d problem(s)", p.Len())
	}
	return outs, infos, n.misfit(outs, e)
}

// Evaluation is how programs that evaluate a net are compiled: where the state has a moving average of the weights, that is
// used in their place.
func Evaluation(state *exec.State) (o exec.Options) {
	if state.Data(VarAverage) != nil {
		o.Bind = map[string]string{VarWeights: VarAverage}
	}
	return o
}

// PredictGraph compiles the net to put out predictions for batches of that shape.
func (n *Network) PredictGraph(e BatchShape) (*graph.Graph, error) {
	b := graph.NewBuilder()
	var p spec.Problems
	outs, _ := n.forward(b, e, false, &p)
	if err := n.misfit(outs, e); err != nil {
		return nil, err
	}
	b.Scope = lossScope
	n.predict(b, outs)
	return n.finish(b, &p)
}

// ScoreGraph is PredictGraph with the loss of each head beside its predictions.
func (n *Network) ScoreGraph(e BatchShape) (*graph.Graph, error) {
	b := graph.NewBuilder()
	var p spec.Problems
	outs, _ := n.forward(b, e, false, &p)
	if err := n.misfit(outs, e); err != nil {
		return nil, err
	}
	losses := make([]headLoss, len(outs))
	for k := range outs {
		losses[k] = n.lossOf(b, k, outs[k].Value, e, false)
	}
	n.predict(b, outs)
	for k, l := range losses {
		b.SetOutput(n.HeadName(OutLoss, k), l.sum)
		b.SetOutput(n.HeadName(OutLossWeight, k), l.weight)
	}
	return n.finish(b, &p)
}

// predict puts out what the heads predict.
func (n *Network) predict(b *graph.Builder, outs []layers.Signal) {
	for k := range outs {
		l, _ := n.Loss(k)
		b.SetOutput(n.HeadName(OutPrediction, k), l.Predict(b, n.Heads[k], n.eachOutput(b, k, outs[k].Value)))
	}
}

// TrainGraph compiles a training step: forward, loss, gradients and, unless the batch only adds to a sum, the update.
func (n *Network) TrainGraph(e BatchShape, role Accumulation) (*graph.Graph, error) {
	b := graph.NewBuilder()
	var p spec.Problems
	outs, _ := n.forward(b, e, true, &p)
	if err := n.misfit(outs, e); err != nil {
		return nil, err
	}
	sum, weight := n.objective(b, outs, e)
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

// finish ends a graph and rewrites it. A problem here is one that Open did not see: an internal error.
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
