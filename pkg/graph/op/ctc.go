package op

import (
	"fmt"
	"math"
	"math/rand/v2"

	"dnn/internal/kernel/prob"
	"dnn/pkg/graph"
)

// CTCAttrs tell what the loss of a row is that has too few steps for its labels: 0, or infinite.
type CTCAttrs struct{ ZeroInfinity bool }

var ctcOp graph.Op

// CTC is the loss of connectionist temporal classification (Graves et al. 2006): minus the logarithm of the probability that
// the steps of a row write its labels, over all ways to spread these over them. Class 0 is the blank.
//
//	loss = -ln Σ_ways Π_t exp(x[t, class at t])
//
// for x [rows, steps, classes], logarithms of probabilities, labels [rows, most] of 1, 2, …, lengths [rows], how many steps a
// row has, all where it is nil, counts [rows], how many labels, and loss [rows]. The second output is the probability of each class at each step
// given the labels, which is minus the gradient by x.
func CTC(b *graph.Builder, a CTCAttrs, x, labels, lengths, counts *graph.Value) *graph.Value {
	if lengths == nil {
		return b.Add(&ctcOp, a, x, labels, counts)[0]
	}
	return b.Add(&ctcOp, a, x, labels, lengths, counts)[0]
}

func init() {
	ctcOp = graph.Op{
		Name: "ctc",
		Doc:  "loss = minus the log of the probability that steps write labels, over all alignments; also the classes' probabilities given the labels",
		Infer: func(_ any, in []graph.Type) ([]graph.Type, error) {
			types := []graph.DType{graph.F32, graph.I32, graph.I32, graph.I32}
			if len(in) == 3 {
				types = types[:3]
			}
			if err := expect(in, types...); err != nil {
				return nil, err
			}
			x, labels := in[0].Shape, in[1].Shape
			if x.Rank() != 3 || labels.Rank() != 2 || labels[0] != x[0] || labels[1] < 1 || x[2] < 1 {
				return nil, fmt.Errorf("x is %v and the labels are %v, want [rows, steps, classes] and [rows, labels]", x, labels)
			}
			for i, t := range in[2:] {
				if rows := (graph.Shape{x[0]}); !t.Shape.Equal(rows) {
					return nil, fmt.Errorf("input %d is %v, want a number for each row, %v", i+2, t, rows)
				}
			}
			return []graph.Type{graph.Floats(x[0]), in[0]}, nil
		},
		Grad: func(b *graph.Builder, n *graph.Node, dout []*graph.Value) []*graph.Value {
			d := Reshape(b, Scale(b, dout[0], -1), n.Inputs[0].Shape[0], 1, 1)
			return append([]*graph.Value{Mul(b, n.Outputs[1], d)}, make([]*graph.Value, len(n.Inputs)-1)...)
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			c := ctcShape(n)
			counts := in[len(in)-1].I
			for i := range c.Rows {
				r := ctcReference{kernel: c, x: part64(in[0].F, i, c.Steps*c.Classes), labels: in[1].I[i*c.Labels:][:counts[i]], steps: c.Steps}
				if len(in) == 4 {
					r.steps = int(in[2].I[i])
				}
				out[0].F[i] = r.run(part64(out[1].F, i, c.Steps*c.Classes))
			}
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			c := ctcShape(n)
			k := graph.Parallel(c.Rows, func(call *graph.Call, lo, hi int) {
				in := call.In
				checkIDs("ctc", in[1].I, lo*c.Labels, hi*c.Labels, c.Classes)
				var steps []int32
				if len(in) == 4 {
					steps = in[2].I
				}
				c.Run(call.Out[0].F, call.Out[1].F, in[0].F, in[1].I, steps, in[len(in)-1].I, call.Local, lo, hi)
			})
			k.Local = c.Local()
			return k
		},
		Saved:   []int{1},
		InPlace: []graph.Alias{{Out: 1, In: 0}},
		Cost: func(n *graph.Node) graph.Cost {
			c := ctcShape(n)
			cells := float64(c.Rows * c.Steps * (2*c.Labels + 1))
			return graph.Cost{Flops: 30 * cells, Bytes: 4 * float64(2*n.Inputs[0].Shape.Size()+c.Rows*(c.Labels+3))}
		},
		Cases: []graph.Case{
			ctcCase("plain", false, 3, 6, 4, 2, 6, 2),
			ctcCase("one label", false, 2, 3, 2, 1, 3, 1),
			ctcCase("equal labels", false, 4, 9, 2, 4, 9, 4),
			ctcCase("uneven", true, 9, 7, 4, 3, 0, 0),
			ctcCase("units", true, 21, 40, 12, 9, 0, 0),
			ctcWhole("all steps", 3, 6, 4, 2),
		},
	}
	graph.Ops.Register(ctcOp.Name, ctcOp.Doc, &ctcOp)
}

func ctcShape(n *graph.Node) prob.CTC {
	x := n.Inputs[0].Shape
	return prob.CTC{Rows: x[0], Steps: x[1], Classes: x[2], Labels: n.Inputs[1].Shape[1], ZeroInfinity: n.Attrs.(CTCAttrs).ZeroInfinity}
}

// ctcCase is a case whose rows have all between so many steps or labels and the most that there may be.
func ctcCase(name string, zero bool, rows, steps, classes, labels, leastSteps, leastLabels int) graph.Case {
	between := func(lo, hi int, shape ...int) graph.Arg {
		return graph.Arg{Type: graph.Ints(shape...), Fill: func(r *rand.Rand) float64 { return float64(lo + r.IntN(hi-lo+1)) }}
	}
	return graph.Case{Name: name, Attrs: CTCAttrs{zero}, In: []graph.Arg{
		graph.Uniform(-3, 0, rows, steps, classes), between(1, classes-1, rows, labels),
		between(leastSteps, steps, rows), between(leastLabels, labels, rows),
	}}
}

// ctcWhole is a case whose rows have all steps and labels, without telling the op of the steps.
func ctcWhole(name string, rows, steps, classes, labels int) graph.Case {
	c := ctcCase(name, false, rows, steps, classes, labels, steps, labels)
	c.In = append(c.In[:2:2], c.In[3])
	return c
}

// ctcReference is a row in float64, by the paper's recursions on logarithms.
type ctcReference struct {
	kernel prob.CTC
	x      []float64
	labels []int32
	steps  int
}

// class is that of a state: a label, or the blank before and behind each.
func (r *ctcReference) class(state int) int {
	if state%2 == 0 {
		return 0
	}
	return int(r.labels[state/2])
}

// run writes the probability of each class at each step given the labels, and returns the loss.
func (r *ctcReference) run(occupied []float64) (loss float64) {
	clear(occupied)
	alpha, beta := r.walk(false), r.walk(true)
	states := 2*len(r.labels) + 1
	total := math.Inf(-1)
	if r.steps == 0 && states == 1 {
		return 0
	}
	if r.steps > 0 {
		for s := range states { // of all ways, by where they are at the first step
			total = logAdd(total, alpha[0][s]+beta[0][s]-r.x[r.class(s)])
		}
	}
	if math.IsInf(total, -1) {
		if r.kernel.ZeroInfinity {
			return 0
		}
		return math.Inf(1)
	}
	for t := range r.steps {
		for s := range states {
			k := t*r.kernel.Classes + r.class(s)
			occupied[k] += math.Exp(alpha[t][s] + beta[t][s] - r.x[k] - total)
		}
	}
	return -total
}

// walk is the logarithm of the probability of all ways to each state at each step, the step included; from the end where back.
func (r *ctcReference) walk(back bool) [][]float64 {
	states := 2*len(r.labels) + 1
	list := make([][]float64, r.steps)
	for i := range list {
		t := i
		if back {
			t = r.steps - 1 - i
		}
		list[t] = make([]float64, states)
		for j := range states {
			s, sign := j, -1 // the states before are s-1, s-2
			if back {
				s, sign = states-1-j, 1
			}
			sum := math.Inf(-1)
			if i == 0 && j < 2 {
				sum = 0
			}
			for step := range 3 {
				from := s + sign*step
				if i == 0 || from < 0 || from >= states || step == 2 && (s%2 == 0 || r.class(s) == r.class(from)) {
					continue
				}
				sum = logAdd(sum, list[t+sign][from])
			}
			list[t][s] = sum + r.x[t*r.kernel.Classes+r.class(s)]
		}
	}
	return list
}

// logAdd is ln(eᵃ + eᵇ).
func logAdd(a, b float64) float64 {
	if a < b {
		a, b = b, a
	}
	if math.IsInf(b, -1) {
		return a
	}
	return a + math.Log1p(math.Exp(b-a))
}
