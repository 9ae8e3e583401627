package model

import (
	"fmt"
	"maps"
	"strings"

	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/hints"
	"dnn/pkg/train/checkpoint"
	"dnn/pkg/weights"
)

// piece is one named array of a file and where it lies in memory.
type piece struct {
	name  string
	dtype checkpoint.DType // in the file
	shape graph.Shape
	// data is empty as long as there is no memory for it. Numbers of 16 bits are there as such, or as float32.
	data graph.Buffer
	// widens says that data may come from a file as BF16: weights that a training kept so.
	widens bool
}

// dtypes are those that files have for values in memory.
var dtypes = map[graph.DType]checkpoint.DType{
	graph.F32: checkpoint.F32, graph.I32: checkpoint.I32, graph.BF16: checkpoint.BF16, graph.I8: checkpoint.I8, graph.U8: checkpoint.U8,
}

// floats are the numbers: those in memory, or a copy of BF16.
func (p *piece) floats() []float32 { return p.data.Floats() }

// tensor is the piece as files hold it.
func (p *piece) tensor() checkpoint.Tensor {
	switch half := p.data.H; {
	case p.dtype == checkpoint.BF16 || p.dtype == checkpoint.F16:
		if half == nil {
			half = weights.Narrow(p.dtype, p.data.F)
		}
		if p.dtype == checkpoint.F16 {
			return checkpoint.NewF16(p.name, p.shape, half)
		}
		return checkpoint.NewBF16(p.name, p.shape, half)
	case p.data.I != nil:
		return checkpoint.New(p.name, p.shape, p.data.I)
	case p.data.S != nil:
		return checkpoint.New(p.name, p.shape, p.data.S)
	case p.data.U != nil:
		return checkpoint.New(p.name, p.shape, p.data.U)
	}
	return checkpoint.New(p.name, p.shape, p.data.F)
}

// read takes the numbers over from a tensor of a file.
func (p *piece) read(t *checkpoint.Tensor) error {
	if p.dtype == checkpoint.BF16 || p.dtype == checkpoint.F16 || p.widens && t.DType == checkpoint.BF16 {
		return p.readHalf(t)
	}
	switch {
	case p.data.I != nil:
		return readInto(p.data.I, t)
	case p.data.S != nil:
		return readInto(p.data.S, t)
	case p.data.U != nil:
		return readInto(p.data.U, t)
	}
	return readInto(p.data.F, t)
}

func readInto[T checkpoint.Number](dst []T, t *checkpoint.Tensor) error {
	values, err := checkpoint.Values[T](t)
	copy(dst, values)
	return err
}

// readHalf is read for numbers of 16 bits.
func (p *piece) readHalf(t *checkpoint.Tensor) error {
	values, err := checkpoint.BF16Values(t)
	if p.dtype == checkpoint.F16 {
		values, err = checkpoint.F16Values(t)
	}
	if err != nil || p.data.F == nil {
		copy(p.data.H, values)
		return err
	}
	weights.Wide(t.DType, p.data.F, values)
	return nil
}

// pieces cuts a variable's array, or that of another variable which stands for it, into its parameters; there may be no memory
// for it yet. Weights bear their own names; what an optimizer keeps for each of them is named after both:
// optimizer.momentum/dense_1.weight.
func pieces(state *exec.State, name, from string) []piece {
	whole, dtype := state.Buffer(from), dtypes[state.Type(from).DType]
	params := state.Params(name)
	prefix := ""
	switch {
	case state.Class(name) != graph.Slot:
	case strings.HasPrefix(name, hints.Projection): // whose parameters say what they are called
	case params == nil && !strings.HasPrefix(name, carriedInTraining) && ofWeights(state, name):
		params, prefix = state.Params(VarWeights), name+"/"
	}
	if params == nil {
		return []piece{{name: name, dtype: dtype, shape: state.Shape(name), data: whole}}
	}
	var list []piece
	for _, p := range params {
		one, end := piece{name: prefix + p.Name, dtype: dtype, shape: p.Shape}, p.Offset+p.Shape.Size()
		switch {
		case whole.F != nil:
			one.data.F = whole.F[p.Offset:end]
		case whole.H != nil:
			one.data.H = whole.H[p.Offset:end]
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
	files := n.Forms.Files()
	for _, name := range state.Names() {
		if strings.HasPrefix(name, carriedInScoring) { // those are filled when scoring begins
			continue
		}
		class := state.Class(name)
		for _, p := range pieces(state, name, name) {
			p.widens = n.Config.Train.Precision.weights() && (class == graph.Weights || class == graph.Frozen)
			p.storeAs(files)
			list = append(list, p)
		}
	}
	return list
}

// storeAs sets the type that files have for it, where its form says one.
func (p *piece) storeAs(files map[string]checkpoint.DType) {
	if d, ok := files[p.name]; ok {
		p.dtype, p.widens = d, false
	}
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
	if n.Forms == nil {
		return nil
	}
	return n.Forms.Valid(state.Buffer)
}

// Shapes are those of all that the layers of the net learn, by name.
func Shapes(n *Network) (map[string]graph.Shape, error) {
	state, err := declared(n)
	if err != nil {
		return nil, err
	}
	shapes := map[string]graph.Shape{}
	for _, p := range stored(n, state) {
		shapes[p.name] = p.shape
	}
	return shapes, nil
}

// declared is a state with the variables of the net, without memory.
func declared(n *Network) (*exec.State, error) {
	g, err := n.PredictGraph(Rows(1))
	if err != nil {
		return nil, err
	}
	state := exec.NewState()
	return state, state.Declare(g)
}

// Filled is a model of another net, such as With makes, that has learned what is given for each of its parameters and states by name.
func (f *File) Filled(n *Network, learned map[string][]float32) (*File, error) {
	state, err := declared(n)
	if err != nil {
		return nil, err
	}
	if err := state.Reserve(); err != nil {
		return nil, err
	}
	rest := maps.Clone(learned)
	for _, p := range stored(n, state) {
		from, ok := rest[p.name]
		if !ok || len(from) != p.shape.Size() {
			return nil, fmt.Errorf("internal error: there are %d numbers for %s, which is %v", len(from), p.name, p.shape)
		}
		copy(p.data.F, from)
		delete(rest, p.name)
	}
	for name := range rest {
		return nil, fmt.Errorf("internal error: the net has no %s", name)
	}
	return &File{Path: f.Path, Net: n, State: state}, nil
}
