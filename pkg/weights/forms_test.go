package weights_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"dnn/internal/parallel"
	"dnn/internal/registry/registrytest"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/weights"
)

func TestRegistry(t *testing.T) { registrytest.Check(t, weights.Registry, nil) }

func TestJSON(t *testing.T) {
	f := &weights.Forms{Folded: map[string]string{"norm": "conv.bias"}, Of: map[string]weights.Form{
		"a": &weights.Int8{Input: 0.1}, "b": &weights.BF16{}, "c": &weights.Int8{},
	}}
	text, err := json.Marshal(f)
	want := `{"folded":{"norm":"conv.bias"},"parameters":{"a":{"type":"int8","input_scale":0.1},"b":{"type":"bf16"},"c":{"type":"int8"}}}`
	if err != nil || string(text) != want {
		t.Fatalf("%s, %v", text, err)
	}
	var back weights.Forms
	if err := json.Unmarshal(text, &back); err != nil || back.Of["a"].(*weights.Int8).Input != 0.1 || weights.Key(back.Of["b"]) != "bf16" {
		t.Errorf("%+v, %v", back, err)
	}
	for text, want := range map[string]string{
		`{"parameters":{"a":{"type":"int3"}}}`:            `a: no form of weights is called "int3"`,
		`{"parameters":{"a":{}}}`:                         "a: a form has no type",
		`{"parameters":{"a":{"type":"int8","x":1}}}`:      `unknown field "x"`,
		`{"parameters":{"a":{"type":"int8"}},"other":{}}`: `unknown field "other"`,
	} {
		if err := json.Unmarshal([]byte(text), &back); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

// A form's widened parameter has the bits of Decode, is near what was encoded, and stays the same when it is encoded again.
func TestForms(t *testing.T) {
	for _, k := range weights.Registry.Kinds() {
		form, ok := k.Value().(weights.Packed)
		if !ok {
			continue
		}
		for _, shape := range []graph.Shape{{5, 7}, {1, 1}, {3, 64}, {4, 2, 3, 3}, {2, 33}, {6, 100}} {
			p := graph.Param{Name: "w", Shape: shape}
			if form.Fits(p) != nil {
				continue
			}
			r := rand.New(rand.NewPCG(3, 4))
			x := make([]float32, shape.Size())
			for i := range x {
				x[i] = float32(r.NormFloat64())
			}
			clear(x[:shape[1]])
			arrays := form.Encode(p, x)
			if err := form.Valid(p, arrays); err != nil {
				t.Errorf("%s %v: %v", k.Key, shape, err)
			}
			got, again := make([]float32, len(x)), make([]float32, len(x))
			form.Decode(p, arrays, got)
			form.Decode(p, form.Encode(p, got), again)
			for i := range x {
				if math.Abs(float64(got[i]-x[i])) > 0.3 || math.Abs(float64(again[i]-got[i])) > 1e-5 {
					t.Fatalf("%s %v: %v is kept as %v, and that as %v", k.Key, shape, x[i], got[i], again[i])
				}
			}
			if wide := widened(t, form, p, arrays); !slices.Equal(wide, got) {
				t.Errorf("%s %v: widened %v, decoded %v", k.Key, shape, wide, got)
			}
		}
	}
}

// widened computes a parameter in a graph.
func widened(t *testing.T, form weights.Packed, p graph.Param, arrays []graph.Buffer) []float32 {
	t.Helper()
	b := graph.NewBuilder()
	b.SetOutput("w", form.Widen(b, p, weights.Vars(b, p, form, graph.Weights)))
	g, err := b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	pool, state := parallel.New(1), exec.NewState()
	defer pool.Close()
	program, err := exec.Compile(g, state, pool, exec.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i, a := range form.Arrays(p) {
		to := state.Buffer(p.Name + a.Suffix)
		if to.Len() != arrays[i].Len() || to.Len() != a.Type.Shape.Size() {
			t.Fatalf("array %q has %d elements, its type is %v", a.Suffix, arrays[i].Len(), a.Type)
		}
		copy(to.F, arrays[i].F)
		copy(to.I, arrays[i].I)
		copy(to.S, arrays[i].S)
		copy(to.U, arrays[i].U)
	}
	program.Run()
	return program.Output("w").F
}

func TestInt8(t *testing.T) {
	p := graph.Param{Name: "w", Shape: graph.Shape{3, 4}}
	f := &weights.Int8{}
	arrays := f.Encode(p, []float32{1, -2, 0.5, 2, 0, 0, 0, 0, 127, 0.5, 1.5, -127})
	if want := []int8{64, -127, 32, 127, 0, 0, 0, 0, 127, 0, 2, -127}; !slices.Equal(arrays[0].S, want) { // 63.5 and 31.75, ties to even
		t.Errorf("%v, want %v", arrays[0].S, want)
	}
	if want := []float32{2.0 / 127, 1, 1}; !slices.Equal(arrays[1].F, want) {
		t.Errorf("%v, want %v", arrays[1].F, want)
	}
	arrays[0].S[3] = -128
	if err := f.Valid(p, arrays); err == nil || err.Error() != "w has the number -128, below -127" {
		t.Errorf("%v", err)
	}
	arrays[0].S[3], arrays[1].F[1] = 0, float32(math.NaN())
	if err := f.Valid(p, arrays); err == nil || err.Error() != "w has the scale NaN" {
		t.Errorf("%v", err)
	}
	for _, c := range []struct {
		f    weights.Int8
		p    graph.Param
		want string
	}{
		{weights.Int8{}, graph.Param{Name: "b", Shape: graph.Shape{4}}, "b is [4], and the form is for matrices and kernels"},
		{weights.Int8{Input: -1}, p, "w: the scale of its inputs is -1"},
	} {
		if err := c.f.Fits(c.p); err == nil || err.Error() != c.want {
			t.Errorf("%v, want %s", err, c.want)
		}
	}
}
