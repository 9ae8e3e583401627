package model

import (
	"fmt"
	"strings"

	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/train/checkpoint"
)

// piece is one named array of a file and where it lies in memory.
type piece struct {
	name  string
	shape graph.Shape
	data  []float32
}

// pieces cuts a variable's array into its parameters. Weights bear their own names; what an optimizer keeps for each of
// them is named after both: optimizer.momentum/dense_1.weight.
func pieces(state *exec.State, name string, data []float32) []piece {
	params := state.Params(name)
	prefix := ""
	if params == nil && state.Class(name) == graph.Slot && len(data) == len(state.Data(VarWeights)) && !strings.HasPrefix(name, carriedInTraining) {
		params, prefix = state.Params(VarWeights), name+"/"
	}
	if params == nil {
		return []piece{{name, state.Shape(name), data}}
	}
	var list []piece
	for _, p := range params {
		list = append(list, piece{prefix + p.Name, p.Shape, data[p.Offset : p.Offset+p.Shape.Size()]})
	}
	return list
}

// restore copies the tensors of a file into the variables of state. Every variable must be found, in its own shape.
func restore(path string, f *checkpoint.File, state *exec.State) error {
	for _, name := range state.Names() {
		if strings.HasPrefix(name, carriedInScoring) { // filled when scoring begins
			continue
		}
		for _, to := range pieces(state, name, state.Data(name)) {
			from := f.Tensor(to.name)
			if from == nil {
				return fmt.Errorf("%s: has no tensor %s", path, to.name)
			}
			if !to.shape.Equal(from.Shape) {
				return fmt.Errorf("%s: tensor %s is %v, the net expects %v", path, to.name, graph.Shape(from.Shape), to.shape)
			}
			values, err := checkpoint.Values[float32](from)
			if err != nil {
				return fmt.Errorf("%s: %w", path, err)
			}
			copy(to.data, values)
		}
	}
	return nil
}
