package layers

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

// Carry lets recurrent layers begin a stretch of a sequence with the state in which the stretch before ended. The states are
// variables, which whoever runs the graph fills with zeros where sequences begin. No gradient reaches through them.
type Carry struct {
	Rows   int    // the most rows of a batch
	Prefix string // of the variables' names
	Used   bool   // some layer carries its state
}

// carried is the state in which the rows of a batch begin, [rows, units], and a function that notes in which they end; nil
// where sequences come as a whole.
func (c *Context) carried(role string, rows, units int) (first *graph.Value, end func(last *graph.Value)) {
	carry := c.scope.net.carry
	if carry == nil {
		return nil, nil
	}
	carry.Used = true
	all := max(rows, carry.Rows)
	v := c.B.Var(carry.Prefix+c.Name+"."+role, graph.Slot, graph.Shape{all, units}, nil)
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
