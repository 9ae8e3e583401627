package graph

import (
	"fmt"
	"math"
	"slices"
)

// Builder makes a graph node by node; every node's inputs exist before it, so the order is topological.
type Builder struct {
	g       *Graph
	Scope   string // given to the nodes that are added
	Block   string
	Stage   Stage
	weights *Var
	frozen  *Var
	vars    map[string]*Var
	params  map[string]bool // by the array's name and their own
	adapt   Adapt
}

// Adapt exchanges inputs of a node that is about to be added. What it adds itself is added as it is.
type Adapt func(op *Op, attrs any, in []*Value) []*Value

// NewBuilder returns an empty builder.
func NewBuilder() *Builder {
	return &Builder{g: &Graph{Consts: map[*Value][]float32{}}, vars: map[string]*Var{}, params: map[string]bool{}}
}

// ShapeError is what the builder panics with when an op's inputs do not fit. Whoever builds a part of a graph from user
// input (a layer, a loss) recovers it and says which part.
type ShapeError struct {
	Op  string
	Err error
}

func (e *ShapeError) Error() string { return e.Op + ": " + e.Err.Error() }
func (e *ShapeError) Unwrap() error { return e.Err }

// Add appends a node and returns its outputs. It panics with a *ShapeError when the inputs do not fit.
func (b *Builder) Add(op *Op, attrs any, inputs ...*Value) []*Value {
	inputs = slices.Clone(inputs)
	if f := b.adapt; f != nil {
		b.adapt = nil
		inputs = f(op, attrs, inputs)
		b.adapt = f
	}
	types := make([]Type, len(inputs))
	for i, v := range inputs {
		types[i] = v.Type
	}
	out, err := op.Infer(attrs, types)
	if err != nil {
		panic(&ShapeError{op.Name, err})
	}
	n := &Node{Op: op, Attrs: attrs, Inputs: inputs}
	b.append(n, out...)
	return n.Outputs
}

// One is Add for ops with a single output.
func (b *Builder) One(op *Op, attrs any, inputs ...*Value) *Value {
	return b.Add(op, attrs, inputs...)[0]
}

func (b *Builder) append(n *Node, types ...Type) {
	n.ID, n.Scope, n.Block, n.Stage = len(b.g.Nodes), b.Scope, b.Block, b.Stage
	for i, t := range types {
		v := &Value{ID: len(b.g.Values), Type: t, Node: n, Index: i}
		b.g.Values = append(b.g.Values, v)
		n.Outputs = append(n.Outputs, v)
	}
	b.g.Nodes = append(b.g.Nodes, n)
}

// Input adds a fed value, or returns the one of that name.
func (b *Builder) Input(name string, t Type) *Value {
	if v := b.g.Input(name); v != nil {
		return v
	}
	n := &Node{Leaf: Input, Name: name}
	b.append(n, t)
	return n.Outputs[0]
}

// Const adds a float32 constant.
func (b *Builder) Const(shape Shape, data []float32) *Value {
	n := &Node{Leaf: Constant}
	b.append(n, Type{F32, slices.Clone(shape)})
	b.g.Consts[n.Outputs[0]] = data
	return n.Outputs[0]
}

// Scalar adds a constant of one element.
func (b *Builder) Scalar(x float64) *Value { return b.Const(Shape{}, []float32{float32(x)}) }

// Var adds a variable of float32, or returns the one of that name.
func (b *Builder) Var(name string, class Class, shape Shape, init func(dst []float32)) *Var {
	return b.VarOf(name, class, Type{F32, shape}, init)
}

// VarOf adds a variable of any type, or returns the one of that name. Its first values are rounded to the type.
func (b *Builder) VarOf(name string, class Class, t Type, init func(dst []float32)) *Var {
	if v := b.vars[name]; v != nil {
		return v
	}
	n := &Node{Leaf: Variable, Name: name}
	b.append(n, Type{t.DType, slices.Clone(t.Shape)})
	v := &Var{Name: name, Class: class, Value: n.Outputs[0], Init: init}
	b.g.Vars, b.vars[name] = append(b.g.Vars, v), v
	return v
}

// SetAdapt lets f look at all nodes with an op that are added from now on; nil ends that.
func (b *Builder) SetAdapt(f Adapt) { b.adapt = f }

// ParamOf is Graph.ParamOf, of what was added so far.
func (b *Builder) ParamOf(v *Value) (*Param, *Var) { return b.g.ParamOf(v) }

// Weights is the flat array of all trained parameters, nil when there are none.
func (b *Builder) Weights() *Var { return b.weights }

// Vars lists the variables added so far.
func (b *Builder) Vars() []*Var { return b.g.Vars }

// Param lays a parameter into the flat array (of trained or of frozen ones) and returns a view of it. Two parameters of
// one name are a mistake of the program.
func (b *Builder) Param(p Param, trainable bool) *Value {
	flat, name, class := &b.weights, "weights", Weights
	if !trainable {
		flat, name, class = &b.frozen, "frozen", Frozen
	}
	view, v := b.lay(name, class, p)
	*flat = v
	return view
}

// SlotParam is Param for an array of that name which only training has: it is in checkpoints, and in no finished model.
func (b *Builder) SlotParam(name string, p Param) *Value {
	view, _ := b.lay(name, Slot, p)
	return view
}

// lay lays a parameter into the flat array of that name.
func (b *Builder) lay(name string, class Class, p Param) (view *Value, v *Var) {
	if v = b.vars[name]; v == nil {
		scope, stage := b.Scope, b.Stage
		b.Scope, b.Stage = "", Forward
		v = b.Var(name, class, Shape{0}, nil)
		b.Scope, b.Stage = scope, stage
	}
	if b.params[name+"/"+p.Name] {
		panic("graph: parameter " + p.Name + " is defined twice")
	}
	b.params[name+"/"+p.Name] = true
	p.Offset = v.Value.Shape[0]
	if p.Rate == 0 {
		p.Rate = 1
	}
	v.Params = append(v.Params, p)
	v.Value.Shape[0] = min(v.Value.Shape[0]+aligned(p.Shape.Size()), math.MaxInt/16)
	v.Init = initParams(v)
	return b.One(View, ViewAttrs{Offset: p.Offset, Shape: p.Shape}, v.Value), v
}

// aligned is how many elements a parameter takes in its flat array.
func aligned(size int) int { return (size + paramAlign - 1) / paramAlign * paramAlign }

// initParams fills a flat array parameter by parameter.
func initParams(v *Var) func(dst []float32) {
	return func(dst []float32) {
		for _, q := range v.Params {
			if q.Init != nil {
				q.Init(dst[q.Offset : q.Offset+q.Shape.Size()])
			}
		}
	}
}

// SetOutput names a value that the caller reads after a run.
func (b *Builder) SetOutput(name string, v *Value) {
	b.g.Outputs = append(b.g.Outputs, Output{name, v})
}

// Recompute sets the graph's segments.
func (b *Builder) Recompute(segments map[string]int) { b.g.Segments = segments }

// Assign lets variable v take the value x at the end of each step.
func (b *Builder) Assign(v *Var, x *Value) {
	if !v.Value.Type.Equal(x.Type) {
		panic(fmt.Sprintf("graph: variable %s, %v, cannot take a value of type %v", v.Name, v.Value.Type, x.Type))
	}
	b.g.Assigns = append(b.g.Assigns, Assign{v, x})
}

// TakeAssigns returns what variables were to take at the end of a step, and has them take nothing.
func (b *Builder) TakeAssigns() []Assign {
	taken := b.g.Assigns
	b.g.Assigns = nil
	return taken
}

// Values returns the values made so far; the reverse walk needs them.
func (b *Builder) Values() []*Value { return b.g.Values }

// Finish verifies and returns the graph. The builder must not be used afterwards.
func (b *Builder) Finish() (*Graph, error) {
	if err := b.g.Verify(); err != nil {
		return nil, err
	}
	return b.g, nil
}
