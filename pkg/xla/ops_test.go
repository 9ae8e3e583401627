package xla

import (
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"dnn/internal/kernel/bf16"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/graph/op"
	"dnn/pkg/xla/stablehlo"
)

// testDevice opens the device that the tests run on.
func testDevice(t testing.TB) exec.Engine {
	t.Helper()
	if os.Getenv(Variable) == "" {
		t.Skipf("%s names no plugin; make test-accel fetches one", Variable)
	}
	e, err := exec.Open("xla:cpu", "")
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// opTolerance is how far an output may be from the reference in float64, relative to an element plus the root mean square.
// Functions of the device's own and other orders of sums are behind it.
func opTolerance(name string) float64 {
	switch name {
	case "ctc": // sums of logarithms in float32
		return 2e-5
	case "attention_grad", "attention", "attention_weights", "lstm_grad", "gru_grad", "rnn_grad", "conv", "conv_act", "conv_transpose", "conv_weight_grad", "conv_act_grad":
		return 1e-5
	}
	return 4e-6
}

// TestOps runs each case of each op on the device, the decomposed ones among them. The cases of an op are one graph: most of the time
// is spent compiling. With -short there are two of each op.
func TestOps(t *testing.T) {
	e := testDevice(t)
	for _, k := range graph.Ops.Kinds() {
		if stablehlo.OnCPU(k.Key) != "" {
			continue
		}
		cases := k.Value.Cases
		if testing.Short() { // all of them take minutes to compile
			cases = cases[:min(2, len(cases))]
		}
		t.Run(k.Key, func(t *testing.T) { t.Logf("largest error %.2g", runCases(t, e, k.Value, cases)) })
	}
}

// example is a case of an op in the graph of all of them.
type example struct {
	name string
	in   []string
	out  []string
	refs []graph.Ref
	node *graph.Node
}

func runCases(t *testing.T, e exec.Engine, o *graph.Op, cases []graph.Case) (worst float64) {
	b := graph.NewBuilder()
	var examples []example
	for _, c := range cases {
		x := example{name: c.Name}
		h := fnv.New64a()
		h.Write([]byte(o.Name + c.Name))
		r := rand.New(rand.NewPCG(h.Sum64(), 0))
		var in []*graph.Value
		for i, arg := range c.In {
			x.in = append(x.in, fmt.Sprintf("%s/%d", c.Name, i))
			in = append(in, b.Input(x.in[i], arg.Type))
			x.refs = append(x.refs, drawn(arg, r))
		}
		out := b.Add(o, c.Attrs, in...)
		for i, v := range out {
			x.out = append(x.out, fmt.Sprintf("%s/out %d", c.Name, i))
			b.SetOutput(x.out[i], v)
		}
		x.node = out[0].Node
		examples = append(examples, x)
	}
	g, err := b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	state := exec.NewState()
	state.Use(e)
	p, err := exec.Compile(g, state, nil, exec.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range examples {
		for i, name := range x.in {
			feed(p.Feed(name), x.refs[i])
		}
	}
	p.Run()
	for _, x := range examples {
		want := make([]graph.Ref, len(x.out))
		for i, v := range x.node.Outputs {
			want[i] = graph.NewRef(v.Type)
		}
		o.Eval(x.node, x.refs, want)
		for i, v := range x.node.Outputs {
			got := p.Output(x.out[i])
			if want[i].I != nil {
				if !slices.Equal(integers(got), want[i].I) {
					t.Errorf("%s is %v, want %v", x.out[i], integers(got), want[i].I)
				}
				continue
			}
			most := opTolerance(o.Name)
			if v.DType == graph.BF16 { // it may round to the other neighbor
				most = 0x1p-7
			}
			err := compare(t, x.out[i], got.Floats(), want[i].F, most)
			if v.DType != graph.BF16 {
				worst = max(worst, err)
			}
		}
	}
	return worst
}

// compare returns the largest error, relative to an element plus the root mean square of all, and fails where it is too large.
func compare(t *testing.T, what string, got []float32, want []float64, most float64) (worst float64) {
	t.Helper()
	scale := rms(want)
	for j, w := range want {
		if float64(got[j]) == w {
			continue
		}
		err := math.Abs(float64(got[j])-w) / (math.Abs(w) + scale)
		if !(err <= most) {
			t.Errorf("%s[%d] is %v, want %v (error %.2g)", what, j, got[j], w, err)
			return err
		}
		worst = max(worst, err)
	}
	return worst
}

// integers are those of a buffer of any size.
func integers(b graph.Buffer) []int32 {
	x := slices.Clone(b.I)
	for _, v := range b.S {
		x = append(x, int32(v))
	}
	for _, v := range b.U {
		x = append(x, int32(v))
	}
	return x
}

func rms(x []float64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += v * v
	}
	return math.Sqrt(sum / float64(max(1, len(x))))
}

// drawn makes the elements of an input, numbers that its type can hold.
func drawn(a graph.Arg, r *rand.Rand) graph.Ref {
	ref := graph.NewRef(a.Type)
	for i := range a.Type.Shape.Size() {
		x := 0.0
		if a.Fill != nil {
			x = a.Fill(r)
		} else {
			x = r.NormFloat64()
		}
		if ref.I != nil {
			ref.I[i] = int32(x)
			continue
		}
		ref.F[i] = float64(float32(x))
		if a.Type.DType == graph.BF16 {
			h := make([]uint16, 1)
			bf16.Round(h, []float32{float32(x)})
			ref.F[i] = float64(graph.Buffer{H: h}.Floats()[0])
		}
	}
	return ref
}

func feed(b graph.Buffer, r graph.Ref) {
	copy(b.I, r.I)
	for i, x := range r.F {
		if b.F != nil {
			b.F[i] = float32(x)
		} else {
			bf16.Round(b.H[i:i+1], []float32{float32(x)})
		}
	}
	for i, x := range r.I {
		switch {
		case b.S != nil:
			b.S[i] = int8(x)
		case b.U != nil:
			b.U[i] = uint8(x)
		}
	}
}

// TestDrawsOfShards: a shard of a batch drops what the batch would drop there.
func TestDrawsOfShards(t *testing.T) {
	e := testDevice(t)
	shard := func(rows int) graph.Arg {
		at, i := []float64{9, 5, float64(rows)}, 0
		return graph.Arg{Type: graph.Ints(3), Fill: func(*rand.Rand) float64 { i++; return at[i-1] }}
	}
	dropout := op.DropoutAttrs{Rate: 0.4, Seed: 3, Stream: 11}
	attention := op.AttentionAttrs{Heads: 4, KeyHeads: 2, Rate: 0.3, Seed: 5, Stream: 1 << 63, Step: true}
	for name, cases := range map[string][]graph.Case{
		"dropout": {
			{Name: "rows", Attrs: dropout, In: []graph.Arg{graph.Normal(3, 37), shard(3)}},
			{Name: "sequences", Attrs: dropout, In: []graph.Arg{graph.Normal(2, 5, 70), shard(2)}},
		},
		"attention": {{Name: "heads", Attrs: attention, In: []graph.Arg{graph.Normal(2, 6, 12), graph.Normal(2, 70, 6), graph.Normal(2, 70, 8), shard(2)}}},
	} {
		o, _ := graph.Ops.Get(name)
		t.Run(name, func(t *testing.T) { runCases(t, e, o, cases) })
	}
}
