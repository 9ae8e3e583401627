package layers

import (
	"math"

	"dnn/internal/exact"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/layers/initializer"
)

func init() {
	Registry.Register("positions", "adds to each step a vector of its place", &Positions{}).
		Also("positional_encoding", "position_embedding")
}

// Positions adds to each step of a sequence a vector of its place, since attention does not see the order of its input:
//
//	y_t = x_t + p_t
//
// Sinusoidal p_t, for t = 0, 1, .. and i = 0, 1, ..:
//
//	p_t,2i = sin(t/10000^(2i/n)), p_t,2i+1 = cos(t/10000^(2i/n))
//
// Learned p_t end with the last step of the longest training row, so longer rows are cut. An embedding can add positions itself.
//
// Shapes: [steps, n], unchanged.
//
// Parameters: if learned, positions [max steps, n].
//
// Errors: an input whose rows are not [steps, features]; category indices; more steps than learned positions.
//
// Source: Vaswani et al. 2017, "Attention is all you need", section 3.5; Gehring et al. 2017, "Convolutional sequence to
// sequence learning", section 3.1, for learned ones.
type Positions struct {
	Kind string                  `default:"sinusoidal" oneof:"sinusoidal|learned" doc:"whether the vectors are waves or parameters"`
	Init initializer.Initializer `default:"{type: normal, std: 0.1}" doc:"first values of learned vectors"`
}

// Cases are examples of it.
func (*Positions) Cases() []Case {
	return []Case{
		{Layer: "positions", In: []Input{sequences("x", 5, 3)}, Out: graph.Shape{5, 3}},
		{Layer: "{type: positions, kind: learned}", In: []Input{floats("x", 3, 4)}, Out: graph.Shape{3, 4}, Trained: 12},
	}
}

// Build adds.
func (l *Positions) Build(c *Context, in []Signal) Signal {
	c.Inputs(in, 1, 1)
	features(c, in[0])
	return in[0].With(positioned(c, in[0], l.Kind, l.Init))
}

// positioned adds the vectors of their places to the steps of x [rows, steps, n].
func positioned(c *Context, x Signal, kind string, init initializer.Initializer) *graph.Value {
	row := x.Shape()
	if len(row) != 2 {
		c.Fail("positions", "its input is a single category for each row, which has no place in a sequence")
	}
	steps, n := row[0], row[1]
	all, chunked := steps, c.chunked(x.Value) // places that are looked up
	if chunked {
		if all = c.scope.net.carry.MaxSteps; all == 0 {
			c.Fail("", "train.stateful goes through sequences in chunks, and positions would begin anew in each")
		}
	}
	var table *graph.Value
	if kind == "sinusoidal" {
		table = c.Const(graph.Shape{all, n}, func() []float32 { return sinusoids(all, n) })
	} else {
		most := x.maxSteps()
		if table = c.Param("positions", graph.Shape{most, n}, init, most, n); all > most {
			c.Fail("", "its learned positions end with step %d; sinusoidal ones go on", most)
		}
	}
	if chunked {
		return op.Add(c.B, x.Value, op.TakeSteps(c.B, table, positionOf(c, x.Rows()), steps))
	}
	return op.Add(c.B, x.Value, op.Slice(c.B, table, 0, 0, steps))
}

// sinusoids are the waves [steps, n] for the places from 0 on.
func sinusoids(steps, n int) []float32 {
	waves := make([]float32, steps*n)
	for i := 0; i < n; i += 2 {
		const degrees = 180 / math.Pi
		pace := degrees * exact.Exp(-float64(i)/float64(n)*exact.Log(10000))
		for t := range steps {
			sin, cos := exact.SinCosDegrees(pace * float64(t))
			if waves[t*n+i] = float32(sin); i+1 < n {
				waves[t*n+i+1] = float32(cos)
			}
		}
	}
	return waves
}
