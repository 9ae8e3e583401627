package layers

import (
	"slices"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

// Carry lets layers begin a chunk of a sequence where the chunk before ended: recurrent layers with its last state, causal
// attention with its keys and values. What they carry are variables, which whoever runs the graph fills with zeros where
// sequences begin. No gradient reaches through them.
type Carry struct {
	Rows   int    // the most rows of a batch
	Prefix string // of the variables' names
	Used   bool   // some layer carries something
	// MaxSteps is how many steps sequences have at most, all chunks together: attention keeps so many keys and values. With 0
	// attention and positions are refused, since they are then of a chunk alone.
	MaxSteps int
	// Inputs are the graph inputs that come in chunks; nil stands for all. What depends on none of them, such as the sequence
	// that a decoder translates, comes whole with each chunk.
	Inputs []string

	known map[*graph.Node]bool // whether a node depends on them
}

// FeedPosition is the graph input that says how many steps of each row came before the chunk, int32 [rows]. Graphs that carry
// keys and values read it.
const FeedPosition = "position"

// chunked reports whether a value is that of a chunk of its sequence.
func (c *Context) chunked(v *graph.Value) bool {
	carry := c.scope.net.carry
	return carry != nil && (carry.Inputs == nil || carry.depends(v.Node))
}

// depends reports whether a node is computed from inputs that come in chunks.
func (y *Carry) depends(n *graph.Node) bool {
	if n.Leaf == graph.Input {
		return slices.Contains(y.Inputs, n.Name)
	}
	if found, ok := y.known[n]; ok {
		return found
	}
	if y.known == nil {
		y.known = map[*graph.Node]bool{}
	}
	found := slices.ContainsFunc(n.Inputs, func(v *graph.Value) bool { return y.depends(v.Node) })
	y.known[n] = found
	return found
}

// carried is what the layer begins a chunk with, [rows, ..], and a function that notes with what the chunk ends.
func (c *Context) carried(role string, shape ...int) (first *graph.Value, end func(last *graph.Value)) {
	carry, rows := c.scope.net.carry, shape[0]
	carry.Used = true
	all := max(rows, carry.Rows)
	v := c.B.Var(carry.Prefix+c.Name+"."+role, graph.Slot, append(graph.Shape{all}, shape[1:]...), nil)
	first = v.Value
	if rows < all {
		first = op.Slice(c.B, v.Value, 0, 0, rows)
	}
	return first, func(last *graph.Value) {
		stage := c.B.Stage
		c.B.Stage = graph.Update
		if rows < all {
			last = op.Concat(c.B, 0, last, op.Slice(c.B, v.Value, 0, rows, all))
		}
		c.B.Assign(v, last)
		c.B.Stage = stage
	}
}

// positionOf is how many steps of each row came before the chunk.
func positionOf(c *Context, rows int) *graph.Value { return c.B.Input(FeedPosition, graph.Ints(rows)) }

// lookBack is x [rows, m, w], keys or values of a chunk, put behind those of the chunks before: [rows, max steps, w].
func lookBack(c *Context, role string, x *graph.Value) *graph.Value {
	rows, most := x.Shape[0], c.scope.net.carry.MaxSteps
	cache, end := c.carried(role, rows, most, x.Shape[2])
	cache = op.PutSteps(c.B, cache, x, positionOf(c, rows))
	end(cache)
	return cache
}

// wholeMemory refuses attention to what is there in chunks, unless a layer looks back at the chunks before.
func wholeMemory(c *Context, memory Signal, causal bool) (looksBack bool) {
	switch {
	case !c.chunked(memory.Value):
		return false
	case !causal:
		c.Fail("", "looks at all steps of a sequence that comes in chunks; attention with causal: true looks back only")
	case c.scope.net.carry.MaxSteps == 0:
		c.Fail("", "train.stateful goes through sequences in chunks, and attention does not look back at the chunk before")
	}
	return true
}

// firstState is the state in which the rows of a chunk begin: where they begin themselves, initial, to which what they carry,
// zero there, is added.
func firstState(c *Context, initial, carried *graph.Value) *graph.Value {
	if initial == nil {
		return carried
	}
	b, rows := c.B, carried.Shape[0]
	later := op.Minimum(b, op.ToFloat(b, positionOf(c, rows)), b.Scalar(1))
	begins := op.Reshape(b, op.AddScalar(b, op.Scale(b, later, -1), 1), rows, 1)
	return op.Add(b, op.Mul(b, initial, begins), carried)
}
