package model

import (
	"slices"
	"strings"

	"dnn/pkg/dataset"
	"dnn/pkg/graph/exec"
	"dnn/pkg/layers"
	"dnn/pkg/spec"
	"dnn/pkg/task"
	"dnn/pkg/train/checkpoint"
)

// With train.stateful, sequences go through the net in chunks of train.unroll steps. Recurrent layers begin a chunk with
// the state in which the one before ended, and the gradient reaches back to its beginning only (truncated back-propagation
// through time; Williams & Peng 1990). So memory and the work of a step do not grow with the sequences, and scores and
// predictions are, to the bit, those of sequences in one piece.

// What the names of the carried states begin with. Those of training are kept in checkpoints.
const (
	carriedInTraining = "carried."
	carriedInScoring  = "carried_in_scoring."
)

// defaultUnroll is the length of a chunk that the spec does not give.
const defaultUnroll = 64

// carry is how the recurrent layers keep their states; nil where sequences come as a whole.
func (c *compiler) carry() *layers.Carry {
	n := c.net
	switch {
	case c.carrying != nil:
		return c.carrying
	case !n.Config.Train.Stateful || n.Schema == nil:
		return nil
	case c.training:
		rows := n.Config.Train.BatchSize
		if n.rows > 0 {
			rows = min(rows, n.rows)
		}
		return &layers.Carry{Rows: rows, Prefix: carriedInTraining}
	}
	return &layers.Carry{Rows: n.ScoreRows(), Prefix: carriedInScoring}
}

// carriedRows is how many rows the carried states in a checkpoint are for, 0 where it holds none.
func carriedRows(f *checkpoint.File) int {
	for _, t := range f.Tensors {
		if strings.HasPrefix(t.Name, carriedInTraining) && len(t.Shape) > 0 {
			return t.Shape[0]
		}
	}
	return 0
}

// ResetStates begins new sequences, in training or in scoring.
func ResetStates(s *exec.State, training bool) {
	prefix := carriedInScoring
	if training {
		prefix = carriedInTraining
	}
	for _, name := range s.Names() {
		if strings.HasPrefix(name, prefix) && !isTransposed(name) {
			clear(s.Data(name))
		}
	}
}

// ChunkShape is the batch shape of what a step takes of so many rows: whole sequences, or a chunk of them.
func (n *Network) ChunkShape(rows int) BatchShape {
	e := Rows(rows)
	if !n.Config.Train.Stateful {
		return e
	}
	i := 0
	for k := range n.Schema.Blocks {
		if b := &n.Schema.Blocks[k]; b.Sequence && i < len(e.Steps) {
			e.Steps[i] = min(n.Config.Train.Unroll, b.Shape[0])
			i++
		}
	}
	return e
}

// Chunks is in how many chunks sequences of at most so many steps are taken.
func (t *Training) Chunks(steps int) int { return max(1, (steps+t.Unroll-1)/t.Unroll) }

// chunkable is the data with sequences that all have lengths of their own.
func (j *Job) chunkable(p *spec.Problems) *dataset.Data {
	schema, sequences := j.Schema.Chunkable()
	checkChunks(sequences, j.Heads, p)
	return j.Data.WithSchema(schema)
}

// checkChunks notes what does not go with train.stateful.
func checkChunks(sequences []string, heads []task.Head, p *spec.Problems) {
	switch {
	case len(sequences) == 0:
		p.Add("train.stateful", "the dataset has no sequences that could be cut into chunks")
	case len(sequences) > 1:
		p.Add("train.stateful", "cuts one sequence a row into chunks; the dataset has %d (%s)", len(sequences), strings.Join(sequences, ", "))
	case slices.ContainsFunc(heads, func(h task.Head) bool { return !h.Sequence() }):
		p.Add("train.stateful", "is for targets with a label for each step (type: tags), so that each chunk has something to learn")
	}
}
