package graph_test

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func text(t *testing.T, g *graph.Graph) string {
	t.Helper()
	var b bytes.Buffer
	if err := g.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// A copy prints the same, shares no node with its model, and its variables hold what those of the model hold.
func TestRewriteCopies(t *testing.T) {
	g := printed(t)
	before := text(t, g)
	c, err := graph.Rewrite(g, nil)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(before, text(t, c)); d != "" {
		t.Errorf("-model +copy:\n%s", d)
	}
	for i, v := range c.Values {
		if v == g.Values[i] || v.Node == g.Values[i].Node {
			t.Errorf("value %d is shared", i)
		}
	}
	for i, v := range c.Vars {
		if w := g.Vars[i]; v.Class != w.Class || len(v.Params) != len(w.Params) || (v.Init == nil) != (w.Init == nil) {
			t.Errorf("variable %s is not that of the model", v.Name)
		}
	}
}

func TestRewriteReplaces(t *testing.T) {
	g := small(t)
	before := text(t, g)
	c, err := graph.Rewrite(g, func(r *graph.Rewriter, n *graph.Node, in []*graph.Value) []*graph.Value {
		switch n.Op.Name {
		case "add":
			if !slices.Equal(r.Data(in[1]), []float32{1, 2}) || r.Data(in[0]) != nil {
				t.Errorf("the inputs hold %v and %v", r.Data(in[0]), r.Data(in[1]))
			}
			return []*graph.Value{op.Sub(r.Builder, in[0], in[1])}
		case "exp":
			in[0] = r.To(g.Input("x")) // and copied with it
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, n := range c.Nodes {
		names = append(names, n.Label())
	}
	if want := []string{"input x", "constant", "variable v", "sub", "mul", "exp"}; !slices.Equal(names, want) {
		t.Errorf("the nodes are %v, want %v", names, want)
	}
	if exp := c.Assigns[0].Value.Node; exp.Inputs[0] != c.Input("x") {
		t.Errorf("exp reads %s", exp.Inputs[0].Node.Label())
	}
	if text(t, g) != before {
		t.Error("the model is changed")
	}
}

// What follows the copy finds all of it, and its mistake is returned.
func TestRewriteAndMore(t *testing.T) {
	g := small(t)
	c, err := graph.Rewrite(g, nil, func(r *graph.Rewriter) error {
		r.SetOutput("z", op.Exp(r.Builder, r.To(g.Output("y"))))
		return nil
	})
	if err != nil || c.Output("z") == nil || c.Output("z").Node.Inputs[0] != c.Output("y") || g.Output("z") != nil {
		t.Errorf("z is %v; %v", c.Output("z"), err)
	}
	mine := errors.New("mine")
	if c, err := graph.Rewrite(g, nil, func(*graph.Rewriter) error { return mine }); c != nil || err != mine {
		t.Errorf("%v, %v", c, err)
	}
	if c, err := graph.Rewrite(g, nil, func(r *graph.Rewriter) error {
		r.SetOutput("z", g.Output("y")) // of the wrong graph
		return nil
	}); c != nil || err == nil {
		t.Error("a value of the model is accepted in the copy")
	}
}

// A value can be had before its turn; it is copied once, in its own scope and stage.
func TestRewriteAhead(t *testing.T) {
	b := graph.NewBuilder()
	x := b.Input("x", graph.Floats(2))
	first := op.Exp(b, x)
	b.Scope, b.Stage = "later", graph.Backward
	late := op.Square(b, op.Abs(b, b.Input("later", graph.Floats(2))))
	b.SetOutput("y", op.Add(b, first, late))
	g := finish(t, b)
	c, err := graph.Rewrite(g, func(r *graph.Rewriter, n *graph.Node, in []*graph.Value) []*graph.Value {
		if n.Op.Name != "exp" {
			return nil
		}
		if r.To(late) != nil || r.To(nil) != nil {
			t.Error("what is to come is there already")
		}
		v := r.Ahead(late)
		if v != r.To(late) || v != r.Ahead(late) || r.Scope != "" || r.Stage != graph.Forward {
			t.Errorf("%v stands for %v; the scope is %q, %v", v, r.To(late), r.Scope, r.Stage)
		}
		return []*graph.Value{op.Mul(r.Builder, in[0], v)}
	})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, n := range c.Nodes {
		names = append(names, n.Label()+" "+n.Scope+" "+n.Stage.String())
	}
	want := []string{"input x  forward", "input later later backward", "abs later backward", "square later backward", "mul  forward", "add later backward"}
	if !slices.Equal(names, want) {
		t.Errorf("the nodes are %q, want %q", names, want)
	}
}
