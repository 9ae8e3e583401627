package calls

import (
	"fmt"

	"dnn/internal/registry"
	"dnn/pkg/graph"
)

// Kind says what the nodes of an op become.
type Kind func(e *Emitter, n *graph.Node)

// Registry holds the kinds, by op.
var Registry = registry.New[Kind]("exported op")

// Unsupported is the error of a node whose op has no kind, or of one that cannot be written as calls.
type Unsupported struct{ Layer, Op, Why string }

func (e *Unsupported) Error() string {
	layer := e.Layer
	if layer == "" {
		layer = "the net"
	}
	why := e.Why
	if why == "" {
		why = "is not supported"
	}
	return fmt.Sprintf("layer %s: op %s %s", layer, e.Op, why)
}

// ref is an argument that becomes a Buffer when places are known: a value of the graph, or scratch memory.
type ref struct {
	value   *graph.Value
	scratch int // its number, from 1 on
	write   bool
}

// Emitter collects the calls of a net.
type Emitter struct {
	net     *Net
	data    Data // what is known when the net is exported
	tables  map[*graph.Value]Buffer
	scratch []piece // sizes and spaces
	inPlace []int   // calls whose first argument may take the place of the second
	live    []bool
	node    *graph.Node
	err     error
}

// mostNumbers is how many numbers a value may have: no larger net is put into source.
const mostNumbers = 1 << 28

// New makes calls of a graph. data is what its variables hold.
func New(g *graph.Graph, data func(v *graph.Var) graph.Buffer) (*Net, error) {
	e := &Emitter{net: &Net{}, data: DataOf(g, data), tables: map[*graph.Value]Buffer{}}
	for _, v := range g.Values {
		if v.Shape.Size() > mostNumbers {
			return nil, &Unsupported{v.Node.Scope, v.Node.Label(), "takes more numbers for a row than are exported"}
		}
	}
	e.live = g.Live()
	for _, n := range g.Nodes {
		if n.Op == nil || !IsLive(n, e.live) || e.data.Compute(n) {
			continue
		}
		if n.Op.View != nil {
			continue
		}
		kind, ok := Registry.Get(n.Op.Name)
		if !ok {
			return nil, &Unsupported{Layer: n.Scope, Op: n.Op.Name}
		}
		e.node = n
		kind(e, n)
		if e.err != nil {
			return nil, e.err
		}
	}
	return e.net, e.place(g)
}

// IsLive reports whether something reads a result of a node.
func IsLive(n *graph.Node, live []bool) bool {
	for _, v := range n.Outputs {
		if live[v.ID] {
			return true
		}
	}
	return false
}

// Call adds a call.
func (e *Emitter) Call(kernel string, args ...Arg) {
	e.net.Calls = append(e.net.Calls, Call{Kernel: kernel, Args: args, Layer: e.node.Scope, Op: e.node.Op.Name})
}

// InPlace adds a call of a kernel that reads each element of its second argument before it writes that of the first.
func (e *Emitter) InPlace(kernel string, args ...Arg) {
	e.inPlace = append(e.inPlace, len(e.net.Calls))
	e.Call(kernel, args...)
}

// In is input i of the node, to be read.
func (e *Emitter) In(i int) Arg { return e.read(e.node.Inputs[i]) }

func (e *Emitter) read(v *graph.Value) Arg {
	d, ok := e.data[v]
	if !ok {
		return ref{value: v}
	}
	if b, ok := e.tables[v]; ok {
		return b
	}
	var b Buffer
	switch {
	case d.S != nil:
		b = Buffer{Bytes, len(e.net.Bytes), len(d.S)}
		e.net.Bytes = append(e.net.Bytes, d.S...)
	case d.I != nil:
		e.Refuse("reads whole numbers that are known beforehand")
	default:
		b = e.Table(d.Floats()).(Buffer)
	}
	e.tables[v] = b
	return b
}

// Out is output i of the node, to be written.
func (e *Emitter) Out(i int) Arg { return ref{value: e.node.Outputs[i], write: true} }

// Wanted is output i of the node, or None where nothing reads it.
func (e *Emitter) Wanted(i int) Arg {
	if !e.live[e.node.Outputs[i].ID] {
		return None{}
	}
	return e.Out(i)
}

// Data is what input i holds, if that is known.
func (e *Emitter) Data(i int) (graph.Buffer, bool) {
	d, ok := e.data[e.node.Inputs[i]]
	return d, ok
}

// Table adds weights.
func (e *Emitter) Table(x []float32) Arg {
	b := Buffer{Weights, len(e.net.Weights), len(x)}
	e.net.Weights = append(e.net.Weights, x...)
	return b
}

// ByteTable adds weights of one byte.
func (e *Emitter) ByteTable(x []int8) Arg {
	b := Buffer{Bytes, len(e.net.Bytes), len(x)}
	e.net.Bytes = append(e.net.Bytes, x...)
	return b
}

// Scratch is memory for n float32 within the calls of the node.
func (e *Emitter) Scratch(n int) Arg { return e.scratchIn(Floats, n) }

// ScratchInts is memory for n int32.
func (e *Emitter) ScratchInts(n int) Arg { return e.scratchIn(Ints, n) }

func (e *Emitter) scratchIn(space Space, n int) Arg {
	e.scratch = append(e.scratch, piece{space: space, size: n})
	return ref{scratch: len(e.scratch), write: true}
}

// Refuse ends the export: the node cannot be written as calls.
func (e *Emitter) Refuse(why string) {
	if e.err == nil {
		e.err = &Unsupported{e.node.Scope, e.node.Op.Name, why}
	}
}
