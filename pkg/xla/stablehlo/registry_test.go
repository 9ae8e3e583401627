package stablehlo

import (
	"strings"
	"testing"

	"dnn/internal/registry/registrytest"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

// TestEachOpIsKnown: an op has a lowering, or a decomposition into others that have one, or a reason why it stays on the CPU.
func TestEachOpIsKnown(t *testing.T) {
	registrytest.Check(t, Registry, nil)
	for _, k := range graph.Ops.Kinds() {
		_, lowered := Registry.Get(k.Key)
		ways := 0
		for _, is := range []bool{lowered || k.Value.Decompose != nil, OnCPU(k.Key) != ""} {
			if is {
				ways++
			}
		}
		if ways != 1 {
			t.Errorf("op %s: write a lowering in %s.go, give the op a decomposition, or say in registry.go why it stays on the CPU (and not both)", k.Key, k.Key)
		}
	}
	for _, key := range Registry.Keys() {
		if _, ok := graph.Ops.Get(key); !ok {
			t.Errorf("there is a lowering for %s, but no such op", key)
		}
	}
}

// TestAllCasesAreWritten: each case of each op becomes a module.
func TestAllCasesAreWritten(t *testing.T) {
	for _, k := range graph.Ops.Kinds() {
		for _, c := range k.Value.Cases {
			b := graph.NewBuilder()
			var in []*graph.Value
			for i, arg := range c.In {
				in = append(in, b.Input(string(rune('a'+i)), arg.Type))
			}
			for _, v := range b.Add(k.Value, c.Attrs, in...) {
				b.SetOutput("y", v)
			}
			g, err := b.Finish()
			if err != nil {
				t.Fatal(err)
			}
			_, err = New(g, Options{})
			if why := OnCPU(k.Key); (err == nil) != (why == "") || err != nil && !strings.Contains(err.Error(), why) {
				t.Errorf("%s/%s: %v", k.Key, c.Name, err)
			}
		}
	}
}

// TestModule: the text of a training step, with a donated variable and a guard.
func TestModule(t *testing.T) {
	b := graph.NewBuilder()
	w := b.Var("w", graph.Weights, graph.Shape{2}, nil)
	loss := op.Sum(b, op.Mul(b, w.Value, b.Input("x", graph.Floats(2))), nil, false)
	b.SetOutput("loss", loss)
	b.Assign(w, op.Scale(b, w.Value, 0.5))
	g, err := b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	m, err := New(g, Options{Guard: "loss", Donate: true})
	if err != nil {
		t.Fatal(err)
	}
	const want = `module @dnn {
  func.func public @main(%arg0: tensor<2xf32> {tf.aliasing_output = 0 : i32}, %arg1: tensor<2xf32>) -> (tensor<2xf32>, tensor<f32>) {
    %1 = stablehlo.multiply %arg0, %arg1 : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
    %2 = stablehlo.constant dense<0x00000000> : tensor<f32>
    %3 = stablehlo.reduce(%1 init: %2) applies stablehlo.add across dimensions = [0] : (tensor<2xf32>, tensor<f32>) -> tensor<f32>
    %4 = stablehlo.constant dense<0x3F000000> : tensor<f32>
    %5 = stablehlo.broadcast_in_dim %4, dims = [] : (tensor<f32>) -> tensor<2xf32>
    %6 = stablehlo.multiply %arg0, %5 : (tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
    %7 = stablehlo.is_finite %3 : (tensor<f32>) -> tensor<i1>
    %8 = stablehlo.broadcast_in_dim %7, dims = [] : (tensor<i1>) -> tensor<2xi1>
    %9 = stablehlo.select %8, %6, %arg0 : (tensor<2xi1>, tensor<2xf32>, tensor<2xf32>) -> tensor<2xf32>
    return %9, %3 : tensor<2xf32>, tensor<f32>
  }
}
`
	if string(m.Text) != want {
		t.Errorf("the module is\n%s", m.Text)
	}
}
