package plan_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
	"dnn/pkg/graph/grad"
	"dnn/pkg/graph/op"
	"dnn/pkg/graph/plan"
)

// step is a training step of two dense layers with SGD: y = tanh(x·Aᵀ)·Bᵀ, loss Σy².
func step(t *testing.T) *graph.Graph {
	t.Helper()
	b := graph.NewBuilder()
	x := b.Input("x", graph.Floats(8, 5))
	var views []*graph.Value
	for i, shape := range []graph.Shape{{7, 5}, {3, 7}} {
		views = append(views, b.Param(graph.Param{Name: string(rune('a' + i)), Shape: shape}, true))
	}
	h := op.Activate(b, op.MatMul(b, x, views[0], false, true), vec.ActTanh, 0)
	loss := op.Sum(b, op.Square(b, op.MatMul(b, h, views[1], false, true)), nil, false)
	b.SetOutput("loss", loss)
	grads := grad.Build(b, loss, nil, views)
	b.Stage = graph.Backward
	var offsets []int
	for _, p := range b.Weights().Params {
		offsets = append(offsets, p.Offset)
	}
	flat := op.Pack(b, b.Weights().Value.Shape.Size(), offsets, grads...)
	b.Stage = graph.Update
	b.Assign(b.Weights(), op.Sub(b, b.Weights().Value, op.Scale(b, flat, 0.1)))
	g, err := b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func planOf(t *testing.T, g *graph.Graph, o plan.Options) *plan.Plan {
	t.Helper()
	p, err := plan.Make(g, o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestGradientsAndWeightsAreComputedInTheirPlaces(t *testing.T) {
	g := step(t)
	p := planOf(t, g, plan.Options{})
	if len(p.Copies) != 0 {
		t.Errorf("%d copies at the end of the step, want none", len(p.Copies))
	}
	packs := 0
	for _, n := range p.Order {
		if n.Op.Pack == nil {
			continue
		}
		packs++
		if in := p.InPlaced[n.ID]; len(in) != 2 || slices.Contains(in, false) {
			t.Errorf("gradients in place: %v, want all", in)
		}
	}
	if packs != 1 {
		t.Errorf("%d packs", packs)
	}
	if place := p.Places[g.Assigns[0].Value.ID]; place.Region != plan.Vars || place.Root != g.Vars[0].Value {
		t.Errorf("the new weights lie in %v, want in the weights", place.Region)
	}
}

// TestNoTwoLiveValuesOverlap works the lifetimes out anew, from the order alone.
func TestNoTwoLiveValuesOverlap(t *testing.T) {
	g := step(t)
	p := planOf(t, g, plan.Options{})
	at := map[*graph.Node]int{}
	for i, n := range p.Order {
		at[n] = i
	}
	type life struct {
		v          *graph.Value
		born, dies int
	}
	var lives []life
	for _, n := range p.Order {
		for _, v := range n.Outputs {
			if p.Places[v.ID].Region != plan.Arena {
				continue
			}
			l := life{v, at[n], at[n]}
			for _, m := range p.Order {
				if slices.Contains(m.Inputs, v) {
					l.dies = max(l.dies, at[m])
				}
			}
			if v == g.Output("loss") {
				l.dies = len(p.Order)
			}
			lives = append(lives, l)
		}
	}
	for i, a := range lives {
		for _, b := range lives[:i] {
			// b is born first; its last reader may be the node that overwrites it, or a view or pack of it.
			shares := a.v.Node.Op.View != nil || a.v.Node.Op.Pack != nil || b.v.Node.Op.Pack != nil
			pa, pb := p.Places[a.v.ID].Offset, p.Places[b.v.ID].Offset
			overlap := pa < pb+b.v.Bytes() && pb < pa+a.v.Bytes()
			if overlap && a.born < b.dies && !shares {
				t.Errorf("%%%d (%s) and %%%d (%s) share memory while both are needed", a.v.ID, a.v.Node.Label(), b.v.ID, b.v.Node.Label())
			}
		}
	}
}

func TestKeepAllGivesEveryValueItsOwnPlace(t *testing.T) {
	p := planOf(t, step(t), plan.Options{KeepAll: true})
	end := 0
	var places []*graph.Value
	for _, n := range p.Order {
		for _, v := range n.Outputs {
			if p.Places[v.ID].Region == plan.Arena && n.Op.View == nil {
				places = append(places, v)
			}
		}
	}
	slices.SortFunc(places, func(a, b *graph.Value) int { return p.Places[a.ID].Offset - p.Places[b.ID].Offset })
	for _, v := range places {
		if p.Places[v.ID].Offset < end {
			t.Errorf("%%%d overlaps the value before it", v.ID)
		}
		end = p.Places[v.ID].Offset + v.Bytes()
	}
	if small := planOf(t, step(t), plan.Options{}); small.Arena >= p.Arena {
		t.Errorf("sharing saves nothing: %d bytes and %d", small.Arena, p.Arena)
	}
}

func TestPlanPrintsOrderAndPlaces(t *testing.T) {
	var out bytes.Buffer
	if err := planOf(t, step(t), plan.Options{}).WriteText(&out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"# arena:", "matmul", "@ variable weights+0", "@ arena+"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the text has no %q:\n%s", want, out.String())
		}
	}
}

// TestSmallTypesTakeTheirSize: values of other types lie in the same arena, each at a cache line, and take its storage over only
// from values of their own type.
func TestSmallTypesTakeTheirSize(t *testing.T) {
	for _, d := range graph.DTypes {
		b := graph.NewBuilder()
		x := b.Input("x", graph.Type{DType: d, Shape: graph.Shape{3, 100}})
		y := op.Concat(b, 1, x, x)
		z := op.Slice(b, y, 1, 50, 150)
		b.SetOutput("z", op.Reshape(b, z, 300))
		g, err := b.Finish()
		if err != nil {
			t.Fatal(err)
		}
		p := planOf(t, g, plan.Options{})
		up := func(n int) int { return (n + 63) / 64 * 64 }
		if want := up(600*d.Size()) + up(300*d.Size()); p.Arena != want {
			t.Errorf("%v: the arena takes %d bytes, want %d", d, p.Arena, want)
		}
		if place := p.Places[g.Output("z").ID]; place.Root != z && place.Offset%64 != 0 {
			t.Errorf("%v: the output lies at %d", d, place.Offset)
		}
	}
}
