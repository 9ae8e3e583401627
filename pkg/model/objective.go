package model

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/layers"
	"dnn/pkg/train/loss"
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
// so that dividing by W gives the weighted sum of the heads' mean losses. W counts the rows as the data weighs them. In a shard of
// a batch, the sums of weights by which another is divided and multiplied are those of the whole batch, which are fed.
func (c *compiler) objective(outs []layers.Signal) (sum, weight *graph.Value) {
	b, losses := c.b, c.losses(outs)
	if len(losses) == 1 {
		l := c.weighed(0, losses[0].sum)
		return l, losses[0].weight
	}
	weight = c.rowsWeight()
	for k, l := range losses {
		own := l.sum
		if !l.even {
			of, all := batchWeights(c, k, l.weight, weight)
			own = op.Mul(b, op.Div(b, own, op.Maximum(b, of, b.Scalar(leastWeight))), all)
		}
		if own = c.weighed(k, own); sum == nil {
			sum = own
		} else {
			sum = op.Add(b, sum, own)
		}
	}
	return sum, weight
}

// losses adds the loss of each head.
func (c *compiler) losses(outs []layers.Signal) []headLoss {
	list := make([]headLoss, len(outs))
	for k := range outs {
		list[k] = c.loss(k, outs[k])
	}
	return list
}

// weighed multiplies the loss of head k by its weight.
func (c *compiler) weighed(k int, sum *graph.Value) *graph.Value {
	if _, weight := c.net.Loss(k); weight != 1 {
		return op.Scale(c.b, sum, weight)
	}
	return sum
}

// rowsWeight is the sum of the rows' weights as the data tells them.
func (c *compiler) rowsWeight() *graph.Value {
	if c.net.Schema.Weight == "" {
		return c.b.Scalar(float64(c.shape.Rows))
	}
	return op.Sum(c.b, c.b.Input(FeedWeight, graph.Floats(c.shape.Rows)), []int{0}, false)
}

// loss adds the loss of a batch for head k.
func (c *compiler) loss(k int, signal layers.Signal) headLoss {
	b, n, out := c.b, c.net, signal.Value
	b.Scope = lossScope
	labels := b.Input(n.headName(FeedTarget, k), c.labelType(k))
	l, _ := n.Loss(k)
	if l, ok := l.(loss.Aligning); ok {
		return c.alignedLoss(k, l, signal, labels)
	}
	rows, weights := l.(loss.RowLoss).Rows(b, n.Heads[k], c.eachOutput(k, out), c.eachLabel(k, labels))
	if c.training && n.Config.Dataset.Mixes() {
		rows, weights = c.mixed(k, out, rows, weights)
	}
	if c.training && n.Config.Train.Distill != nil {
		rows = distilled(c, k, out, rows)
	}
	even := weights == nil && !n.Heads[k].Sequence()
	if sample := c.sampleWeights(k); sample != nil {
		if weights == nil {
			weights = sample
		} else {
			weights = op.Mul(b, weights, sample)
		}
	}
	if weights == nil {
		return headLoss{c.total(k, rows), b.Scalar(float64(c.shape.Rows)), even}
	}
	return headLoss{c.total(k, op.Mul(b, rows, weights)), c.total(k, weights), even}
}

// total is the sum over all predictions of a batch, row by row where a row has several, so that padding changes no bit.
func (c *compiler) total(k int, x *graph.Value) *graph.Value {
	if c.net.Heads[k].Sequence() {
		x = op.Sum(c.b, op.Reshape(c.b, x, c.shape.Rows, -1), []int{1}, false)
	}
	return op.Sum(c.b, x, []int{0}, false)
}

// mixed is the loss of rows that were mixed with others, from that by their own labels: with λ the share of the row,
//
//	loss·weight = λ·loss₁·weight₁ + (1−λ)·loss₂·weight₂,   weight = λ·weight₁ + (1−λ)·weight₂
//
// where weight is nil and the loss is meant for a weight of one when the loss weighs all rows alike.
func (c *compiler) mixed(k int, out, rows, weights *graph.Value) (sum, weight *graph.Value) {
	b := c.b
	second, share := b.Input(c.net.headName(FeedSecond, k), c.labelType(k)), b.Input(FeedShare, graph.Floats(c.shape.Rows))
	l, _ := c.net.Loss(k)
	others, theirs := l.(loss.RowLoss).Rows(b, c.net.Heads[k], out, second)
	rest := op.AddScalar(b, op.Scale(b, share, -1), 1)
	mix := func(x, y *graph.Value) *graph.Value { return op.Add(b, op.Mul(b, share, x), op.Mul(b, rest, y)) }
	if weights == nil {
		return mix(rows, others), nil
	}
	weight = mix(weights, theirs)
	sum = mix(op.Mul(b, rows, weights), op.Mul(b, others, theirs))
	return op.Div(b, sum, op.Maximum(b, weight, b.Scalar(leastWeight))), weight
}

// sampleWeights are the weights of head k's predictions that come with the data: those of the rows, and 0 beyond the end of
// a sequence; nil where all are 1.
func (c *compiler) sampleWeights(k int) *graph.Value {
	b, n, rows := c.b, c.net, c.shape.Rows
	var sample *graph.Value
	if n.Schema.Weight != "" {
		sample = b.Input(FeedWeight, graph.Floats(rows))
	}
	if !n.Heads[k].Sequence() {
		return sample
	}
	steps, block := n.Steps(k, c.shape), n.block(k)
	switch {
	case c.shape.uneven(n.Schema, block):
		mask := op.SequenceMask(b, b.Input(FeedLengths+n.Schema.Blocks[block].Name, graph.Ints(rows)), steps)
		if sample != nil {
			mask = op.Mul(b, mask, op.Reshape(b, sample, rows, 1))
		}
		sample = mask
	case sample != nil:
		sample = op.BroadcastTo(b, op.Reshape(b, sample, rows, 1), rows, steps)
	default:
		return nil
	}
	return op.Reshape(b, sample, -1)
}
