package op_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/graph/grad"
	"dnn/pkg/graph/op"
)

// TestGradients compares each gradient with central differences of the objective Σ weight·output, in float64: along
// each element of small inputs, and along random directions of others.
func TestGradients(t *testing.T) {
	eachCase(t, func(t *testing.T, e example) {
		if e.op.NoGrad != "" || strings.HasSuffix(e.op.Name, "_grad") { // only first derivatives are taken
			return
		}
		p := newProbe(t, e)
		r := random("directions")
		for i := range e.in {
			n := len(p.grads[i])
			for k := range n {
				if n <= 64 {
					p.check(t, i, func(j int) float64 { return oneIf(j == k) })
				}
			}
			for range 2 {
				if n > 64 {
					p.check(t, i, func(int) float64 { return r.NormFloat64() })
				}
			}
		}
	})
}

func oneIf(c bool) float64 {
	if c {
		return 1
	}
	return 0
}

// probe evaluates an objective and its gradients.
type probe struct {
	g         *graph.Graph
	objective *graph.Value
	feeds     map[string]graph.Ref
	grads     [][]float64 // by input; nil for those that have none
}

func newProbe(t *testing.T, e example) *probe {
	b, in, objective := buildObjective(e)
	p := &probe{feeds: map[string]graph.Ref{}, grads: make([][]float64, len(in))}
	var wrt []*graph.Value
	for i, v := range in {
		p.feeds[inputName(i)] = e.refs[i]
		if v.DType == graph.F32 && !e.c.In[i].Fixed {
			wrt = append(wrt, v)
		}
	}
	if objective == nil { // integers in, integers out
		return p
	}
	found := map[*graph.Value]*graph.Value{}
	for i, d := range grad.Build(b, objective, nil, wrt) {
		found[wrt[i]] = d
	}
	values := exec.Evaluate(finish(t, b), p.feeds)
	for i, v := range in {
		switch d, ok := found[v]; {
		case d != nil:
			p.grads[i] = values[d].F
		case ok:
			p.grads[i] = make([]float64, v.Shape.Size()) // no gradient means zero
		}
	}
	// From here on only the objective is evaluated.
	b, _, p.objective = buildObjective(e)
	p.g = finish(t, b)
	return p
}

// buildObjective adds the op and Σ weight·output over all outputs of floats that others may read.
func buildObjective(e example) (b *graph.Builder, in []*graph.Value, objective *graph.Value) {
	b = graph.NewBuilder()
	for i, a := range e.c.In {
		in = append(in, b.Input(inputName(i), a.Type))
	}
	r := random("weights")
	for _, v := range b.Add(e.op, e.c.Attrs, in...) {
		if v.DType != graph.F32 || slices.Contains(e.op.Saved, v.Index) {
			continue
		}
		_, weights := draw(graph.Normal(v.Shape...), r)
		term := op.Sum(b, op.Mul(b, v, b.Const(v.Shape, weights.F)), nil, false)
		if objective != nil {
			term = op.Add(b, objective, term)
		}
		objective = term
	}
	return b, in, objective
}

func finish(t *testing.T, b *graph.Builder) *graph.Graph {
	t.Helper()
	g, err := b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// check compares the derivative of the objective along a direction of one input.
func (p *probe) check(t *testing.T, input int, direction func(j int) float64) {
	t.Helper()
	const h = 1e-4
	x := p.feeds[inputName(input)].F
	moved, d := make([]float64, len(x)), make([]float64, len(x))
	want, scale := 0.0, 0.0
	for j := range x {
		d[j] = direction(j)
		want += p.grads[input][j] * d[j]
		scale += math.Abs(p.grads[input][j] * d[j])
	}
	at := func(h float64) float64 {
		for j := range x {
			moved[j] = x[j] + h*d[j]
		}
		p.feeds[inputName(input)] = graph.Ref{F: moved}
		return exec.Evaluate(p.g, p.feeds)[p.objective].F[0]
	}
	// Differences over two distances, combined so that the error is of the order h⁴ (Richardson).
	near, far := (at(h)-at(-h))/(2*h), (at(2*h)-at(-2*h))/(4*h)
	p.feeds[inputName(input)] = graph.Ref{F: x}
	got := (4*near - far) / 3
	if err := math.Abs(got-want) / math.Max(1, scale); !(err <= 1e-6) {
		t.Fatalf("input %d: the gradient says %v, differences say %v (error %.2g)", input, want, got, err)
	}
}
