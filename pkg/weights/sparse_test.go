package weights_test

import (
	"slices"
	"strings"
	"testing"

	"dnn/pkg/graph"
	"dnn/pkg/weights"
)

func TestSparse(t *testing.T) {
	for _, half := range []bool{false, true} {
		for _, shape := range []graph.Shape{{2, 6}, {2, 3, 2}, {1, 12}} {
			p := graph.Param{Name: "w", Shape: shape}
			x := []float32{0, 1, 0, 0, -2.5, 0, 0.75, 0, 0, 0, 0, 8}
			form := weights.NewSparse(p, x, half)
			if err := form.Fits(p); err != nil || form.Numbers != 4 {
				t.Fatalf("%v, %d numbers", err, form.Numbers)
			}
			arrays := form.Encode(p, x)
			if err := form.Valid(p, arrays); err != nil {
				t.Error(err)
			}
			got := make([]float32, len(x))
			form.Decode(p, arrays, got)
			if wide := widened(t, form, p, arrays); !slices.Equal(got, x) || !slices.Equal(wide, x) {
				t.Errorf("%v: decoded %v, widened %v, want %v", shape, got, wide, x)
			}
			arrays[1].U[3] = 200
			if err := form.Valid(p, arrays); err == nil || !strings.Contains(err.Error(), "w: row ") {
				t.Errorf("%v", err)
			}
		}
	}
	p := graph.Param{Name: "w", Shape: graph.Shape{2, 6}}
	for n, want := range map[int]string{0: "w, [2x6], cannot have 0 numbers", 13: "w, [2x6], cannot have 13 numbers"} {
		if err := (&weights.Sparse{Numbers: n}).Fits(p); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// Whole numbers are those of Int8. What rounds to zero is not kept.
func TestSparseInt8(t *testing.T) {
	for _, shape := range []graph.Shape{{2, 6}, {2, 3, 2}, {1, 12}} {
		p := graph.Param{Name: "w", Shape: shape}
		x := []float32{0, 127, 0, 0, -2.5, 0.25, 0, -10, 0, 0, 0, 127}
		form, want := weights.NewSparseInt8(p, x), []float32{0, 127, 0, 0, -2, 0, 0, -10, 0, 0, 0, 127}
		if err := form.Fits(p); err != nil || form.Numbers != 4 || weights.Bytes(form, p) != 8+4*(shape[0]+1)+4*shape[0] {
			t.Fatalf("%v, %d numbers, %d bytes", err, form.Numbers, weights.Bytes(form, p))
		}
		arrays := form.Encode(p, x)
		if err := form.Valid(p, arrays); err != nil {
			t.Error(err)
		}
		got := make([]float32, len(x))
		form.Decode(p, arrays, got)
		if wide := widened(t, form, p, arrays); !slices.Equal(got, want) || !slices.Equal(wide, want) {
			t.Errorf("%v: decoded %v, widened %v, want %v", shape, got, wide, want)
		}
		arrays[0].S[0] = -128
		if err := form.Valid(p, arrays); err == nil || err.Error() != "w has the number -128, below -127" {
			t.Errorf("%v", err)
		}
		arrays[0].S[0], arrays[3].F[0] = 1, -1
		if err := form.Valid(p, arrays); err == nil || err.Error() != "w has the scale -1" {
			t.Errorf("%v", err)
		}
		arrays[3].F[0], arrays[1].U[3] = 1, 200
		if err := form.Valid(p, arrays); err == nil || !strings.Contains(err.Error(), "w: row ") {
			t.Errorf("%v", err)
		}
	}
}
