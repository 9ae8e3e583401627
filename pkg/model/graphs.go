package model

import (
	"errors"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/layers"
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
	c.b.Recompute(n.segments)
	outs, _ := c.forward()
	if err := c.misfit(outs); err != nil {
		return nil, err
	}
	sum, weight := c.objective(outs)
	c.b.SetOutput(OutLoss, sum)
	c.b.SetOutput(OutLossWeight, weight)
	if c.b.Weights() != nil {
		objective := sum
		if pen := penalty(c.b); pen != nil { // weighted like the rows, so that sums over batches keep its share
			objective = op.Add(c.b, sum, op.Mul(c.b, weight, pen))
		}
		grads := gradients(c.b, objective)
		c.b.SetOutput(OutGradient, grads)
		c.update(grads, weight, role)
	}
	return c.finish()
}
