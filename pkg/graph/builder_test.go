package graph_test

import (
	"errors"
	"slices"
	"testing"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func TestBuilderInfersAndNumbers(t *testing.T) {
	b := graph.NewBuilder()
	x, w := b.Input("x", graph.Floats(4, 3)), b.Input("w", graph.Floats(3, 2))
	b.Scope, b.Stage = "dense_1", graph.Backward
	y := op.MatMul(b, x, w, false, false)
	if y.String() != "f32[4x2]" || y.ID != 2 || y.Node.ID != 2 || y.Node.Scope != "dense_1" || y.Node.Stage != graph.Backward {
		t.Errorf("the product is %v, value %d of node %+v", y, y.ID, y.Node)
	}
	if x.Node.Scope != "" || x.Node.Stage != graph.Forward {
		t.Errorf("the input is of %q, %v", x.Node.Scope, x.Node.Stage)
	}
}

// A name stands for one input and one variable, whoever asks for it.
func TestBuilderKnowsNames(t *testing.T) {
	b := graph.NewBuilder()
	if b.Input("x", graph.Floats(2)) != b.Input("x", graph.Floats(2)) {
		t.Error("one name is two inputs")
	}
	v := b.Var("v", graph.State, graph.Shape{2}, nil)
	if v != b.Var("v", graph.State, graph.Shape{2}, nil) || len(b.Vars()) != 1 {
		t.Error("one name is two variables")
	}
}

func TestBuilderShapeError(t *testing.T) {
	defer func() {
		e, ok := recover().(*graph.ShapeError)
		if !ok || e.Op != "add" || errors.Unwrap(e) == nil || e.Error() != "add: "+e.Err.Error() {
			t.Errorf("panics with %v", e)
		}
	}()
	b := graph.NewBuilder()
	op.Add(b, b.Input("x", graph.Floats(3)), b.Input("y", graph.Floats(4)))
	t.Error("shapes that do not fit are accepted")
}

// Parameters lie in one array for each kind, at the beginning of a cache line, and are filled where they lie.
func TestParamsLieInFlatArrays(t *testing.T) {
	b := graph.NewBuilder()
	fill := func(x float32) func([]float32) {
		return func(dst []float32) {
			for i := range dst {
				dst[i] = x
			}
		}
	}
	b.Scope, b.Stage = "layer", graph.Backward
	one := b.Param(graph.Param{Name: "one", Shape: graph.Shape{5, 4}, Init: fill(1)}, true)
	two := b.Param(graph.Param{Name: "two", Shape: graph.Shape{3}, Rate: 0.5, Init: fill(2)}, true)
	still := b.Param(graph.Param{Name: "one", Shape: graph.Shape{2}}, false)
	if b.Scope != "layer" || b.Stage != graph.Backward || one.Node.Scope != "layer" {
		t.Error("the scope is not that of before")
	}
	w := b.Weights()
	if w.Class != graph.Weights || w.Value.Node.Scope != "" || w.Value.Node.Stage != graph.Forward || w.Value.Shape[0] != 32+16 {
		t.Errorf("the array is %+v", w)
	}
	if frozen := b.Vars()[1]; frozen.Name != "frozen" || frozen.Class != graph.Frozen || still.Node.Inputs[0] != frozen.Value {
		t.Errorf("what is not trained lies in %+v", frozen)
	}
	if p := w.Params; len(p) != 2 || p[0].Offset != 0 || p[1].Offset != 32 || p[0].Rate != 1 || p[1].Rate != 0.5 {
		t.Errorf("the parameters are %+v", p)
	}
	if a := two.Node.Attrs.(graph.ViewAttrs); a.Offset != 32 || !two.Shape.Equal(graph.Shape{3}) {
		t.Errorf("the second is a view of %+v as %v", a, two.Shape)
	}
	data := make([]float32, 48)
	w.Init(data)
	want := slices.Concat(slices.Repeat([]float32{1}, 20), make([]float32, 12), []float32{2, 2, 2}, make([]float32, 13))
	if !slices.Equal(data, want) {
		t.Errorf("the array is filled with %v", data)
	}
}

// Mistakes in the program that builds a graph are panics that name what is wrong.
func TestBuilderRefuses(t *testing.T) {
	for want, f := range map[string]func(b *graph.Builder){
		"graph: parameter w is defined twice": func(b *graph.Builder) {
			b.Param(graph.Param{Name: "w", Shape: graph.Shape{2}}, true)
			b.Param(graph.Param{Name: "w", Shape: graph.Shape{2}}, true)
		},
		"graph: variable v, f32[2], cannot take a value of type f32[3]": func(b *graph.Builder) {
			b.Assign(b.Var("v", graph.State, graph.Shape{2}, nil), b.Input("x", graph.Floats(3)))
		},
	} {
		t.Run(want, func(t *testing.T) {
			defer func() {
				if got := recover(); got != want {
					t.Errorf("panics with %v", got)
				}
			}()
			f(graph.NewBuilder())
		})
	}
}

func TestUsesAndLive(t *testing.T) {
	b := graph.NewBuilder()
	x := b.Input("x", graph.Floats(2))
	twice, unread := op.Add(b, x, x), op.Exp(b, x)
	v := b.Var("v", graph.State, graph.Shape{2}, nil)
	next := op.Sqrt(b, v.Value)
	b.SetOutput("y", twice)
	b.Assign(v, next)
	g := finish(t, b)
	uses, live := g.Uses(), g.Live()
	if got := uses[x.ID]; !slices.Equal(got, []*graph.Node{twice.Node, unread.Node}) {
		t.Errorf("%d nodes read x; one that reads it twice counts once", len(got))
	}
	if len(uses[twice.ID]) != 0 || !slices.Equal(uses[v.Value.ID], []*graph.Node{next.Node}) {
		t.Errorf("the uses are %v", uses)
	}
	for value, want := range map[*graph.Value]bool{x: true, twice: true, unread: false, v.Value: true, next: true} {
		if live[value.ID] != want {
			t.Errorf("%s is live: %v", value.Node.Label(), !want)
		}
	}
	if g.Output("y") != twice || g.Output("z") != nil || g.Input("x") != x || g.Input("y") != nil || g.Var("v") != v || g.Var("x") != nil {
		t.Error("names lead elsewhere")
	}
}

func finish(t *testing.T, b *graph.Builder) *graph.Graph {
	t.Helper()
	g, err := b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	return g
}
