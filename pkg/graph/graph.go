// Package graph holds the static computation graph: typed values, the nodes that compute them, a builder that infers
// shapes as it goes, a verifier, and the forms it prints itself in. Forward pass, gradients and the optimizer's update
// are nodes of one graph. A finished graph is never changed; a pass makes a new one.
package graph

import "strings"

// Value is one tensor of the graph.
type Value struct {
	ID int
	Type
	Node  *Node // what computes or provides it
	Index int   // which output of the node it is
}

// Node computes its outputs from its inputs, or is a leaf that provides one value.
type Node struct {
	ID      int // nodes are numbered in topological order
	Op      *Op // nil for a leaf
	Leaf    Leaf
	Name    string // of a leaf
	Attrs   any    // the op's settings; nil when it has none
	Inputs  []*Value
	Outputs []*Value
	Scope   string // the layer it belongs to: "dense_1", for messages and profiles
	Block   string // which of the layer's blocks: "0"; "" in layers that have none
	Stage   Stage
}

// Leaf says where the value of a node without an op comes from.
type Leaf uint8

const (
	NotLeaf  Leaf = iota
	Input         // fed by the caller before each run
	Variable      // lives from step to step
	Constant      // known when the graph is built
)

func (l Leaf) String() string { return [...]string{"", "input", "variable", "constant"}[l] }

// Stage is the part of a step that a node belongs to. A program can be run stage by stage: the trainer looks at the
// loss before it lets the update change the weights.
type Stage uint8

const (
	Forward Stage = iota
	Backward
	Update
)

func (s Stage) String() string { return [...]string{"forward", "backward", "update"}[s] }

// Class says what a variable is for; it decides where it is stored in a model file.
type Class uint8

const (
	Weights Class = iota // the flat array of trained parameters
	Frozen               // the flat array of parameters that are not trained
	State                // statistics a layer keeps, such as running means
	Slot                 // what an optimizer remembers; only in training checkpoints
)

func (c Class) String() string { return [...]string{"weights", "frozen", "state", "slot"}[c] }

// Var is a value that lives from step to step. Programs compiled for different batch sizes share it by name.
type Var struct {
	Name  string
	Class Class
	Value *Value
	// Init fills the storage before the first step; nil means zeros.
	Init func(dst []float32)
	// Params tells what lies where in a flat array of parameters, and in the optimizer's slots next to it.
	Params []Param
}

// Param is one named parameter within a flat array.
type Param struct {
	Name   string // dense_1.weight
	Layer  string // dense_1
	Role   string // weight, bias, gamma, beta, table
	Shape  Shape
	Offset int
	// Rate multiplies the learning rate. Default 1.
	Rate float64
	// L1 and L2 are the weights of the penalties Σ|w| and Σw² in the objective.
	L1, L2 float64
	Init   func(dst []float32)
}

// paramAlign is the alignment of parameters in their flat array, in elements: one 64-byte cache line.
const paramAlign = 16

// Assign lets a variable take the value of another at the end of a step.
type Assign struct {
	Var   *Var
	Value *Value
}

// Output is a value the caller can read after a run.
type Output struct {
	Name  string
	Value *Value
}

// Graph is a finished graph.
type Graph struct {
	Nodes   []*Node // in topological order
	Values  []*Value
	Vars    []*Var
	Outputs []Output
	Assigns []Assign
	Consts  map[*Value][]float32
	// Segments numbers, from 1 on, parts of the forward pass by the names of their units: what the backward pass needs of a segment
	// is computed again (pass recompute).
	Segments map[string]int
}

// Unit is the name of the layer, or of the block within a layer, that a node belongs to.
func (n *Node) Unit() string {
	if n.Block == "" {
		return n.Scope
	}
	return n.Scope + "." + n.Block
}

// Piece is the name of the first depth parts of a unit's name, and of the number that follows them: a repetition, or a block.
func Piece(unit string, depth int) string {
	parts := strings.Split(unit, ".")
	depth = min(depth, len(parts))
	if depth < len(parts) && IsNumber(parts[depth]) {
		depth++
	}
	return strings.Join(parts[:depth], ".")
}

// IsNumber reports whether a part of a unit's name is that of a repetition or a block.
func IsNumber(part string) bool { return strings.Trim(part, "0123456789") == "" }

// Var returns the variable of that name, or nil.
func (g *Graph) Var(name string) *Var {
	for _, v := range g.Vars {
		if v.Name == name {
			return v
		}
	}
	return nil
}

// Output returns the output of that name, or nil.
func (g *Graph) Output(name string) *Value {
	for _, o := range g.Outputs {
		if o.Name == name {
			return o.Value
		}
	}
	return nil
}

// Input returns the fed value of that name, or nil.
func (g *Graph) Input(name string) *Value {
	for _, n := range g.Nodes {
		if n.Leaf == Input && n.Name == name {
			return n.Outputs[0]
		}
	}
	return nil
}

// Uses returns, for each value by id, the nodes that read it, in order.
func (g *Graph) Uses() [][]*Node {
	uses := make([][]*Node, len(g.Values))
	for _, n := range g.Nodes {
		for _, v := range n.Inputs {
			if known := uses[v.ID]; len(known) == 0 || known[len(known)-1] != n {
				uses[v.ID] = append(known, n)
			}
		}
	}
	return uses
}

// Live marks the values that an output or a variable's next value needs, by id.
func (g *Graph) Live() []bool {
	live := make([]bool, len(g.Values))
	var mark func(v *Value)
	mark = func(v *Value) {
		if live[v.ID] {
			return
		}
		live[v.ID] = true
		for _, in := range v.Node.Inputs {
			mark(in)
		}
	}
	for _, o := range g.Outputs {
		mark(o.Value)
	}
	for _, a := range g.Assigns {
		mark(a.Value)
	}
	return live
}
