package op_test

import (
	"slices"
	"strings"
	"testing"

	"dnn/internal/registry/registrytest"
	"dnn/pkg/graph"
	_ "dnn/pkg/graph/op"
)

func TestRegistry(t *testing.T) {
	registrytest.Check(t, graph.Ops, func(o *graph.Op) int { return len(o.Cases) })
	for _, k := range graph.Ops.Kinds() {
		o := k.Value
		ways := 0
		for _, is := range []bool{o.Grad != nil, o.Decompose != nil, o.NoGrad != ""} {
			if is {
				ways++
			}
		}
		if ways != 1 {
			t.Errorf("%s says in %d ways how it is differentiated, want 1", k.Key, ways)
		}
		if k.Key != o.Name || o.Doc == "" || o.Infer == nil || o.Eval == nil || len(o.Cases) == 0 {
			t.Errorf("%s lacks its name, doc, shapes, reference or cases", k.Key)
		}
		if (o.Kernel == nil) == (o.View == nil) {
			t.Errorf("%s must have a kernel or be a view", k.Key)
		}
		if o.Kernel != nil && o.Cost == nil {
			t.Errorf("%s has no cost", k.Key)
		}
		var names []string
		for _, c := range o.Cases {
			if slices.Contains(names, c.Name) {
				t.Errorf("%s has two cases named %q", k.Key, c.Name)
			}
			names = append(names, c.Name)
		}
	}
}

// anyType are the ops that take elements of every type.
var anyType = []string{"concat", "reshape", "slice", "view"}

// accepted lists the types that the op's cases have for an input.
func accepted(o *graph.Op, input int) (list []graph.DType) {
	for _, c := range o.Cases {
		if input < len(c.In) {
			list = append(list, c.In[input].Type.DType)
		}
	}
	return list
}

func TestInferRejectsArityAndTypes(t *testing.T) {
	eachCase(t, func(t *testing.T, e example) {
		var in []graph.Type
		for _, a := range e.c.In {
			in = append(in, a.Type)
		}
		if _, err := e.op.Infer(e.c.Attrs, nil); err == nil {
			t.Error("no inputs are accepted")
		}
		if e.op.Name != "concat" {
			if _, err := e.op.Infer(e.c.Attrs, append(slices.Clip(in), in[0], in[0])); err == nil {
				t.Error("two inputs too many are accepted")
			}
		}
		if slices.Contains(anyType, e.op.Name) {
			return
		}
		for i := range in {
			for _, d := range graph.DTypes {
				wrong := slices.Clone(in)
				if wrong[i].DType = d; slices.Contains(accepted(e.op, i), d) {
					continue
				}
				if _, err := e.op.Infer(e.c.Attrs, wrong); err == nil {
					t.Errorf("input %d is accepted as %v", i, wrong[i])
				}
			}
		}
	})
}

// build reports what a builder says to a mistake.
func build(f func(b *graph.Builder)) (message string) {
	defer func() {
		if e, ok := recover().(*graph.ShapeError); ok {
			message = e.Error()
		}
	}()
	f(graph.NewBuilder())
	return "accepted"
}

func TestInferMessages(t *testing.T) {
	for _, c := range mistakes {
		t.Run(c.want, func(t *testing.T) {
			b := graph.NewBuilder()
			in := func(shape ...int) *graph.Value {
				return b.Input(strings.Repeat("x", 1+len(b.Values())), graph.Floats(shape...))
			}
			ids := func(shape ...int) *graph.Value {
				return b.Input(strings.Repeat("i", 1+len(b.Values())), graph.Ints(shape...))
			}
			got := build(func(*graph.Builder) { c.make(b, in, ids) })
			if got != c.want {
				t.Errorf("got %q", got)
			}
		})
	}
}
