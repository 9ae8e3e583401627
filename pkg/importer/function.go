package importer

import (
	"fmt"
	"maps"
	"math"
	"slices"

	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/layers/activation"
	"dnn/pkg/onnx"
	"dnn/pkg/spec"
)

// withFunction is what is to be applied to each element of a layer's output. Exporters write activations in pieces: x·sigmoid(x), or
// x/2·(1+erf(x/√2)). The pieces are put together as they come, and what they compute is compared with the activations there are.
type function struct {
	at    func(x float64) float64
	apart func() *signal // the same by layers that join two signals, or nil
	edges map[edge]bool  // what it reads
	layer string         // what it became, once a layer has needed it
	steps int            // how many operators one element passes
}

// edge is an input of a node.
type edge struct {
	node  *onnx.Node
	input int
}

// edgesOf are those of a function that a node applies to its input i.
func edgesOf(n *node, inputs ...int) map[edge]bool {
	all := map[edge]bool{}
	for _, i := range inputs {
		all[edge{n.Node, i}] = true
		if f := n.in[i].signal.fn; f != nil {
			maps.Copy(all, f.edges)
		}
	}
	return all
}

// stepsOf counts the operators of a function of the elements of signals. A hostile graph doubles them again and again.
func stepsOf(signals ...*signal) int {
	steps := 1
	for _, s := range signals {
		if s.fn != nil {
			steps += s.fn.steps
		}
	}
	if steps > 500 {
		fail("applies more than 500 operators to each element, and activations have less")
	}
	return steps
}

// closed reports whether nothing but the function reads what it is made of.
func (f *function) closed(r *reader) bool {
	reads := map[string]int{}
	for e := range f.edges {
		reads[e.node.Inputs[e.input]]++
	}
	for name, n := range reads {
		if r.uses[name] != n {
			return false
		}
	}
	return true
}

// value is what the signal has in place of an element x of the layer's output.
func (s *signal) value(x float64) float64 {
	if s.fn == nil {
		return x
	}
	return s.fn.at(x)
}

// withFunction is input i with a function applied on top.
func withFunction(n *node, i int, f func(x float64) float64) *signal {
	s := n.signal(i)
	out := *s
	out.fn = &function{at: func(x float64) float64 { return f(s.value(x)) }, edges: edgesOf(n, i), steps: stepsOf(s)}
	return &out
}

// applied is the first input with a function applied on top.
func applied(n *node, f func(x float64) float64) *signal { return withFunction(n, 0, f) }

// grid are the numbers at which functions are compared.
var grid = func() (x []float64) {
	for i := -160; i <= 160; i++ {
		x = append(x, float64(i)/16+.011)
	}
	return x
}()

// closeTo reports whether two functions have the same values, but for the rounding of float32.
func closeTo(f, g []float64) bool {
	for i := range f {
		if !(math.Abs(f[i]-g[i]) <= 2e-6*(1+math.Abs(f[i]))) {
			return false
		}
	}
	return true
}

// settled is a signal whose function has become a layer, or the activation of one.
func (r *reader) settled(s *signal) *signal {
	if s.part != nil {
		fail("takes a part of what layer %s computes, and that is no layer", s.layer)
	}
	if slices.ContainsFunc(flat(s.own), func(a *atom) bool { return a.pad != nil }) {
		fail("its input is padded, which only a convolution can take up")
	}
	if s.fn == nil {
		return s
	}
	if s.fn.layer == "" { // every reader gets the same layer
		s.fn.layer = r.settle(s).layer
	}
	out := *s
	out.fn, out.layer, out.alone = nil, s.fn.layer, s.fn.closed(r) && s.raw || s.alone
	return &out
}

// settle makes a layer of what is to be applied to each element, or a part of the one before.
func (r *reader) settle(s *signal) *signal {
	f, y := s.fn, make([]float64, len(grid))
	for i, x := range grid {
		y[i] = f.at(x)
	}
	out := *s
	out.fn, out.alone = nil, s.alone || s.raw && s.fn.closed(r)
	s = &out
	if closeTo(y, grid) {
		return &out
	}
	if scale, shift, ok := linear(y); ok {
		l := r.fresh(s)
		if l == nil {
			fail("multiplies by %.6g and adds %.6g, which no layer does; scale the data instead", scale, shift)
		}
		l.scale(func(int) float64 { return scale })
		l.shift(func(int) float64 { return shift })
		return &out
	}
	text := recognize(y)
	if l := r.fresh(s); text == "" && l != nil && takesActivation(l) {
		if kind, scale, shift, ok := rescaled(y); ok {
			l.scale(func(int) float64 { return scale })
			l.shift(func(int) float64 { return shift })
			l.set("activation", kind)
			return &out
		}
	}
	switch {
	case text == "" && f.apart != nil:
		return f.apart()
	case text == "":
		fail("a function of each element that is none of the activations: %s", sketch(f.at))
	}
	if l := r.fresh(s); l != nil && takesActivation(l) {
		l.set("activation", text)
		return &out
	}
	l := r.add("activation", "", s)
	l.set("function", text)
	out.layer, out.alone = l.Name, true
	return &out
}

// linear are the factor and the term of a linear function.
func linear(y []float64) (scale, shift float64, ok bool) {
	last := len(grid) - 1
	scale = (y[last] - y[0]) / (grid[last] - grid[0])
	shift = y[0] - scale*grid[0]
	line := make([]float64, len(grid))
	for i, x := range grid {
		line[i] = scale*x + shift
	}
	return scale, shift, closeTo(y, line)
}

// rescaled is a sigmoid or tanh of a linear function, which the weights before it can take up: of temperatures, for example.
func rescaled(y []float64) (kind string, scale, shift float64, ok bool) {
	for kind, f := range map[string]struct{ at, back func(float64) float64 }{
		"sigmoid": {sigmoid, func(y float64) float64 { return math.Log(y / (1 - y)) }},
		"tanh":    {math.Tanh, math.Atanh},
	} {
		mid := len(grid) / 2 // where neither is flat
		low, high := f.back(y[mid-4]), f.back(y[mid+4])
		scale = (high - low) / (grid[mid+4] - grid[mid-4])
		shift = low - scale*grid[mid-4]
		line := make([]float64, len(grid))
		for i, x := range grid {
			line[i] = f.at(scale*x + shift)
		}
		if closeTo(y, line) {
			return kind, scale, shift, true
		}
	}
	return "", 0, 0, false
}

// sketch is a function as a few of its values.
func sketch(f func(x float64) float64) (text string) {
	for i, x := range []float64{-2, -1, 0, 1, 2} {
		if i > 0 {
			text += ", "
		}
		text += fmt.Sprintf("f(%g) = %.4g", x, f(x))
	}
	return text
}

// recognize is the activation with these values on the grid, as it is written in a spec; "" where there is none.
func recognize(y []float64) string {
	for _, key := range activation.Registry.Keys() {
		for _, text := range variants(key, y) {
			if closeTo(y, evaluated(text)) {
				return text
			}
		}
	}
	return ""
}

// variants are an activation with the settings that its values speak for.
func variants(key string, y []float64) []string {
	list := []string{key}
	switch low := y[0] / grid[0]; key {
	case "softmax", "log_softmax", "linear":
		return nil // not of each element alone
	case "gelu":
		list = append(list, "{type: gelu, approximate: tanh}")
	case "leaky_relu":
		if low > 0 && low < 1 {
			list = append(list, fmt.Sprintf("{type: leaky_relu, alpha: %.6g}", low))
		}
	case "elu":
		if y[0] < 0 {
			list = append(list, fmt.Sprintf("{type: elu, alpha: %.6g}", y[0]/math.Expm1(grid[0])))
		}
	}
	return list
}

// evaluated are the values of an activation on the grid.
func evaluated(text string) []float64 {
	doc, err := spec.Parse("activation", []byte("activation: "+text+"\n"), nil)
	if err != nil {
		panic(err) // was written here
	}
	var p spec.Problems
	var s struct{ Activation activation.Activation }
	if doc.Decode(&s, &p); p.Len() > 0 {
		return nil
	}
	b := graph.NewBuilder()
	x := make([]float64, len(grid))
	copy(x, grid)
	b.SetOutput("y", s.Activation.Apply(b, b.Input("x", graph.Type{DType: graph.F32, Shape: graph.Shape{1, len(grid)}})))
	g, err := b.Finish()
	if err != nil {
		panic(err)
	}
	return exec.Evaluate(g, map[string]graph.Ref{"x": {F: x}})[g.Output("y")].F
}
