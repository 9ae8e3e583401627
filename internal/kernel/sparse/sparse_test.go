package sparse

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"dnn/internal/kernel/gemm"
	"dnn/internal/kernel/guard"
	"dnn/internal/kernel/kerneltest"
)

// thinned are normal numbers of which a share is zero; the first row wholly, where there are others.
func thinned(rows, cols int, zeros float64, seed int) []float32 {
	x, r := kerneltest.Normals(rows*cols, seed), kerneltest.Rand(seed+1)
	for i := range x {
		if r.Float64() < zeros || rows > 1 && i < cols {
			x[i] = 0
		}
	}
	return x
}

// run is a whole product, its phases cut into pieces of so many units.
func run(p Product, x []float32, w *Matrix, piece int) []float32 {
	scratch, local, y := guard.Floats(p.Scratch()), guard.Floats(p.Local()), guard.Floats(p.M*p.N)
	for u := 0; u < p.PackUnits(); u += piece {
		p.Pack(scratch, x, u, min(u+piece, p.PackUnits()))
	}
	if p.M == 1 {
		scratch = x
	}
	for u := 0; u < p.Units(); u += piece {
		p.Run(y, scratch, w, local, u, min(u+piece, p.Units()))
	}
	return y
}

// A sparse product has the bits of the dense one, in every variant and cut.
func TestProduct(t *testing.T) {
	for _, c := range []struct {
		m, n, k int
		zeros   float64
	}{
		{1, 1, 1, 0}, {1, 3, 700, .99}, {1, 37, 130, .9}, {2, 5, 9, .5}, {7, 33, 64, .9}, {15, 64, 65, 0}, {33, 9, 300, .97},
		{64, 40, 100, .9}, {65, 8, 70, .8}, {200, 70, 150, .95}, {64, 3, 2000, .999}, {5, 4, 6, 1},
	} {
		x, dense := kerneltest.Normals(c.m*c.k, 1), thinned(c.n, c.k, c.zeros, 2)
		w := New(dense, c.n, c.k)
		if err := w.Valid(); err != nil {
			t.Fatal(err)
		}
		g := gemm.Gemm{M: c.m, N: c.n, K: c.k, TransB: true}
		want := guard.Floats(c.m * c.n)
		scratch := guard.Floats(g.Scratch())
		g.Pack(scratch, x, dense, 0, g.PackUnits())
		g.Run(want, x, dense, scratch, gemm.Epilogue{}, 0, g.Units())
		kerneltest.ForVariants(t, func(t *testing.T) {
			for _, piece := range []int{1, 3, 1000} {
				kerneltest.WantSame(t, fmt.Sprintf("%+v in pieces of %d", c, piece), run(Product{c.m, c.n, c.k}, x, w, piece), want)
			}
		})
	}
}

func TestMatrix(t *testing.T) {
	for _, c := range []struct{ rows, cols int }{{1, 1}, {3, 7}, {4, 600}, {2, 2000}} {
		for _, zeros := range []float64{0, .5, .99, 1} {
			x := thinned(c.rows, c.cols, zeros, 3)
			m := New(x, c.rows, c.cols)
			back := guard.Floats(len(x))
			m.Dense(back, 0, c.rows)
			if !slices.Equal(back, x) || m.Valid() != nil || len(m.Values) != Count(x, c.rows, c.cols) {
				t.Errorf("%v, of which %v are zero, do not come back: %v", c, zeros, m.Valid())
			}
		}
	}
	far := make([]float32, 600)
	far[599] = 7
	if m := New(far, 1, 600); !slices.Equal(m.Gaps, []uint8{255, 255, 89}) || !slices.Equal(m.Values, []float32{0, 0, 7}) {
		t.Errorf("a number far away is kept as %v, %v", m.Gaps, m.Values)
	}
}

// What a file says of a matrix is looked at before anything is read by it.
func TestDamagedMatrix(t *testing.T) {
	good := func() *Matrix { return New([]float32{1, 0, 2, 0, 3, 0}, 2, 3) }
	for want, damage := range map[string]func(m *Matrix){
		"do not have its 3 numbers":                     func(m *Matrix) { m.Starts[2] = 4 },
		"do not have its 3 number":                      func(m *Matrix) { m.Gaps = m.Gaps[:2] },
		"do not have its":                               func(m *Matrix) { m.Starts = m.Starts[:2] },
		"row 0 has the numbers from 0 to 4 of 3":        func(m *Matrix) { m.Starts[1] = 4 },
		"row 1 has the numbers from -1 to 3":            func(m *Matrix) { m.Starts[1] = -1 },
		"row 0 has a number in column 255 of 3":         func(m *Matrix) { m.Gaps[0] = 255 },
		"row 0 has a number in column 0 of 3, or two":   func(m *Matrix) { m.Gaps[1] = 0 },
		"row 1 has a number in column 3 of 3, or two i": func(m *Matrix) { m.Gaps[2] = 3 },
	} {
		m := good()
		damage(m)
		if err := m.Valid(); err == nil || !strings.Contains(err.Error(), want) && !strings.Contains(err.Error(), "row 0 has the numbers from 0 to -1") {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestAllocations(t *testing.T) {
	x, w := kerneltest.Normals(64*100, 1), New(thinned(40, 100, .9, 2), 40, 100)
	p := Product{64, 40, 100}
	scratch, local, y := make([]float32, p.Scratch()), make([]float32, p.Local()), make([]float32, p.M*p.N)
	kerneltest.CheckAllocations(t, map[string]func(){"product": func() {
		p.Pack(scratch, x, 0, p.PackUnits())
		p.Run(y, scratch, w, local, 0, p.Units())
	}})
}

// BenchmarkProduct holds sparse products against the dense one, for the share of zeros from which they are faster.
func BenchmarkProduct(b *testing.B) {
	const n, k = 512, 784
	for _, m := range []int{1, 64} {
		x, y := kerneltest.Normals(m*k, 1), make([]float32, m*n)
		b.Run(fmt.Sprintf("rows=%d/dense", m), func(b *testing.B) {
			g, w := gemm.Gemm{M: m, N: n, K: k, TransB: true}, kerneltest.Normals(n*k, 2)
			scratch := make([]float32, g.Scratch())
			for b.Loop() {
				g.Pack(scratch, x, w, 0, g.PackUnits())
				g.Run(y, x, w, scratch, gemm.Epilogue{}, 0, g.Units())
			}
		})
		for _, zeros := range []float64{.5, .6, .7, .8, .9, .95} {
			b.Run(fmt.Sprintf("rows=%d/zeros=%v", m, zeros), func(b *testing.B) {
				p, w := Product{m, n, k}, New(thinned(n, k, zeros, 2), n, k)
				scratch, local := make([]float32, p.Scratch()), make([]float32, p.Local())
				for b.Loop() {
					from := x
					if m > 1 {
						p.Pack(scratch, x, 0, p.PackUnits())
						from = scratch
					}
					p.Run(y, from, w, local, 0, p.Units())
				}
			})
		}
	}
}
