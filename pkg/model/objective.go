package model

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/layers"
)

// headLoss is the loss of a batch for one head: Σ weight·loss and Σ weight, both scalars.
type headLoss struct {
	sum, weight *graph.Value
	even        bool // all rows weigh as the data says, so that Σ weight is the same for each such head
}

// objective adds what training makes small. With several heads h of weight λ_h, over batches of weight W, it is
//
//	Σ_h λ_h · W · (Σ weight_h·loss_h / Σ weight_h)
//
// so that dividing by W gives the weighted sum of the heads' mean losses. W counts the rows as the data weighs them.
func (n *Network) objective(b *graph.Builder, outs []layers.Signal, e BatchShape) (sum, weight *graph.Value) {
	losses := make([]headLoss, len(outs))
	for k := range outs {
		losses[k] = n.lossOf(b, k, outs[k].Value, e, true)
	}
	if len(losses) == 1 {
		l := n.weighed(b, 0, losses[0].sum)
		return l, losses[0].weight
	}
	weight = n.rowsWeight(b, e)
	for k, l := range losses {
		own := l.sum
		if !l.even {
			own = op.Mul(b, op.Div(b, own, op.Maximum(b, l.weight, b.Scalar(leastWeight))), weight)
		}
		if own = n.weighed(b, k, own); sum == nil {
			sum = own
		} else {
			sum = op.Add(b, sum, own)
		}
	}
	return sum, weight
}

// weighed multiplies the loss of head k by its weight.
func (n *Network) weighed(b *graph.Builder, k int, sum *graph.Value) *graph.Value {
	if _, weight := n.Loss(k); weight != 1 {
		return op.Scale(b, sum, weight)
	}
	return sum
}

// rowsWeight is the sum of the rows' weights as the data tells them.
func (n *Network) rowsWeight(b *graph.Builder, e BatchShape) *graph.Value {
	if n.Schema.Weight == "" {
		return b.Scalar(float64(e.Rows))
	}
	return op.Sum(b, b.Input(FeedWeight, graph.Floats(e.Rows)), []int{0}, false)
}

// lossOf adds the loss of a batch for head k.
func (n *Network) lossOf(b *graph.Builder, k int, out *graph.Value, e BatchShape, training bool) headLoss {
	b.Scope = lossScope
	labels := b.Input(n.HeadName(FeedTarget, k), n.labelType(k, e))
	l, _ := n.Loss(k)
	rows, weights := l.Rows(b, n.Heads[k], n.eachOutput(b, k, out), n.eachLabel(b, k, labels))
	if training && n.Config.Dataset.Mixes() {
		rows, weights = n.mixed(b, k, out, rows, weights)
	}
	even := weights == nil && !n.Heads[k].Sequence()
	if sample := n.sampleWeights(b, k, e); sample != nil {
		if weights == nil {
			weights = sample
		} else {
			weights = op.Mul(b, weights, sample)
		}
	}
	if weights == nil {
		return headLoss{n.total(b, k, rows, e), b.Scalar(float64(e.Rows)), even}
	}
	return headLoss{n.total(b, k, op.Mul(b, rows, weights), e), n.total(b, k, weights, e), even}
}

// total is the sum over all predictions of a batch, row by row where a row has several, so that padding changes no bit.
func (n *Network) total(b *graph.Builder, k int, x *graph.Value, e BatchShape) *graph.Value {
	if n.Heads[k].Sequence() {
		x = op.Sum(b, op.Reshape(b, x, e.Rows, -1), []int{1}, false)
	}
	return op.Sum(b, x, []int{0}, false)
}

// mixed is the loss of rows that were mixed with others, from that by their own labels: with λ the share of the row,
//
//	loss·weight = λ·loss₁·weight₁ + (1−λ)·loss₂·weight₂,   weight = λ·weight₁ + (1−λ)·weight₂
//
// where weight is nil and the loss is meant for a weight of one when the loss weighs all rows alike.
func (n *Network) mixed(b *graph.Builder, k int, out, rows, weights *graph.Value) (loss, weight *graph.Value) {
	batch := rows.Shape[0]
	second, share := b.Input(n.HeadName(FeedSecond, k), n.labelType(k, Rows(batch))), b.Input(FeedShare, graph.Floats(batch))
	l, _ := n.Loss(k)
	others, theirs := l.Rows(b, n.Heads[k], out, second)
	rest := op.AddScalar(b, op.Scale(b, share, -1), 1)
	mix := func(x, y *graph.Value) *graph.Value { return op.Add(b, op.Mul(b, share, x), op.Mul(b, rest, y)) }
	if weights == nil {
		return mix(rows, others), nil
	}
	weight = mix(weights, theirs)
	sum := mix(op.Mul(b, rows, weights), op.Mul(b, others, theirs))
	return op.Div(b, sum, op.Maximum(b, weight, b.Scalar(leastWeight))), weight
}

// sampleWeights are the weights of head k's predictions that come with the data: those of the rows, and 0 beyond the end of
// a sequence; nil where all are 1.
func (n *Network) sampleWeights(b *graph.Builder, k int, e BatchShape) *graph.Value {
	var sample *graph.Value
	if n.Schema.Weight != "" {
		sample = b.Input(FeedWeight, graph.Floats(e.Rows))
	}
	if !n.Heads[k].Sequence() {
		return sample
	}
	steps, block := n.Steps(k, e), n.block(k)
	switch {
	case e.uneven(n.Schema, block):
		mask := op.SequenceMask(b, b.Input(FeedLengths+n.Schema.Blocks[block].Name, graph.Ints(e.Rows)), steps)
		if sample != nil {
			mask = op.Mul(b, mask, op.Reshape(b, sample, e.Rows, 1))
		}
		sample = mask
	case sample != nil:
		sample = op.BroadcastTo(b, op.Reshape(b, sample, e.Rows, 1), e.Rows, steps)
	default:
		return nil
	}
	return op.Reshape(b, sample, -1)
}
