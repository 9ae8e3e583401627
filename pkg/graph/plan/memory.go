package plan

import (
	"cmp"
	"slices"

	"dnn/pkg/graph"
)

// align is the alignment of storage within an arena, in bytes: one cache line.
const align = 64

// memory is the state of planning: for each value, whose storage it lies in and how long that storage is needed.
type memory struct {
	g     *graph.Graph
	order []*graph.Node
	opts  Options
	when  []int // position of a node in the order, by node id; -1 for leaves and dead nodes
	uses  [][]*graph.Node
	// root and offset (in bytes) place a value within another's storage; a root is its own.
	root   []*graph.Value
	offset []int
	within [][]*graph.Value // by root, the values that lie in its storage; nil for itself alone
	born   []int            // first position at which a root's storage is written
	dies   []int            // last position at which it is read
	fixed  []bool
	plan   *Plan
}

func newMemory(g *graph.Graph, order []*graph.Node, o Options) *memory {
	m := &memory{
		g: g, order: order, opts: o, when: make([]int, len(g.Nodes)), uses: g.Uses(),
		root: slices.Clone(g.Values), offset: make([]int, len(g.Values)), within: make([][]*graph.Value, len(g.Values)),
		born: make([]int, len(g.Values)), dies: make([]int, len(g.Values)), fixed: make([]bool, len(g.Values)),
		plan: &Plan{Graph: g, Order: order, Places: make([]Place, len(g.Values)), Scratch: make([]int, len(g.Nodes)), InPlaced: map[int][]bool{}},
	}
	for i := range m.when {
		m.when[i] = -1
	}
	for i, n := range order {
		m.when[n.ID] = i
	}
	for _, v := range g.Values {
		m.born[v.ID] = m.when[v.Node.ID]
		m.dies[v.ID] = m.born[v.ID]
		for _, n := range m.uses[v.ID] {
			m.dies[v.ID] = max(m.dies[v.ID], m.when[n.ID])
		}
		if v.Node.Leaf != graph.NotLeaf {
			m.fixed[v.ID] = true
		}
	}
	for _, out := range g.Outputs {
		m.dies[out.Value.ID] = len(order)
	}
	return m
}

// merge lets the storage of the root v become a part of that of r.
func (m *memory) merge(v, r *graph.Value, offset int) {
	moved := m.in(v)
	for _, w := range moved {
		m.root[w.ID] = r
		m.offset[w.ID] += offset
	}
	m.within[r.ID], m.within[v.ID] = append(m.in(r), moved...), nil
	m.born[r.ID] = min(m.born[r.ID], m.born[v.ID])
	m.dies[r.ID] = max(m.dies[r.ID], m.dies[v.ID])
}

// in lists the values in the storage of a root.
func (m *memory) in(root *graph.Value) []*graph.Value {
	if list := m.within[root.ID]; list != nil {
		return list
	}
	return []*graph.Value{root}
}

// resolveViews lets views share the storage of what they look at.
func (m *memory) resolveViews() {
	for _, n := range m.order {
		if n.Op.View != nil {
			in := n.Inputs[0]
			m.merge(n.Outputs[0], m.root[in.ID], m.offset[in.ID]+n.Op.View(n)*in.DType.Size())
		}
	}
}

// placePacks lets the inputs of a pack be computed where the pack expects them.
func (m *memory) placePacks() {
	for _, n := range m.order {
		if n.Op.Pack == nil {
			continue
		}
		placed := make([]bool, len(n.Inputs))
		out := n.Outputs[0]
		for i, off := range n.Op.Pack(n) {
			v := n.Inputs[i]
			r := m.root[v.ID]
			whole := m.offset[v.ID] == 0 && r.Bytes() == v.Bytes()
			if whole && !m.fixed[r.ID] && r != out && m.dies[r.ID] <= m.when[n.ID] && !m.opts.KeepAll {
				m.merge(r, out, off*out.DType.Size())
				m.fixed[r.ID], placed[i] = true, true
			}
		}
		m.plan.InPlaced[n.ID] = placed
	}
}

// placeAssigns lets a variable's next value be computed in the variable's own storage when nothing reads the old value
// any more; otherwise it is copied at the end of the step.
func (m *memory) placeAssigns() {
	for _, a := range m.g.Assigns {
		v, variable := a.Value, a.Var.Value
		r := m.root[v.ID]
		if r == variable {
			continue // a view of itself, or assigned twice the same way
		}
		if r != v || m.fixed[r.ID] || v.Node.Op == nil || !m.freeFor(v, variable) {
			m.dies[r.ID] = len(m.order)
			m.plan.Copies = append(m.plan.Copies, Copy{a.Var, v})
			continue
		}
		m.merge(v, variable, 0)
		m.fixed[v.ID] = true
	}
}

// freeFor reports whether v may be written straight into the variable: all readers of the old value run before v's node,
// or it is that node's own input and may be overwritten.
func (m *memory) freeFor(v, variable *graph.Value) bool {
	at := m.when[v.Node.ID]
	if m.dies[variable.ID] < at {
		return m.writtenBefore(variable, at)
	}
	if m.dies[variable.ID] > at {
		return false
	}
	for _, alias := range v.Node.Op.InPlace {
		if alias.In >= len(v.Node.Inputs) { // an optional input that is not there
			continue
		}
		in := v.Node.Inputs[alias.In]
		if alias.Out == v.Index && m.root[in.ID] == variable && m.offset[in.ID] == 0 && in.Bytes() == v.Bytes() {
			return m.soleInput(v.Node, alias.In)
		}
	}
	return false
}

// writtenBefore reports whether no value already placed in the variable's storage is needed at or after position at.
func (m *memory) writtenBefore(variable *graph.Value, at int) bool {
	for _, w := range m.in(variable) {
		if w != variable && w.Node.Op != nil && w.Node.Op.View == nil && m.when[w.Node.ID] >= at {
			return false
		}
	}
	return true
}

// soleInput reports whether input i of n shares its storage with no other input of n.
func (m *memory) soleInput(n *graph.Node, i int) bool {
	for j, v := range n.Inputs {
		if j != i && m.root[v.ID] == m.root[n.Inputs[i].ID] && v != n.Inputs[i] {
			return false
		}
	}
	return true
}

// reuseInPlace lets an output take over the storage of an input that dies at its node, where the op permits it.
func (m *memory) reuseInPlace() {
	for at, n := range m.order {
		taken := map[*graph.Value]bool{}
		for _, alias := range n.Op.InPlace {
			if alias.In >= len(n.Inputs) {
				continue
			}
			out, in := n.Outputs[alias.Out], n.Inputs[alias.In]
			r := m.root[in.ID]
			switch {
			case m.root[out.ID] != out || m.fixed[out.ID] || taken[r]: // has a place
			case r.Node.Leaf != graph.NotLeaf || m.dies[r.ID] != at: // still needed
			case m.offset[in.ID] != 0 || in.DType != out.DType || in.Bytes() != out.Bytes() || r.Bytes() != out.Bytes():
			case !m.soleInput(n, alias.In):
			default:
				m.merge(out, r, 0)
				taken[r] = true
			}
		}
	}
}

// block is storage with a lifetime, to be given an offset; sizes are in bytes.
type block struct {
	value      *graph.Value // nil for scratch
	node       *graph.Node  // of scratch
	size       int
	born, dies int
	offset     int
}

// largest is the size that values beyond all memory are planned with, so that the size of the arena is a number still.
const largest = 1 << 44

// allocate gives every root and every scratch an offset: the largest first, each at the lowest place that is free
// during its life.
func (m *memory) allocate() *Plan {
	p := m.plan
	var blocks []*block
	for _, v := range m.g.Values {
		if m.root[v.ID] != v || v.Node.Leaf != graph.NotLeaf || m.when[v.Node.ID] < 0 {
			continue
		}
		b := &block{value: v, size: min(v.Bytes(), largest), born: m.born[v.ID], dies: m.dies[v.ID]}
		if m.opts.KeepAll {
			b.born, b.dies = 0, len(m.order)
		}
		blocks = append(blocks, b)
	}
	for i := range p.Scratch {
		p.Scratch[i] = -1
	}
	for at, n := range m.order {
		if n.Op.Kernel == nil || m.opts.ValuesOnly {
			continue
		}
		if size := n.Op.Kernel(n).Scratch; size > 0 {
			blocks = append(blocks, &block{node: n, size: 4 * size, born: at, dies: at})
		}
	}
	p.Arena, p.Kept = assign(blocks), keptBetween(m.order, blocks)
	base := map[*graph.Value]int{}
	for _, b := range blocks {
		if b.value != nil {
			base[b.value] = b.offset
		} else {
			p.Scratch[b.node.ID] = b.offset
		}
	}
	for _, v := range m.g.Values {
		r := m.root[v.ID]
		place := Place{Root: r, Offset: m.offset[v.ID]}
		switch r.Node.Leaf {
		case graph.NotLeaf:
			place.Region, place.Offset = Arena, base[r]+m.offset[v.ID]
		case graph.Variable:
			place.Region = Vars
		case graph.Input:
			place.Region = Feeds
		case graph.Constant:
			place.Region = Consts
		}
		p.Places[v.ID] = place
	}
	return p
}

// assign sets the offsets of blocks and returns the size of the arena.
func assign(blocks []*block) int {
	sorted := slices.Clone(blocks)
	slices.SortStableFunc(sorted, func(a, b *block) int { return cmp.Compare(b.size, a.size) })
	var placed []*block // by offset
	total := 0
	for _, b := range sorted {
		at := 0
		for _, q := range placed {
			if q.born > b.dies || q.dies < b.born {
				continue
			}
			if at+b.size <= q.offset {
				break
			}
			at = max(at, roundUp(q.offset+q.size))
		}
		b.offset = at
		total = max(total, roundUp(at+b.size))
		i, _ := slices.BinarySearchFunc(placed, b, func(x, y *block) int { return cmp.Compare(x.offset, y.offset) })
		placed = slices.Insert(placed, i, b)
	}
	return total
}

func roundUp(n int) int { return (n + align - 1) / align * align }
