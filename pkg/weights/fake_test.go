package weights_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"dnn/internal/parallel"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/graph/op"
	"dnn/pkg/weights"
)

// A row is rounded to the bits that it has after it was encoded.
func TestRounding(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for name, form := range map[string]weights.Packed{"int8": &weights.Int8{}, "int4": &weights.Int4{}} {
		for _, shape := range []graph.Shape{{4, 7}, {3, 32}, {5, 100}, {2, 3, 3, 3}} {
			x := make([]float32, shape.Size())
			for i := range x {
				x[i] = float32(r.NormFloat64())
			}
			clear(x[:shape[1]])
			p, want, got := graph.Param{Name: "w", Shape: shape}, make([]float32, len(x)), slices.Clone(x)
			form.Decode(p, form.Encode(p, x), want)
			width := len(x) / shape[0]
			for i := range shape[0] {
				row := got[i*width : (i+1)*width]
				form.(weights.Rounding).Rounding().Row(row, row)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s %v: %v, want %v", name, shape, got, want)
			}
		}
		for _, bad := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
			row := []float32{1, float32(bad), 2}
			form.(weights.Rounding).Rounding().Row(row, row)
			if row[1] == row[1] {
				t.Errorf("%s: %v becomes %v, want NaN, so that it is seen", name, bad, row[1])
			}
		}
	}
}

// fakeProduct is x·wᵀ of a net, rounded or not, and its gradients by x and the weights.
func fakeProduct(t *testing.T, f *weights.Fake, x, w []float32) (y, dx, dw []float32) {
	t.Helper()
	b := graph.NewBuilder()
	if f != nil {
		f.Begin(b)
	}
	in := b.Input("x", graph.Floats(2, 3))
	param := b.Param(graph.Param{Name: "w", Layer: "dense", Shape: graph.Shape{2, 3}, Init: func(dst []float32) { copy(dst, w) }}, true)
	out := op.MatMul(b, in, param, false, true)
	b.SetAdapt(nil)
	b.SetOutput("y", out)
	product := out.Node
	b.Stage = graph.Backward
	b.SetOutput("dx", op.MatMul(b, out, product.Inputs[1], false, false))
	b.SetOutput("dw", op.MatMul(b, out, product.Inputs[0], true, false))
	g, err := b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	pool, state := parallel.New(1), exec.NewState()
	defer pool.Close()
	p, err := exec.Compile(g, state, pool, exec.Options{})
	if err != nil {
		t.Fatal(err)
	}
	copy(p.Feed("x").F, x)
	p.Run()
	return p.Output("y").F, p.Output("dx").F, p.Output("dw").F
}

func TestFake(t *testing.T) {
	x, w := []float32{1, -2, 0.3, 100, 7, 0.2}, []float32{0.5, -0.31, 0.127, 3, 2, -1}
	round := func(rows []float32, to op.Rounding) []float32 {
		rows = slices.Clone(rows)
		to.Row(rows[:3], rows[:3])
		to.Row(rows[3:], rows[3:])
		return rows
	}
	int8 := &weights.Int8{}
	form := func(p graph.Param) weights.Rounding { return int8 }
	rx, rw := round(x, op.RoundInt8{}), round(w, int8.Rounding())
	if slices.Equal(x, rx) || slices.Equal(w, rw) {
		t.Fatal("nothing is rounded")
	}
	for _, c := range []struct {
		fake *weights.Fake
		x, w []float32
	}{
		{&weights.Fake{Form: form, Activations: true}, rx, rw},
		{&weights.Fake{Form: form}, x, rw},
		{&weights.Fake{Form: func(graph.Param) weights.Rounding { return nil }, Activations: true}, x, w},
	} {
		y, dx, dw := fakeProduct(t, c.fake, x, w)
		wantY, wantDX, wantDW := fakeProduct(t, nil, c.x, c.w)
		if !slices.Equal(y, wantY) || !slices.Equal(dx, wantDX) || !slices.Equal(dw, wantDW) {
			t.Errorf("%+v: %v %v %v, want %v %v %v", c.fake, y, dx, dw, wantY, wantDX, wantDW)
		}
	}
}
