package layers

import (
	"slices"
	"strings"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/spec"
)

// inputs makes the dataset's inputs available to layers by name; each is added to the graph when first asked for.
type inputs struct {
	b      *graph.Builder
	list   []Input
	batch  int
	byName map[string]Signal
	taken  map[string]bool // gets the names that layers asked for, where not nil
}

func newInputs(b *graph.Builder, list []Input, batch int, taken map[string]bool) *inputs {
	return &inputs{b, list, batch, map[string]Signal{}, taken}
}

// take notes that layers asked for a name.
func (in *inputs) take(name string) {
	if in.taken != nil {
		in.taken[name] = true
	}
}

func (in *inputs) names() []string {
	var names []string
	for _, x := range in.list {
		names = append(names, x.Name)
	}
	return names
}

// block is the fed value that carries an input.
func (in *inputs) block(x *Input) *graph.Value {
	t := graph.Type{Shape: append(graph.Shape{in.batch}, x.BlockShape...)}
	if x.Ints {
		t.DType = graph.I32
	}
	return in.b.Input(x.Block, t)
}

// get returns the input of that name.
func (in *inputs) get(name string) (Signal, bool) {
	in.take(name)
	if s, ok := in.byName[name]; ok {
		return s, true
	}
	for i := range in.list {
		x := &in.list[i]
		if x.Name != name {
			continue
		}
		if x.Unresolved {
			return in.standIn(x.Flat), true
		}
		v := in.block(x)
		if x.Hi > 0 && (x.Lo > 0 || x.Hi < x.BlockShape.Last()) {
			v = op.Slice(in.b, v, 1, x.Lo, x.Hi)
		}
		if want := append(graph.Shape{in.batch}, x.Shape...); len(x.Shape) > 0 && !v.Shape.Equal(want) {
			v = op.Reshape(in.b, v, want...)
		}
		s := Signal{Value: v, Categories: x.Categories, words: x.Words, shared: x.Shared, inferred: x.Inferred}
		if x.MaxSteps > 0 {
			s.bound = bound{v.Shape[1], x.MaxSteps}
		}
		if x.Lengths != "" {
			s.Lengths = in.b.Input(x.Lengths, graph.Ints(in.batch))
		}
		in.byName[name] = s
		return s, true
	}
	for _, x := range in.list {
		if slices.Contains(x.Meant, name) {
			return in.standIn(x.Flat), true
		}
	}
	return Signal{}, false
}

// because says why inputs that are not like the others have their types, where that was inferred.
func (in *inputs) because() string {
	text := ""
	for _, x := range in.list {
		if x.Inferred != "" && (x.Ints || len(x.BlockShape) != 1) {
			text += "; " + x.Inferred
		}
	}
	return text
}

// standIn stands for inputs that are not known, flat ones being a list of floats.
func (in *inputs) standIn(flat bool) Signal {
	s := Signal{Value: in.b.Const(graph.Shape{in.batch, 1}, make([]float32, in.batch)), unknown: shapeUnknown}
	if flat {
		s.unknown = widthUnknown
	}
	return s
}

// has reports whether an input has that name.
func (in *inputs) has(name string) bool { return slices.Contains(in.names(), name) }

// all is what feeds the first layer when it names no inputs: the only input, or all of them side by side when they are
// columns of one block of floats. Others must be named.
func (in *inputs) all(p *spec.Problems) []Signal {
	switch len(in.list) {
	case 0: // the dataset has mistakes of its own
		return []Signal{in.standIn(false)}
	case 1:
		s, _ := in.get(in.list[0].Name)
		return []Signal{s}
	}
	if slices.ContainsFunc(in.list, func(x Input) bool { return x.Unresolved }) {
		odd := func(x Input) bool {
			return x.Unresolved && !x.Flat || !x.Unresolved && (x.Ints || len(x.BlockShape) != 1)
		}
		return []Signal{in.standIn(!slices.ContainsFunc(in.list, odd))}
	}
	for i := range in.list { // which may be thousands
		if x := &in.list[i]; x.Block != in.list[0].Block || x.Ints {
			p.Add("layers[0]", "the dataset's inputs cannot be joined into one (%s); say which the layer takes, for example inputs: [%s]%s",
				strings.Join(in.names(), ", "), in.list[0].Name, in.because())
			s, _ := in.get(in.list[0].Name)
			s.unknown = shapeUnknown
			return []Signal{s}
		}
	}
	for i := range in.list {
		in.take(in.list[i].Name)
	}
	return []Signal{{Value: in.block(&in.list[0])}}
}
