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
	dtype checkpoint.DType
	shape graph.Shape
	data  []float32 // nil as long as there is no memory for it
	half  []uint16  // in place of data, where the numbers are kept as BF16
	// widens says that data may come from a file as BF16: weights that a training kept so.
	widens bool
}

// floats are the numbers: those in memory, or a copy of BF16.
func (p *piece) floats() []float32 { return graph.Buffer{F: p.data, H: p.half}.Floats() }

// tensor is the piece as files hold it.
func (p *piece) tensor() checkpoint.Tensor {
	if p.dtype == checkpoint.BF16 {
		return checkpoint.NewBF16(p.name, p.shape, p.half)
	}
	return checkpoint.New(p.name, p.shape, p.data)
}

// read takes the numbers over from a tensor of a file.
func (p *piece) read(t *checkpoint.Tensor) error {
	if p.dtype == checkpoint.BF16 {
		values, err := checkpoint.BF16Values(t)
		copy(p.half, values)
		return err
	}
	if p.widens && t.DType == checkpoint.BF16 {
		values, err := checkpoint.BF16Values(t)
		copy(p.data, graph.Buffer{H: values}.Floats())
		return err
	}
	values, err := checkpoint.Values[float32](t)
	copy(p.data, values)
	return err
}

// pieces cuts a variable's array, or that of another variable which stands for it, into its parameters; there may be no memory
// for it yet. Weights bear their own names; what an optimizer keeps for each of them is named after both:
// optimizer.momentum/dense_1.weight.
func pieces(state *exec.State, name, from string) []piece {
	whole, dtype := state.Buffer(from), checkpoint.F32
	if state.Type(from).DType == graph.BF16 {
		dtype = checkpoint.BF16
	}
	params := state.Params(name)
	prefix := ""
	if params == nil && state.Class(name) == graph.Slot && !strings.HasPrefix(name, carriedInTraining) && ofWeights(state, name) {
		params, prefix = state.Params(VarWeights), name+"/"
	}
	if params == nil {
		return []piece{{name: name, dtype: dtype, shape: state.Shape(name), data: whole.F, half: whole.H}}
	}
	var list []piece
	for _, p := range params {
		one, end := piece{name: prefix + p.Name, dtype: dtype, shape: p.Shape}, p.Offset+p.Shape.Size()
		switch {
		case whole.F != nil:
			one.data = whole.F[p.Offset:end]
		case whole.H != nil:
			one.half = whole.H[p.Offset:end]
		}
		list = append(list, one)
	}
	return list
}

// ofWeights reports whether a variable has a number for each of the weights.
func ofWeights(state *exec.State, name string) bool {
	return state.Has(VarWeights) && state.Shape(name).Size() == state.Shape(VarWeights).Size()
}

// stored yields the pieces that files of the net hold. A net that is not to be trained widens its weights when it is loaded, so that
// it predicts no slower.
func stored(n *Network, state *exec.State) (list []piece) {
	for _, name := range state.Names() {
		if strings.HasPrefix(name, carriedInScoring) { // those are filled when scoring begins
			continue
		}
		class := state.Class(name)
		for _, p := range pieces(state, name, name) {
			p.widens = n.Config.Train.Precision.weights() && (class == graph.Weights || class == graph.Frozen)
			list = append(list, p)
		}
	}
	return list
}

// fits says what keeps the tensors of a file from being the variables of state, which may have no memory yet. Every variable
// must be found, in its own shape.
func fits(n *Network, f *checkpoint.File, state *exec.State) error {
	for _, to := range stored(n, state) {
		from := f.Tensor(to.name)
		switch {
		case from == nil:
			return fmt.Errorf("has no tensor %s", to.name)
		case !to.shape.Equal(from.Shape):
			return fmt.Errorf("tensor %s is %v, the net expects %v", to.name, graph.Shape(from.Shape), to.shape)
		case from.DType != to.dtype && !(to.widens && from.DType == checkpoint.BF16):
			want := to.dtype
			if to.widens {
				want = checkpoint.BF16
			}
			return fmt.Errorf("tensor %s holds %s, the net expects %s", to.name, from.DType, want)
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
		if err := fits(n, f, alone); err != nil {
			return err
		}
		if g, err = trainingGraph(n); err != nil {
			return err
		}
	}
	if err := state.Declare(g); err != nil {
		return err
	}
	if err := fits(n, f, state); err != nil {
		return err
	}
	if err := state.Reserve(); err != nil {
		return err
	}
	for _, to := range stored(n, state) {
		if err := to.read(f.Tensor(to.name)); err != nil {
			return err
		}
	}
	return nil
}
