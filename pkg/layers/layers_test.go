package layers

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"dnn/internal/parallel"
	"dnn/internal/registry/registrytest"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/graph/grad"
	"dnn/pkg/spec"
)

func TestOneKindOneFileOneKey(t *testing.T) {
	registrytest.Check(t, Registry, func(l Layer) int { return len(l.Cases()) })
	for _, k := range Registry.Kinds() {
		for _, f := range spec.Fields(reflect.TypeOf(k.Value)) {
			for _, every := range spec.Fields(reflect.TypeFor[Entry]()) {
				if f.Key == every.Key {
					t.Errorf("%s: every layer has a setting %s", k.Key, f.Key)
				}
			}
		}
	}
}

// eachCase runs f for every case of every kind, built for training and for evaluation.
func eachCase(t *testing.T, f func(t *testing.T, c Case, n built, training bool)) {
	for _, k := range Registry.Kinds() {
		for i, c := range k.Value.Cases() {
			for _, training := range []bool{true, false} {
				t.Run(fmt.Sprintf("%s/%d/training=%v", k.Key, i, training), func(t *testing.T) {
					n := build(t, "layers: ["+c.Layer+"]", training, Spec{Inputs: c.In, Seed: 5})
					if n.err != nil {
						t.Fatal(n.err)
					}
					f(t, c, n, training)
				})
			}
		}
	}
}

func TestShapesAndParameters(t *testing.T) {
	eachCase(t, func(t *testing.T, c Case, n built, training bool) {
		g, err := n.b.Finish()
		if err != nil {
			t.Fatal(err)
		}
		if !n.out.Shape().Equal(c.Out) || n.out.Rows() != 4 || n.out.unknown != certain {
			t.Errorf("gives %v, want %v", n.out.Shape(), c.Out)
		}
		trained, state := 0, 0
		for _, v := range g.Vars {
			switch v.Class {
			case graph.Weights:
				for _, p := range v.Params {
					trained += p.Shape.Size()
				}
			case graph.State:
				state += v.Value.Shape.Size()
			}
		}
		if trained != c.Trained || state != c.State {
			t.Errorf("has %d trained numbers and %d of state, want %d and %d", trained, state, c.Trained, c.State)
		}
		if moves := training && state > 0 && !strings.Contains(c.Layer, "trainable: false"); moves != (len(g.Assigns) > 0) {
			t.Errorf("moves its state %d times", len(g.Assigns))
		}
	})
}

// TestResolved prints each case with its defaults and reads it again.
func TestResolved(t *testing.T) {
	for _, k := range Registry.Kinds() {
		for _, c := range k.Value.Cases() {
			var p spec.Problems
			once, _ := parse(t, "layers: ["+c.Layer+"]", &p)
			text := string(spec.Encode(struct{ Layers []Entry }{once}))
			again, _ := parse(t, text, &p)
			if p.Len() > 0 || !reflect.DeepEqual(once, again) {
				t.Errorf("%s: %s is read again as something else:\n%s", k.Key, c.Layer, text)
			}
		}
	}
}

// TestSingleElement: a batch of one element per feature has no variance to speak of.
func TestSingleElement(t *testing.T) {
	for rows, moves := range map[int]int{1: 0, 2: 2} {
		n := buildRows(t, "layers: [batch_norm]", rows, true, Spec{})
		if g, err := n.b.Finish(); err != nil || len(g.Assigns) != moves {
			t.Errorf("a batch norm moves %d states for %d rows, want %d; %v", len(g.Assigns), rows, moves, err)
		}
	}
}

// feedsOf draws everything that a net reads: inputs, parameters and states, the latter away from what they begin with.
func feedsOf(g *graph.Graph, categories int) map[string]graph.Ref {
	r := rand.New(rand.NewPCG(1, 2))
	feeds := map[string]graph.Ref{}
	for _, n := range g.Nodes {
		if n.Leaf != graph.Input && n.Leaf != graph.Variable {
			continue
		}
		size := n.Outputs[0].Shape.Size()
		if n.Outputs[0].DType == graph.I32 {
			x := make([]int32, size)
			for i := range x {
				x[i] = int32(r.IntN(max(categories, 1)))
			}
			feeds[n.Name] = graph.Ref{I: x}
			continue
		}
		x := make([]float64, size)
		for i := range x {
			x[i] = float64(float32(r.NormFloat64()))
			if v := g.Var(n.Name); v != nil && v.Class == graph.State {
				x[i] = float64(float32(0.5 + r.Float64()))
			}
		}
		feeds[n.Name] = graph.Ref{F: x}
	}
	return feeds
}

func categories(c Case) int {
	for _, x := range c.In {
		switch {
		case x.Ints:
			return x.Categories
		case x.Lengths != "":
			return x.Shape[0] + 1
		}
	}
	return 0
}

// TestGradients holds the gradients through each layer, by parameters and inputs, against central differences of a
// fixed random weighting of its output.
func TestGradients(t *testing.T) {
	eachCase(t, func(t *testing.T, c Case, n built, _ bool) {
		b := n.b
		var wrt []*graph.Value
		var root []*graph.Node // what wrt are views of, or the inputs themselves
		for _, v := range b.Values() {
			switch {
			case v.Node.Leaf == graph.Input && v.DType == graph.F32:
				wrt, root = append(wrt, v), append(root, v.Node)
			case v.Node.Op == graph.View:
				wrt, root = append(wrt, v), append(root, v.Node.Inputs[0].Node)
			}
		}
		weighting := make([]float32, n.out.Value.Shape.Size())
		r := rand.New(rand.NewPCG(3, 4))
		for i := range weighting {
			weighting[i] = float32(r.NormFloat64())
		}
		objective := weightedSum(b, n.out.Value, weighting)
		grads := grad.Build(b, objective, nil, wrt)
		g, err := b.Finish()
		if err != nil {
			t.Fatal(err)
		}
		feeds := feedsOf(g, categories(c))
		vals := exec.Evaluate(g, feeds)
		for k, v := range wrt {
			at := 0
			if v.Node.Op == graph.View {
				at = v.Node.Attrs.(graph.ViewAttrs).Offset
			}
			x := feeds[root[k].Name].F[at : at+v.Shape.Size()]
			for i := range x {
				const h = 1e-6
				old := x[i]
				x[i] = old + h
				up := exec.Evaluate(g, feeds)[objective].F[0]
				x[i] = old - h
				down := exec.Evaluate(g, feeds)[objective].F[0]
				x[i] = old
				want, got := (up-down)/(2*h), 0.0
				if grads[k] != nil {
					got = vals[grads[k]].F[i]
				}
				if math.Abs(got-want) > 1e-6*max(1, math.Abs(want)) {
					t.Fatalf("d/d %s[%d] is %g, differences say %g", root[k].Name, at+i, got, want)
				}
			}
		}
	})
}

// TestFloat32 runs each layer as a compiled program and holds it against the float64 reference.
func TestFloat32(t *testing.T) {
	pool := parallel.New(1)
	defer pool.Close()
	eachCase(t, func(t *testing.T, c Case, n built, _ bool) {
		n.b.SetOutput("y", n.out.Value)
		g, err := n.b.Finish()
		if err != nil {
			t.Fatal(err)
		}
		feeds := feedsOf(g, categories(c))
		state := exec.NewState()
		p, err := exec.Compile(g, state, pool, exec.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for name, ref := range feeds {
			to := state.Data(name)
			if to == nil {
				copy(p.Feed(name).I, ref.I)
				to = p.Feed(name).F
			}
			for i := range ref.F {
				to[i] = float32(ref.F[i])
			}
		}
		want := exec.Evaluate(g, feeds)
		p.Run()
		close := func(what string, got []float32, want []float64) {
			for i := range got {
				if d := math.Abs(float64(got[i]) - want[i]); d > 1e-5*max(1, math.Abs(want[i])) {
					t.Fatalf("%s[%d] is %g, want %g", what, i, got[i], want[i])
				}
			}
		}
		close("y", p.Output("y").F, want[n.out.Value].F)
		for _, a := range g.Assigns {
			close(a.Var.Name, state.Data(a.Var.Name), want[a.Value].F)
		}
	})
}
