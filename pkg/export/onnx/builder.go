package onnx

import (
	"fmt"
	"math"
	"slices"
	"strings"

	file "dnn/pkg/onnx"
)

// builder collects nodes and constants. Equal nodes become one, so shapes and masks are computed once.
type builder struct {
	graph file.Graph
	taken map[string]string   // names, and what they were to be
	once  map[string][]string // outputs of nodes and names of constants, by what they are
	scope string              // the layer whose nodes are added
}

func newBuilder() *builder { return &builder{taken: map[string]string{}, once: map[string][]string{}} }

// name is a new name.
func (b *builder) name(wanted string) string {
	name := wanted
	for i := 2; b.isTaken(name); i++ {
		name = fmt.Sprint(wanted, "_", i)
	}
	b.taken[name] = wanted
	return name
}

func (b *builder) isTaken(name string) bool {
	_, taken := b.taken[name]
	return taken
}

// Set is an attribute, whose value may be an int, a float64, a string or a list.
func Set(name string, value any) file.Attribute {
	switch v := value.(type) {
	case int:
		value = int64(v)
	case file.Type:
		value = int64(v)
	case float64:
		value = float32(v)
	case []int:
		list := make([]int64, len(v))
		for i, x := range v {
			list[i] = int64(x)
		}
		value = list
	}
	return file.Attribute{Name: name, Value: value}
}

// Node adds a node with one output, and returns its name.
func (b *builder) Node(op string, in []string, settings ...file.Attribute) string {
	return b.Nodes(op, 1, in, settings...)[0]
}

// Nodes adds a node with so many outputs.
func (b *builder) Nodes(op string, outputs int, in []string, settings ...file.Attribute) []string {
	key := fmt.Sprintf("%s %d %q %v", op, outputs, in, settings)
	if out, ok := b.once[key]; ok {
		return out
	}
	label := op
	if b.scope != "" {
		label = b.scope + "/" + op
	}
	n := &file.Node{Op: op, Name: b.name(label), Inputs: slices.Clone(in), Attributes: settings}
	n.Outputs = append(n.Outputs, n.Name)
	for i := 1; i < outputs; i++ {
		n.Outputs = append(n.Outputs, b.name(fmt.Sprint(label, "_", i)))
	}
	b.graph.Nodes = append(b.graph.Nodes, n)
	b.once[key] = n.Outputs
	return n.Outputs
}

// Floats adds a constant of floats.
func (b *builder) Floats(wanted string, x []float32, shape ...int) string {
	return b.constant(file.New(wanted, x, shape...))
}

// Float adds a number.
func (b *builder) Float(x float64) string {
	return b.constant(file.New(fmt.Sprint("number_", float32(x)), []float32{float32(x)}))
}

// Ints adds a list of integers, as shapes and axes are.
func (b *builder) Ints(x ...int) string {
	list := make([]int64, len(x))
	for i, v := range x {
		list[i] = int64(v)
	}
	return b.constant(file.New("list_"+strings.Trim(strings.ReplaceAll(fmt.Sprint(x), " ", "_"), "[]"), list, len(list)))
}

// Int adds an integer.
func (b *builder) Int(x int) string {
	return b.constant(file.New(fmt.Sprint("integer_", x), []int64{int64(x)}))
}

// Doubles adds a constant of float64.
func (b *builder) Doubles(wanted string, x []float64, shape ...int) string {
	return b.constant(doubles(wanted, x, shape...))
}

// doubles is a tensor of float64, which ONNX calls double.
func doubles(name string, x []float64, shape ...int) *file.Tensor {
	bits := make([]int64, len(x))
	for i, v := range x {
		bits[i] = int64(math.Float64bits(v))
	}
	t := file.New(name, bits, shape...)
	t.Type = file.Float64
	return t
}

// constant adds a tensor, or finds one that is the same.
func (b *builder) constant(t *file.Tensor) string {
	key := ""
	if len(t.Data) <= 1<<16 {
		key = fmt.Sprintf("constant %v %v %x %q", t.Type, t.Shape, t.Data, t.Strings)
		if out, ok := b.once[key]; ok {
			return out[0]
		}
	}
	t.Name = b.name(t.Name)
	b.graph.Initializers = append(b.graph.Initializers, t)
	if key != "" {
		b.once[key] = []string{t.Name}
	}
	return t.Name
}

// input adds an input of the graph.
func (b *builder) input(wanted string, t file.Type, dims ...file.Dim) string {
	v := &file.Value{Name: b.name(wanted), Type: t, Shape: dims}
	b.graph.Inputs = append(b.graph.Inputs, v)
	return v.Name
}

// output puts a value out under a name of its own.
func (b *builder) output(wanted, value string, dims []file.Dim) string {
	name := b.name(wanted)
	b.graph.Nodes = append(b.graph.Nodes, &file.Node{Op: "Identity", Name: name, Inputs: []string{value}, Outputs: []string{name}})
	b.graph.Outputs = append(b.graph.Outputs, &file.Value{Name: name, Type: file.Float32, Shape: dims})
	return name
}

// prune removes what no output needs.
func (b *builder) prune() {
	needed := map[string]bool{}
	for _, v := range b.graph.Outputs {
		needed[v.Name] = true
	}
	nodes := b.graph.Nodes
	b.graph.Nodes = nil
	for _, n := range slices.Backward(nodes) {
		if slices.ContainsFunc(n.Outputs, func(name string) bool { return needed[name] }) {
			b.graph.Nodes = append(b.graph.Nodes, n)
			for _, name := range n.Inputs {
				needed[name] = true
			}
			for i, name := range n.Outputs {
				if !needed[name] {
					n.Outputs[i] = ""
				}
			}
		}
	}
	slices.Reverse(b.graph.Nodes)
	for _, n := range b.graph.Nodes { // optional outputs at the end are left out
		for len(n.Outputs) > 1 && n.Outputs[len(n.Outputs)-1] == "" {
			n.Outputs = n.Outputs[:len(n.Outputs)-1]
		}
	}
	b.graph.Initializers = slices.DeleteFunc(b.graph.Initializers, func(t *file.Tensor) bool { return !needed[t.Name] })
	b.graph.Inputs = slices.DeleteFunc(b.graph.Inputs, func(v *file.Value) bool { return !needed[v.Name] })
	b.rename(needed)
}

// rename gives constants the names that they were to have, where what had these is gone.
func (b *builder) rename(needed map[string]bool) {
	to := map[string]string{}
	for _, t := range b.graph.Initializers {
		if wanted := b.taken[t.Name]; !needed[wanted] {
			needed[wanted], to[t.Name] = true, wanted
			t.Name = wanted
		}
	}
	for _, n := range b.graph.Nodes {
		for i, name := range n.Inputs {
			if other, ok := to[name]; ok {
				n.Inputs[i] = other
			}
		}
	}
}
