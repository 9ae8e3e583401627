package importer

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dnn/pkg/graph/exec"
	"dnn/pkg/onnx"
)

// models are the files in testdata.
func models(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("testdata/*.onnx")
	if err != nil || len(files) < 20 {
		t.Fatal(files, err)
	}
	return files
}

func read(t *testing.T, file string) *onnx.Model {
	t.Helper()
	m, err := onnx.Read(file)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestOutputs compares each net with what onnxruntime computes, on one thread and two, and for a batch of another size.
func TestOutputs(t *testing.T) {
	one, two := exec.NewPool(1), exec.NewPool(2)
	defer one.Close()
	defer two.Close()
	for _, file := range models(t) {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".onnx"), func(t *testing.T) {
			m := read(t, file)
			net, err := Import(m)
			if err != nil {
				t.Fatal(err)
			}
			arrays := file[:len(file)-len("onnx")] + "npz"
			in := map[string]Array{}
			for _, x := range net.Inputs {
				if in[x.Name], err = ReadArray(arrays, x.Graph); err != nil {
					t.Fatal(err)
				}
			}
			want, err := ReadArray(arrays, m.Graph.Outputs[0].Name)
			if err != nil {
				t.Fatal(err)
			}
			have, err := net.Run(in, one)
			if err != nil {
				t.Fatal(err)
			}
			again, err := net.Run(in, two)
			if err != nil {
				t.Fatal(err)
			}
			if len(have.Data) != len(want.Data) {
				t.Fatalf("shape %v, not %v", have.Shape, want.Shape)
			}
			for i, x := range have.Data {
				if d := math.Abs(float64(x - want.Data[i])); !(d <= 1e-5*(1+math.Abs(float64(want.Data[i])))) {
					t.Fatalf("number %d is %g, and %g in onnxruntime", i, x, want.Data[i])
				}
				if math.Float32bits(x) != math.Float32bits(again.Data[i]) {
					t.Fatalf("number %d is %g on one thread and %g on two", i, x, again.Data[i])
				}
			}
			half := map[string]Array{} // the first row alone
			for name, a := range in {
				rows := a.Shape[0]
				half[name] = Array{append([]int{1}, a.Shape[1:]...), a.Data[:len(a.Data)/rows]}
			}
			alone, err := net.Run(half, one)
			if err != nil {
				t.Fatal(err)
			}
			for i, x := range alone.Data {
				if math.Float32bits(x) != math.Float32bits(have.Data[i]) {
					t.Fatalf("number %d is %g alone and %g in a batch", i, x, have.Data[i])
				}
			}
		})
	}
}

// TestLayers looks at what some nets become.
func TestLayers(t *testing.T) {
	for file, want := range map[string][]string{
		"mlp_dyn": {
			"activation: relu}", "- {type: batch_norm,", "activation: gelu}", "activation: silu}", "activation: {type: leaky_relu, alpha: 0.2}",
			"activation: mish}", "activation: hard_swish}", "activation: {type: elu, alpha: 0.7}", "- {type: layer_norm,", "units: 3}",
		},
		"encoder_dyn":         {"type: embedding, name: emb, size: 16", "kind: learned", "type: multi_head_attention", "heads: 4", "type: global_avg_pool1d"},
		"attention_fused_dyn": {"heads: 2, causal: true"},
		"cnn_ts":              {"type: group_norm", "groups: 2", "size: 2, padding: 1}", "type: flatten"},
		"lstm_state_2_ts":     {"type: lstm, name: lstm_1, units: 6, bidirectional: true}"},
		"keras_cnn":           {"padding: same", "type: depthwise_conv2d", "activation: relu6", "type: dense"},
	} {
		net, err := Import(read(t, "testdata/"+file+".onnx"))
		if err != nil {
			t.Fatal(err)
		}
		text := net.LayersText()
		for _, line := range want {
			if !strings.Contains(text, line) {
				t.Errorf("%s has no %q:\n%s", file, line, text)
			}
		}
	}
}

// TestHostile changes bytes of files: whatever comes of it is an error or a net, and nothing else.
func TestHostile(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	rounds := 30
	if testing.Short() {
		rounds = 5
	}
	for _, file := range models(t) {
		whole, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for range rounds {
			data := append([]byte(nil), whole...)
			for range 1 + r.IntN(8) {
				data[r.IntN(len(data))] = byte(r.Uint32())
			}
			if m, err := onnx.Decode(data); err == nil {
				_, _ = Import(m)
			}
		}
	}
}

// TestRefused are graphs that cannot be imported: the error names the node, and why.
func TestRefused(t *testing.T) {
	w := onnx.New("w", make([]float32, 12), 3, 4)
	x := &onnx.Value{Name: "x", Type: onnx.Float32, Shape: []onnx.Dim{onnx.Symbolic("batch"), {Size: 3}}}
	for _, c := range []struct {
		nodes []*onnx.Node
		want  string
	}{
		{[]*onnx.Node{{Op: "Det", Inputs: []string{"x"}, Outputs: []string{"y"}}, {Op: "NonZero", Name: "n", Inputs: []string{"y"}, Outputs: []string{"z"}}},
			"operator Det is not known\noperator NonZero is not known, first in node \"n\""},
		{[]*onnx.Node{{Op: "Attention", Domain: "com.microsoft", Inputs: []string{"x"}, Outputs: []string{"z"}}}, "operator com.microsoft.Attention is not known"},
		{[]*onnx.Node{{Op: "MatMul", Name: "m", Inputs: []string{"w", "x"}, Outputs: []string{"z"}}}, `node MatMul "m": a constant times what the net computes`},
		{[]*onnx.Node{{Op: "Gemm", Name: "g", Inputs: []string{"x", "x"}, Outputs: []string{"z"}}}, `node Gemm "g": input 1 (x) must be a constant`},
		{[]*onnx.Node{{Op: "MatMul", Name: "m", Inputs: []string{"x", "w"}, Outputs: []string{"y"}}, {Op: "Cos", Inputs: []string{"y"}, Outputs: []string{"z"}}},
			"a function of each element that is none of the activations"},
		{[]*onnx.Node{{Op: "Identity", Inputs: []string{"x"}, Outputs: []string{"z"}}}, "output z is an input"},
	} {
		m := &onnx.Model{Opsets: []onnx.Opset{{Version: 17}}, Graph: &onnx.Graph{
			Nodes: c.nodes, Initializers: []*onnx.Tensor{w}, Inputs: []*onnx.Value{x}, Outputs: []*onnx.Value{{Name: "z", Type: onnx.Float32}},
		}}
		if _, err := Import(m); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("error %v, expected %q", err, c.want)
		}
	}
}

// TestBombs are small graphs of much work: each is refused before it is done.
func TestBombs(t *testing.T) {
	product := &onnx.Node{Op: "MatMul", Inputs: []string{"x", "w"}, Outputs: []string{"s0"}}
	chain := func(op string, inputs int) []*onnx.Node {
		nodes := []*onnx.Node{product}
		for i := range 2000 {
			in, out := fmt.Sprint("s", i), fmt.Sprint("s", i+1)
			nodes = append(nodes, &onnx.Node{Op: op, Inputs: slices.Repeat([]string{in}, inputs), Outputs: []string{out}})
		}
		return nodes
	}
	constants := []*onnx.Node{product}
	for i := range 50 {
		constants = append(constants, &onnx.Node{Op: "ConstantOfShape", Inputs: []string{"shape"}, Outputs: []string{fmt.Sprint("c", i)}})
	}
	for name, c := range map[string]struct {
		nodes []*onnx.Node
		want  string
	}{
		"doubled":   {chain("Mul", 2), "more than 500 operators"},
		"chained":   {chain("Relu", 1), "more than 500 operators"},
		"constants": {constants, "altogether"},
	} {
		shape := onnx.New("shape", []int64{1 << 23}, 1)
		m := &onnx.Model{Opsets: []onnx.Opset{{Version: 17}}, Graph: &onnx.Graph{
			Nodes: c.nodes, Initializers: []*onnx.Tensor{onnx.New("w", make([]float32, 9), 3, 3), shape},
			Inputs:  []*onnx.Value{{Name: "x", Type: onnx.Float32, Shape: []onnx.Dim{onnx.Symbolic("batch"), {Size: 3}}}},
			Outputs: []*onnx.Value{{Name: "s2000", Type: onnx.Float32}},
		}}
		if _, err := Import(m); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, expected %q", name, err, c.want)
		}
	}
}
