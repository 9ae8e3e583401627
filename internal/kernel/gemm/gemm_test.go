package gemm

import (
	"fmt"
	"testing"

	"dnn/internal/kernel/guard"
	"dnn/internal/kernel/kerneltest"
	"dnn/internal/kernel/scalar"
	"dnn/internal/kernel/vec"
)

// gemmShapes are M, N, K: empty, skinny, odd, and across every boundary of tiles,
// panels and blocks.
var gemmShapes = [][3]int{
	{0, 3, 2}, {3, 0, 2}, {3, 2, 0}, {1, 1, 1}, {1, 10, 7}, {1, 100, 300}, {2, 33, 5}, {3, 1, 9}, {5, 17, 3},
	{7, 16, 64}, {11, 32, 257}, {12, 32, 256}, {13, 31, 70}, {17, 129, 65}, {25, 48, 130}, {31, 7, 512},
	{49, 40, 520}, {64, 10, 100}, {65, 70, 66}, {100, 3, 31}, {130, 260, 33}, {250, 33, 300},
}

// skinnyShapes add more for few rows or columns; they are not in goldenBits.
var skinnyShapes = [][3]int{
	{1, 40, 512}, {1, 15, 30}, {15, 1, 30}, {16, 1, 9}, {10, 37, 1024}, {70, 1, 512}, {100, 11, 512}, {67, 12, 1536}, {20, 50, 10}, {80, 5, 40}, {24, 90, 33}, {260, 17, 513}, {290, 40, 600},
}

// runGemm multiplies with units cut into pieces of the given size.
func runGemm(g Gemm, c, a, b []float32, e Epilogue, piece int) {
	scratch := guard.Floats(g.Scratch())
	vec.Fill(scratch, scalar.NaN) // what is not packed must not be read
	for lo := 0; lo < g.PackUnits(); lo += piece {
		g.Pack(scratch, a, b, lo, min(lo+piece, g.PackUnits()))
	}
	for lo := 0; lo < g.Units(); lo += piece {
		g.Run(c, a, b, scratch, e, lo, min(lo+piece, g.Units()))
	}
}

// chain is the definition of Gemm, without an epilogue.
func chain(g Gemm, c, a, b []float32) []float32 {
	out := guard.Floats(g.M * g.N)
	for i := range g.M {
		for j := range g.N {
			s := float32(0)
			if g.Accumulate {
				s = c[i*g.N+j]
			}
			for k := range g.K {
				x, y := i*g.K+k, k*g.N+j
				if g.TransA {
					x = k*g.M + i
				}
				if g.TransB {
					y = j*g.K + k
				}
				s = scalar.FMA(a[x], b[y], s)
			}
			out[i*g.N+j] = s
		}
	}
	return out
}

func TestGemm(t *testing.T) {
	type job struct {
		g       Gemm
		a, b, c []float32
		want    []float32
	}
	var jobs []job
	for i, s := range append(gemmShapes, skinnyShapes...) {
		for flags := range 8 {
			g := Gemm{s[0], s[1], s[2], flags&1 != 0, flags&2 != 0, flags&4 != 0}
			a, b, c := kerneltest.Normals(g.M*g.K, i), kerneltest.Normals(g.K*g.N, i+100), kerneltest.Normals(g.M*g.N, i+200)
			jobs = append(jobs, job{g, a, b, c, chain(g, c, a, b)})
		}
	}
	kerneltest.ForVariants(t, func(t *testing.T) {
		for _, j := range jobs {
			for _, piece := range []int{1, 1000} {
				c := guard.Copy(j.c)
				runGemm(j.g, c, j.a, j.b, Epilogue{}, piece)
				kerneltest.WantSame(t, fmt.Sprintf("%+v in pieces of %d", j.g, piece), c, j.want)
			}
		}
	})
}

// TestGemmAlong has tiles go along the rows of any C.
func TestGemmAlong(t *testing.T) {
	defer func(n int) { largeC = n }(largeC)
	largeC = 0
	TestGemm(t)
}

// TestGemmExact compares with float64, so that the definition itself is checked.
func TestGemmExact(t *testing.T) {
	g := Gemm{M: 5, N: 7, K: 60}
	a, b, c := kerneltest.Normals(300, 1), kerneltest.Normals(420, 2), guard.Floats(35)
	want := make([]float64, 35)
	for i := range want {
		for k := range g.K {
			want[i] += float64(a[i/7*60+k]) * float64(b[k*7+i%7])
		}
	}
	runGemm(g, c, a, b, Epilogue{}, 1)
	kerneltest.WantNear(t, "product", c, want, 1e-5)
}

// TestGemmEpilogue ends every kind of product in every way.
func TestGemmEpilogue(t *testing.T) {
	shapes := []Gemm{
		{M: 30, N: 45, K: 20, TransB: true}, {M: 12, N: 32, K: 1100}, {M: 9, N: 7, K: 5},
		{M: 10, N: 50, K: 10, TransB: true}, {M: 3, N: 75, K: 512, TransB: true},
		{M: 70, N: 10, K: 33, TransB: true}, {M: 65, N: 3, K: 16, TransA: true},
		{M: 1, N: 13, K: 9, TransB: true}, {M: 1, N: 45, K: 9, TransB: true}, {M: 1, N: 200, K: 9},
		{M: 13, N: 1, K: 9}, {M: 40, N: 1, K: 512}, {M: 40, N: 1, K: 9, TransA: true}, {M: 3, N: 5},
	}
	for _, g := range shapes {
		t.Run(fmt.Sprint(g), func(t *testing.T) { testEpilogues(t, g) })
	}
}

func testEpilogues(t *testing.T, g Gemm) {
	n := g.M * g.N
	a, b, bias, res, of := kerneltest.Normals(g.M*g.K, 1), kerneltest.Normals(g.K*g.N, 2), kerneltest.Normals(g.N, 3), kerneltest.Normals(n, 4), kerneltest.Mixed(n, 5)
	plain := chain(g, nil, a, b)
	kerneltest.ForVariants(t, func(t *testing.T) {
		for act := vec.ActNone; act <= vec.ActHardTanh; act++ {
			for mask := range 8 {
				e, want := Epilogue{Act: act, Alpha: 0.1}, guard.Copy(plain)
				if mask&1 != 0 {
					e.Bias = bias
					vec.AddRows(want, want, bias, g.M, g.N)
				}
				if mask&2 != 0 {
					e.Residual = res
					vec.Add(want, want, res)
				}
				if mask&4 != 0 { // every gradient, alone and after a function
					e.Grad, e.GradAlpha, e.GradOf = act, 0.3, of
					e.Act = []vec.Act{vec.ActNone, vec.ActRelu, vec.ActTanh}[mask%3]
				}
				vec.Activate(want, want, e.Act, 0.1)
				vec.ActivateGrad(want, want, of, of, e.Grad, 0.3)
				got := guard.Floats(n)
				runGemm(g, got, a, b, e, 1)
				kerneltest.WantSame(t, fmt.Sprintf("%v, mask %d", act, mask), got, want)
			}
		}
	})
}

// TestGemmKeptB runs with panels of B that were packed before: they come first.
func TestGemmKeptB(t *testing.T) {
	g := Gemm{M: 60, N: 70, K: 300, TransB: true}
	b := kerneltest.Normals(g.K*g.N, 2)
	scratch := guard.Floats(g.Scratch())
	g.Pack(scratch, kerneltest.Normals(g.M*g.K, 1), b, 0, g.PackUnits())
	a, c := kerneltest.Normals(g.M*g.K, 3), guard.Floats(g.M*g.N)
	p := g.plan()
	g.Pack(scratch, a, nil, p.packUnitsB, g.PackUnits())
	g.Run(c, a, nil, scratch, Epilogue{}, 0, g.Units())
	kerneltest.WantSame(t, "product", c, chain(g, nil, a, b))
}

// TestGemmShort gives slices that are one element too short.
func TestGemmShort(t *testing.T) {
	g := Gemm{M: 60, N: 70, K: 300, TransB: true}
	for name, f := range map[string]func(c, a, b, scratch []float32){
		"c":       func(c, a, b, s []float32) { g.Run(c[1:], a, b, s, Epilogue{}, 0, 1) },
		"a":       func(c, a, b, s []float32) { g.Run(c, a[1:], b, s, Epilogue{}, 0, 1) },
		"scratch": func(c, a, b, s []float32) { g.Run(c, a, b, s[1:], Epilogue{}, 0, 1) },
		"bias":    func(c, a, b, s []float32) { g.Run(c, a, b, s, Epilogue{Bias: a[:69:69]}, 0, 1) },
		"gradOf":  func(c, a, b, s []float32) { g.Run(c, a, b, s, Epilogue{Grad: vec.ActTanh, GradOf: c[1:]}, 0, 1) },
		"b":       func(c, a, b, s []float32) { g.Pack(s, a, b[1:], 0, 1) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			exact := func(n int) []float32 { return guard.Floats(n) }
			f(exact(g.M*g.N), exact(g.M*g.K), exact(g.K*g.N), exact(g.Scratch()))
		})
	}
}

func BenchmarkGemm(b *testing.B) {
	for _, s := range []struct {
		m, n, k        int
		transA, transB bool
	}{
		{1024, 1024, 1024, false, false}, {1024, 1024, 1024, false, true}, {1024, 1024, 1024, true, false},
		{512, 512, 512, false, true}, {256, 256, 256, false, true}, {128, 128, 128, false, true},
		{64, 128, 784, false, true}, {128, 784, 64, true, false}, {64, 784, 128, false, false},
		{128, 10, 512, false, true}, {10, 512, 128, true, false}, {128, 512, 10, false, false},
		{64, 784, 128, false, true}, {128, 512, 10, false, true},
		{1, 512, 784, false, true}, {1, 512, 784, false, false}, {8, 512, 512, false, true}, {32, 512, 512, false, true},
		{1024, 1, 1024, false, false}, {4096, 32, 27, false, true},
	} {
		g := Gemm{M: s.m, N: s.n, K: s.k, TransA: s.transA, TransB: s.transB}
		name := fmt.Sprintf("%dx%dx%d", s.m, s.n, s.k)
		if s.transA {
			name += "TA"
		}
		if s.transB {
			name += "TB"
		}
		b.Run(name, func(b *testing.B) {
			x, y, c := kerneltest.Normals(g.M*g.K, 1), kerneltest.Normals(g.K*g.N, 2), guard.Floats(g.M*g.N)
			scratch := guard.Floats(g.Scratch())
			for b.Loop() {
				g.Pack(scratch, x, y, 0, g.PackUnits())
				g.Run(c, x, y, scratch, Epilogue{}, 0, g.Units())
			}
			b.ReportMetric(g.Flops()*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GFLOP/s")
		})
	}
}
