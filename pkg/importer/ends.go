package importer

import (
	"fmt"
	"slices"
	"strings"

	"dnn/pkg/onnx"
)

// Sizes at which a graph is read where it leaves them open. They are primes that nets do not have, so that what is computed of them
// is not taken for something else.
var openSizes = []int{3, 17, 19, 23, 29}

// enter makes values of the graph's inputs and initializers.
func (r *reader) enter() {
	for _, t := range r.graph.Initializers {
		r.values[t.Name], r.initial[t.Name] = &value{}, true
		if err := guarded(func() { r.values[t.Name] = constant(arrayOf(t)); r.held += sizeOf(t.Shape) }); err != nil {
			r.values[t.Name].why = fmt.Sprintf("tensor %s: %v", t.Name, err)
		}
	}
	for _, n := range r.graph.Nodes {
		for _, name := range n.Inputs {
			r.uses[name]++
		}
	}
	for _, o := range r.graph.Outputs {
		r.uses[o.Name]++
	}
	named := map[string]int{}
	for _, v := range r.graph.Inputs {
		if !r.initial[v.Name] && r.uses[v.Name] > 0 {
			r.enterInput(v, named)
		}
	}
	if len(r.net.Inputs) == 0 {
		fail("the graph has no input")
	}
}

// enterInput makes a signal of an input: the first axis is the batch.
func (r *reader) enterInput(v *onnx.Value, named map[string]int) {
	if v.Unranked || len(v.Shape) == 0 {
		fail("input %s has no shape", v.Name)
	}
	in := &Input{Name: r.free(v.Name, "input"), Graph: v.Name}
	s := &signal{layer: in.Name, alone: r.uses[v.Name] == 1}
	for i, d := range v.Shape {
		a := &atom{size: d.Size, batch: i == 0}
		if d.Size < 0 {
			a.open = true
			a.size = r.openSize(d.Name, i == 0, named)
		}
		if a.batch && r.batch != nil {
			a = r.batch
		}
		if a.batch {
			r.batch = a
		}
		in.atoms = append(in.atoms, a)
		s.axes = append(s.axes, group{a})
	}
	if v.Type != onnx.Float32 && v.Type != onnx.Float64 && v.Type != onnx.Float16 {
		in.Tokens = -1 // until an embedding says how many
	}
	r.inputs[in.Name] = in
	r.net.Inputs = append(r.net.Inputs, in)
	r.values[v.Name] = signalOf(s)
}

// openSize is the size at which an axis is read that has none.
func (r *reader) openSize(name string, batch bool, named map[string]int) int {
	if batch {
		return 2
	}
	if n, ok := named[name]; ok && name != "" {
		return n
	}
	n := openSizes[min(len(named), len(openSizes)-1)]
	named[name] = n
	return n
}

// finish takes the first output as that of the net, and leaves out what only others need.
func (r *reader) finish() {
	if len(r.graph.Outputs) == 0 {
		fail("the graph has no output")
	}
	first := r.graph.Outputs[0]
	v := r.values[first.Name]
	if v == nil || v.signal == nil {
		why := "does not depend on the inputs"
		if v != nil && v.why != "" {
			why = v.why
		}
		fail("output %s: %s", first.Name, why)
	}
	s := r.settled(v.signal)
	if r.layers[s.layer] == nil {
		fail("output %s is an input", first.Name)
	}
	r.order(s, first.Name)
	for _, o := range r.graph.Outputs[1:] {
		r.net.Notes = append(r.net.Notes, fmt.Sprintf("output %s is left out: the net is that of %s", o.Name, first.Name))
	}
	r.keep(s.layer)
	r.end()
	for _, in := range r.net.Inputs {
		in.settle()
	}
	r.chain()
}

// order notes where the axes of the output lie in that of the last layer, if that is another order than the graph's.
func (r *reader) order(s *signal, name string) {
	if slices.Equal(significant(flat(s.own)), significant(row(flat(s.axes)))) {
		return
	}
	axes := make([]int, len(s.axes)) // of the last layer's output, with the batch
	for i, g := range s.axes {
		if isBatch(g) {
			continue
		}
		at := slices.IndexFunc(s.own, func(o group) bool { return sameAtoms(o, g) && len(significant(g)) > 0 })
		if at < 0 || !slices.Equal(significant(s.own[at]), significant(g)) || len(s.own) != len(s.axes)-1 {
			fail("output %s lies in another order than the last layer's, and no layer exchanges axes", name)
		}
		axes[i] = at + 1
	}
	r.net.out = axes
	r.net.Notes = append(r.net.Notes, fmt.Sprintf("output %s has its axes in another order here: channels come last", name))
}

// keep leaves out layers and inputs that a layer does not need.
func (r *reader) keep(last string) {
	needed := map[string]bool{}
	var visit func(name string)
	visit = func(name string) {
		name, _, _ = strings.Cut(name, ".")
		if needed[name] {
			return
		}
		needed[name] = true
		if l := r.layers[name]; l != nil {
			for _, in := range l.Inputs {
				visit(in)
			}
		}
	}
	visit(last)
	r.net.Layers = slices.DeleteFunc(r.net.Layers, func(l *Layer) bool { return !needed[l.Name] })
	r.net.Inputs = slices.DeleteFunc(r.net.Inputs, func(in *Input) bool { return !needed[in.Name] })
	at := slices.IndexFunc(r.net.Layers, func(l *Layer) bool { return l.Name == last })
	l := r.net.Layers[at]
	r.net.Layers = append(slices.Delete(r.net.Layers, at, at+1), l)
}

// end takes off what the loss does.
func (r *reader) end() {
	n := len(r.net.Layers)
	last := r.net.Layers[n-1]
	switch word := last.setting("function") + last.setting("activation"); word {
	case "softmax", "log_softmax", "sigmoid":
		if last.Kind == "activation" && n > 1 && last.Inputs[0] == r.net.Layers[n-2].Name {
			r.net.Layers = r.net.Layers[:n-1]
		} else {
			last.unset("activation")
		}
		r.net.Ends = word
	}
}

// settle makes what others may know of an input.
func (in *Input) settle() {
	if in.own == nil {
		for _, a := range row(in.atoms) {
			in.own = append(in.own, group{a})
		}
	}
	at := map[*atom]int{}
	for i, g := range in.own {
		in.Shape = append(in.Shape, g.size())
		for _, a := range g {
			at[a] = i
		}
	}
	free := []int{} // axes of size 1, which have no atom
	for i, g := range in.own {
		if len(g) == 0 {
			free = append(free, i)
		}
	}
	for _, a := range in.atoms {
		if _, ok := at[a]; !ok && !a.batch && a.size == 1 && len(free) > 0 {
			at[a], free = free[0], free[1:]
		}
	}
	in.Steps = len(in.own) > 0 && slices.ContainsFunc(in.own[0], func(a *atom) bool { return a.open })
	for _, a := range in.atoms {
		if a.batch {
			in.Axes = append(in.Axes, -1)
			continue
		}
		i, ok := at[a]
		if !ok || len(in.own[i]) > 1 {
			fail("input %s is taken apart by a reshape before any layer", in.Name)
		}
		in.Axes = append(in.Axes, i)
	}
}

// chain leaves out inputs of layers that follow from their order, and makes sure that a layer stands behind what feeds it.
func (r *reader) chain() {
	before := ""
	if len(r.net.Inputs) == 1 {
		before = r.net.Inputs[0].Name
	}
	for _, l := range r.net.Layers {
		if len(l.Inputs) == 1 && l.Inputs[0] == before {
			l.Inputs = nil
		}
		before = l.Name
	}
}
