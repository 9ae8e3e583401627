package model

import (
	"slices"
	"sort"

	"dnn/internal/parallel"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/graph/op"
	"dnn/pkg/spec"
	"dnn/pkg/task"
)

// shortNotes warn of rows of the training split that have fewer steps than a window, so that the net predicts the same for
// all of them. Another path through the net may see them all the same: what decides is the net itself, with its first weights,
// asked for its predictions for short rows that differ.
func (j *Job) shortNotes() (notes spec.Notes) {
	train := j.Data.Train
	if train == nil || slices.ContainsFunc(j.Heads, func(h task.Head) bool { return h.Sequence() }) || j.Config.Train.Stateful {
		return nil
	}
	for block := range j.Schema.Blocks {
		least := j.leastSteps(block)
		if least < 2 || train.Shorter(block, least) == train.Shorter(block, 1) || !j.sees(block, least) {
			continue
		}
		least = 1 + sort.Search(least-1, func(i int) bool { return j.sees(block, 1+i) })
		if n := train.Shorter(block, least); n > train.Shorter(block, 1) {
			notes.Warn("dataset", "%s has fewer than %d steps in %d of %d rows of the training split, and the net sees nothing of these; with padding: same windows reach beyond the ends",
				j.Schema.Blocks[block].Name, least, n, train.Rows())
		}
	}
	return notes
}

// leastSteps is how many steps a row must have in a block of sequences to fill a window in each layer that the net has; 1 where
// any number does.
func (j *Job) leastSteps(block int) int {
	least := 1
	if !j.Schema.Blocks[block].Sequence {
		return least
	}
	g, err := j.PredictGraph(j.TrainingShape(1))
	if err != nil {
		return least
	}
	most := j.Schema.LongestTraining(block)
	for _, node := range g.Nodes {
		if left, ok := lengthsOf(node.Outputs, FeedLengths+j.Schema.Blocks[block].Name); ok {
			least = max(least, 1+sort.Search(most, func(i int) bool { return left(1+i) > 0 }))
		}
	}
	return min(least, most)
}

// lengthsOf tells what windows leave of a length that is fed under a name; ok is false of other values.
func lengthsOf(v []*graph.Value, name string) (left func(n int) int, ok bool) {
	if len(v) != 1 {
		return nil, false
	}
	node := v[0].Node
	if node.Leaf == graph.Input && node.Name == name {
		return func(n int) int { return n }, true
	}
	a, scaled := node.Attrs.(op.ScaleLengthsAttrs)
	if !scaled {
		return nil, false
	}
	before, ok := lengthsOf(node.Inputs, name)
	return func(n int) int { return a.Of(before(n)) }, ok
}

// seenRows is how many rows are compared.
const seenRows = 8

// sees reports whether the net's predictions for rows of so many steps in a block depend on these. Rows go through it one by one.
func (j *Job) sees(block, steps int) bool {
	pool := parallel.New(1)
	defer pool.Close()
	b := j.Schema.NewBatch(seenRows)
	b.Rows = seenRows
	b.FillProbe(block, steps)
	g, err := j.PredictGraph(BatchShapeFor(1, b.Steps))
	if err != nil {
		return true
	}
	state := exec.NewState()
	p, err := j.Compile(g, state, pool, Evaluation(state))
	if err != nil {
		return true
	}
	first := make([][]float32, len(j.Heads)) // what each head puts out for the first row
	for row := range b.Rows {
		p.FeedRows(b, []int{row}, 0)
		p.Run()
		for k := range j.Heads {
			out := p.Prediction(k)
			if row == 0 {
				first[k] = slices.Clone(out)
			} else if !slices.Equal(out, first[k]) {
				return true
			}
		}
	}
	return false
}
