package calls

import (
	"cmp"
	"slices"

	"dnn/pkg/graph"
)

// memory gives values and scratch their places in the arenas.
type memory struct {
	e      *Emitter
	pieces []*piece
	of     map[*graph.Value]*piece
}

// piece is something that needs a place from one call to another.
type piece struct {
	space       Space
	size        int
	first, last int // calls
	offset      int
}

// root is the value that a value is part of, and where in it.
func root(v *graph.Value) (*graph.Value, int) {
	at := 0
	for v.Node.Op != nil && v.Node.Op.View != nil {
		at += v.Node.Op.View(v.Node)
		v = v.Node.Inputs[0]
	}
	return v, at
}

// place settles the memory, and replaces what stands for values in the calls.
func (e *Emitter) place(g *graph.Graph) error {
	m := &memory{e: e, of: map[*graph.Value]*piece{}}
	scratch := make([]*piece, len(e.scratch))
	for _, n := range g.Nodes {
		if n.Leaf == graph.Input { // filled before the first call
			m.use(n.Outputs[0], -1)
		}
	}
	for i, c := range e.net.Calls {
		for _, a := range c.Args {
			r, ok := a.(ref)
			switch {
			case !ok:
			case r.scratch > 0:
				if p := scratch[r.scratch-1]; p != nil {
					p.last = i
					continue
				}
				p := e.scratch[r.scratch-1]
				p.first, p.last = i, i
				scratch[r.scratch-1] = m.add(&p)
			default:
				if v, _ := root(r.value); m.of[v] == nil && !r.write {
					return &Unsupported{c.Layer, c.Op, "reads " + r.value.Node.Label() + ", of which that is not exported"}
				}
				if err := m.use(r.value, i); err != nil {
					return err
				}
			}
		}
	}
	for _, o := range g.Outputs {
		if _, known := e.data[o.Value]; known {
			e.node = o.Value.Node
			return &Unsupported{o.Value.Node.Scope, o.Name, "does not depend on the inputs"}
		}
		if err := m.use(o.Value, len(e.net.Calls)); err != nil {
			return err
		}
	}
	for _, i := range e.inPlace {
		m.share(i)
	}
	e.net.Floats, e.net.Ints = m.layOut(Floats), m.layOut(Ints)
	for i := range e.net.Calls {
		args := e.net.Calls[i].Args
		for k, a := range args {
			if r, ok := a.(ref); ok && r.scratch > 0 {
				p := scratch[r.scratch-1]
				args[k] = Buffer{p.space, p.offset, p.size}
			} else if ok {
				args[k] = m.buffer(r.value)
			}
		}
	}
	for _, n := range g.Nodes {
		if n.Leaf == graph.Input {
			v := n.Outputs[0]
			e.net.Inputs = append(e.net.Inputs, Place{n.Name, v.Type, m.buffer(v)})
		}
	}
	for _, o := range g.Outputs {
		e.net.Outputs = append(e.net.Outputs, Place{o.Name, o.Value.Type, m.buffer(o.Value)})
	}
	return nil
}

func (m *memory) add(p *piece) *piece {
	m.pieces = append(m.pieces, p)
	return p
}

// use notes that a call reads or writes a value.
func (m *memory) use(v *graph.Value, call int) error {
	r, _ := root(v)
	p := m.of[r]
	if p == nil {
		p = &piece{space: Floats, size: r.Shape.Size(), first: call}
		switch r.DType {
		case graph.F32:
		case graph.I32:
			p.space = Ints
		default:
			return &Unsupported{r.Node.Scope, r.Node.Label(), "keeps values of type " + r.DType.String()}
		}
		m.of[r] = m.add(p)
	}
	p.last = max(p.last, call)
	return nil
}

// share lets the first argument of a call, which it writes, lie where the second does, if nothing needs that any more.
func (m *memory) share(call int) {
	args := m.e.net.Calls[call].Args
	to, from := args[0].(ref), args[1]
	x, ok := from.(ref)
	if !ok || x.value == nil {
		return
	}
	v, _ := root(x.value)
	p, q := m.of[to.value], m.of[v]
	if p.first != call || q.last != call || p.size != q.size || p.space != q.space || slices.ContainsFunc(args[2:], func(a Arg) bool {
		r, ok := a.(ref)
		if !ok || r.value == nil {
			return false
		}
		other, _ := root(r.value)
		return other == v
	}) {
		return
	}
	q.last = p.last
	m.of[to.value] = q
	m.pieces = slices.DeleteFunc(m.pieces, func(o *piece) bool { return o == p })
}

// buffer is where a value lies.
func (m *memory) buffer(v *graph.Value) Buffer {
	r, at := root(v)
	p := m.of[r]
	return Buffer{p.space, p.offset + at, v.Shape.Size()}
}

// layOut gives the pieces of a space their offsets, the largest first, each as low as it fits between those whose time overlaps with
// its own; it returns the size of the space.
func (m *memory) layOut(space Space) (size int) {
	var list, done []*piece
	for _, p := range m.pieces {
		if p.space == space {
			list = append(list, p)
		}
	}
	slices.SortStableFunc(list, func(a, b *piece) int { return cmp.Or(b.size-a.size, a.first-b.first) })
	for _, p := range list {
		var met []*piece
		for _, q := range done {
			if q.first <= p.last && p.first <= q.last {
				met = append(met, q)
			}
		}
		slices.SortFunc(met, func(a, b *piece) int { return a.offset - b.offset })
		for _, q := range met {
			if p.offset+p.size <= q.offset {
				break
			}
			p.offset = max(p.offset, q.offset+q.size)
		}
		size = max(size, p.offset+p.size)
		done = append(done, p)
	}
	return size
}
