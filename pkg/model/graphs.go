package model

import (
	"errors"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/layers"
	"dnn/pkg/spec"
)

// ErrForms is the error of a training of a net whose weights are not float32.
var ErrForms = errors.New("the weights are quantized or kept in other forms than float32, and such a model cannot be trained: train the model that it was made of")

// Accumulation is the role of a batch when the gradients of several are summed up.
type Accumulation uint8

const (
	Alone  Accumulation = iota // every batch updates the weights
	Adding                     // adds its gradient to the sum, no update
	Ending                     // adds its gradient, updates with the sum and empties it
)

// Outputs adds the net to a graph as it predicts, up to the raw outputs of its heads.
func (n *Network) Outputs(b *graph.Builder, shape BatchShape) ([]layers.Signal, []layers.Info, error) {
	c := n.compiler(b, shape, false)
	outs, infos := c.forward()
	if c.p.Len() > 0 {
		return nil, nil, c.unchecked()
	}
	return outs, infos, c.misfit(outs)
}

// PredictGraph builds the graph that puts out predictions for batches of that shape.
func (n *Network) PredictGraph(shape BatchShape) (*graph.Graph, error) {
	c := n.compiler(graph.NewBuilder(), shape, false)
	outs, _ := c.forward()
	if err := c.misfit(outs); err != nil {
		return nil, err
	}
	c.b.Scope = lossScope
	c.predict(outs)
	return c.finish()
}

// ScoreGraph is PredictGraph with the loss of each head next to its predictions.
func (n *Network) ScoreGraph(shape BatchShape) (*graph.Graph, error) {
	c := n.compiler(graph.NewBuilder(), shape, false)
	outs, _ := c.forward()
	if err := c.misfit(outs); err != nil {
		return nil, err
	}
	losses := c.losses(outs)
	c.predict(outs)
	for k, l := range losses {
		c.b.SetOutput(n.headName(OutLoss, k), l.sum)
		c.b.SetOutput(n.headName(OutLossWeight, k), l.weight)
	}
	return c.finish()
}

// TrainGraph builds a training step: forward, loss, gradients and, unless the batch only adds to a sum, the update.
func (n *Network) TrainGraph(shape BatchShape, role Accumulation) (*graph.Graph, error) {
	if n.Forms.Any() {
		return nil, ErrForms
	}
	c := n.compiler(graph.NewBuilder(), shape, true)
	list, weight, err := step(c)
	if err != nil {
		return nil, err
	}
	if list != nil {
		c.update(list, weight, role)
	}
	return c.finish()
}

// step adds a step of training without the update: forward, loss and the gradients of Σ weight·loss, nil where no weights are
// trained.
func step(c *compiler) (list []optimized, weight *graph.Value, err error) {
	c.b.Recompute(c.net.segments)
	outs, infos := c.forward()
	if err := c.misfit(outs); err != nil {
		return nil, nil, err
	}
	sum, weight := c.objective(outs)
	far, projections, err := matching(c, infos, weight)
	if err != nil {
		return nil, nil, err
	}
	if far != nil {
		sum = op.Add(c.b, sum, far)
	}
	c.b.SetOutput(OutLoss, sum)
	c.b.SetOutput(OutLossWeight, weight)
	if c.b.Weights() == nil {
		return nil, weight, nil
	}
	objective := sum
	if pen := penalty(c.b); pen != nil { // weighted like the rows, so that sums over batches keep its share
		objective = op.Add(c.b, sum, op.Mul(c.b, weight, pen))
	}
	list = gradients(c.b, objective, projections)
	c.b.SetOutput(OutGradient, list[0].grads)
	return list, weight, nil
}

// With train.shards, a batch is cut into shards by its rows. A shard goes through the net by itself and gives the sums of its
// losses, of their weights and of their gradients (ShardGraph); the sums of all shards, in an order that the number of shards
// settles, are what the weights are updated with (UpdateGraph). So the bits of a training do not depend on who computes which shard.

// Sharding is how batches are cut into shards.
type Sharding struct {
	Shards int    `range:"[1,4096]" default:"0" doc:"parts into which the rows of each batch are cut. Each goes through the net by itself, and their gradients are summed in a fixed order, so that any number of processes (dnn-accel train --mpi) gives the same bits; batch norms measure each shard by itself (default: batches go through the net as a whole; with --mpi as many as there are processes)"`
	Reduce string `oneof:"exact|fast" doc:"how processes sum up gradients: exact, in the order of the shards, with the same bits for any number of processes; fast, as the MPI library does, whose bits depend on their number (default: exact); only with shards"`
}

// checkShards notes other settings of a training that do not go with shards.
func (t *Training) checkShards(path string, p *spec.Problems) {
	switch {
	case t.Shards == 0 && t.Reduce != "":
		p.Add(path+".reduce", "is for shards, whose gradients it sums up: set train.shards as well")
	case t.Shards > t.BatchSize && t.BatchSize > 0:
		p.Add(path+".shards", "%d are more than the %d rows of a batch", t.Shards, t.BatchSize)
	case t.Shards > 0 && t.Distill != nil && len(t.Distill.Match) > 0:
		p.Add(path+".shards", "does not go with distill.match, whose projections learn from whole batches; leave one of both out")
	case t.Shards > 0 && t.Stateful:
		p.Add(path+".shards", "does not go with stateful: true, which carries the states of a batch's rows to the next step; leave one of both out")
	}
	if t.Shards > 0 && t.Reduce == "" {
		t.Reduce = "exact"
	}
}

// StepRows is the most rows that go through the net at once when batches have so many.
func (t *Training) StepRows(batch int) int {
	shards := max(1, t.Shards)
	return (batch + shards - 1) / shards
}

// ShardGraph builds what is computed of a shard: TrainGraph without the update. States that a step changes are put out.
func ShardGraph(n *Network, shape BatchShape) (*graph.Graph, error) {
	if n.Forms.Any() {
		return nil, ErrForms
	}
	c := n.compiler(graph.NewBuilder(), shape, true)
	c.sharded = true
	switch list, _, err := step(c); {
	case err != nil:
		return nil, err
	case len(list) > 1:
		return nil, errors.New("train.distill.match learns from whole batches, and goes with no shards")
	}
	for _, a := range c.b.TakeAssigns() {
		c.b.SetOutput(NextState+a.Var.Name, a.Value)
	}
	return c.finish()
}

// UpdateGraph builds the update with what the shards of a batch, the largest of that shape, give together.
func UpdateGraph(n *Network, shape BatchShape, role Accumulation) (*graph.Graph, error) {
	c := n.compiler(graph.NewBuilder(), shape, true)
	c.sharded = true
	if outs, _ := c.forward(); c.p.Len() == 0 { // for the variables; nothing else of it is needed
		if err := c.misfit(outs); err != nil {
			return nil, err
		}
	}
	c.b.Stage = graph.Update
	for _, a := range c.b.TakeAssigns() {
		c.b.Assign(a.Var, c.b.Input(NextState+a.Var.Name, a.Var.Value.Type))
	}
	if flat := c.b.Weights(); flat != nil {
		c.update([]optimized{{flat: flat, grads: c.b.Input(FeedGradient, graph.Floats(flat.Value.Shape...))}}, c.b.Input(FeedGradWeight, graph.Floats()), role)
	}
	return c.finish()
}

// WeightsGraph builds what a net needs to know of a whole batch before its shards go through it: Σ weight of each head, and of the
// rows; nil where it needs nothing.
func WeightsGraph(n *Network, shape BatchShape) (*graph.Graph, error) {
	c := n.compiler(graph.NewBuilder(), shape, true)
	c.sharded = true
	outs, _ := c.forward()
	if err := c.misfit(outs); err != nil {
		return nil, err
	}
	losses, needed := c.losses(outs), false
	for k, l := range losses {
		if len(losses) > 1 && !l.even {
			c.b.SetOutput(n.headName(OutLossWeight, k), l.weight)
			needed = true
		}
	}
	if !needed {
		return nil, nil
	}
	c.b.SetOutput(FeedRowsWeight, c.rowsWeight())
	c.b.TakeAssigns()
	return c.finish()
}

// BatchWeight names the sum of head k's weights: as a graph puts it out, and as it is fed to a shard.
func BatchWeight(n *Network, k int) (out, feed string) {
	return n.headName(OutLossWeight, k), n.headName(FeedHeadWeight, k)
}

// batchWeights are the sums of head k's weights and of the rows' over the batch: those of a batch as a whole, and for a shard those
// that are fed.
func batchWeights(c *compiler, k int, own, rows *graph.Value) (head, all *graph.Value) {
	if !c.sharded {
		return own, rows
	}
	_, feed := BatchWeight(c.net, k)
	return c.b.Input(feed, graph.Floats()), c.b.Input(FeedRowsWeight, graph.Floats())
}
