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
	data  []float32 // nil as long as there is no memory for it
}

// pieces cuts a variable's array, which may be nil, into its parameters. Weights bear their own names; what an optimizer keeps
// for each of them is named after both: optimizer.momentum/dense_1.weight.
func pieces(state *exec.State, name string, data []float32) []piece {
	params := state.Params(name)
	prefix := ""
	if params == nil && state.Class(name) == graph.Slot && !strings.HasPrefix(name, carriedInTraining) && ofWeights(state, name) {
		params, prefix = state.Params(VarWeights), name+"/"
	}
	if params == nil {
		return []piece{{name, state.Shape(name), data}}
	}
	var list []piece
	for _, p := range params {
		one := piece{name: prefix + p.Name, shape: p.Shape}
		if data != nil {
			one.data = data[p.Offset : p.Offset+p.Shape.Size()]
		}
		list = append(list, one)
	}
	return list
}

// ofWeights reports whether a variable has a number for each of the weights.
func ofWeights(state *exec.State, name string) bool {
	weights := state.Data(VarWeights) != nil || state.Params(VarWeights) != nil
	return weights && state.Shape(name).Size() == state.Shape(VarWeights).Size()
}

// stored yields the pieces that files hold.
func stored(state *exec.State) (list []piece) {
	for _, name := range state.Names() {
		if !strings.HasPrefix(name, carriedInScoring) { // those are filled when scoring begins
			list = append(list, pieces(state, name, state.Data(name))...)
		}
	}
	return list
}

// fits says what keeps the tensors of a file from being the variables of state, which may have no memory yet. Every variable
// must be found, in its own shape.
func fits(f *checkpoint.File, state *exec.State) error {
	for _, to := range stored(state) {
		from := f.Tensor(to.name)
		switch {
		case from == nil:
			return fmt.Errorf("has no tensor %s", to.name)
		case !to.shape.Equal(from.Shape):
			return fmt.Errorf("tensor %s is %v, the net expects %v", to.name, graph.Shape(from.Shape), to.shape)
		case from.DType != checkpoint.F32:
			return fmt.Errorf("tensor %s holds %s, the net expects %s", to.name, from.DType, checkpoint.F32)
		}
	}
	return nil
}

// restore gives the net the weights of a file and, if it can be resumed, what training keeps. Before any memory is taken, what
// the net asks for is compared with what the file has: a foreign spec may ask for anything.
func restore(n *Network, f *checkpoint.File, state *exec.State, resumable bool) error {
	g, err := n.PredictGraph(Rows(1))
	if err != nil {
		return err
	}
	if resumable {
		alone := exec.NewState()
		if err := alone.Declare(g); err != nil {
			return err
		}
		if err := fits(f, alone); err != nil {
			return err
		}
		if g, err = trainingGraph(n); err != nil {
			return err
		}
	}
	if err := state.Declare(g); err != nil {
		return err
	}
	if err := fits(f, state); err != nil {
		return err
	}
	if err := state.Reserve(); err != nil {
		return err
	}
	for _, to := range stored(state) {
		values, err := checkpoint.Values[float32](f.Tensor(to.name))
		if err != nil {
			return err
		}
		copy(to.data, values)
	}
	return nil
}
