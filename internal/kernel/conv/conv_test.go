package conv

import (
	"fmt"
	"hash/fnv"
	"math"
	"testing"

	"dnn/internal/kernel/gemm"
	"dnn/internal/kernel/guard"
	"dnn/internal/kernel/kerneltest"
	"dnn/internal/kernel/scalar"
	"dnn/internal/kernel/vec"
)

// convShapes cross the boundaries of tiles, panels, pieces and phases.
var convShapes = []Shape{
	picture(2, 7, 3, 5, 3, 1, 0, 1), picture(3, 26, 2, 33, 3, 1, 1, 1), picture(2, 13, 20, 40, 3, 2, 1, 1),
	picture(1, 90, 17, 3, 5, 2, 2, 1), picture(5, 2, 40, 70, 3, 1, 1, 1), picture(30, 4, 3, 9, 3, 1, 1, 1),
	picture(2, 9, 5, 7, 1, 1, 0, 1), picture(2, 9, 5, 7, 1, 2, 0, 1), picture(2, 11, 3, 2, 2, 3, 0, 1),
	picture(2, 12, 12, 24, 3, 1, 1, 3), picture(2, 12, 35, 35, 3, 1, 1, 35), picture(2, 12, 48, 48, 5, 2, 2, 48),
	picture(2, 9, 4, 8, 3, 1, 1, 4), picture(40, 3, 6, 10, 3, 1, 0, 1), picture(2, 8, 256, 33, 3, 1, 1, 1),
	picture(3, 28, 16, 1, 3, 1, 1, 1), picture(2, 25, 33, 4, 5, 1, 0, 1), picture(2, 31, 3, 8, 3, 2, 1, 1), picture(1, 160, 9, 3, 3, 1, 1, 1),
	{Batch: 2, C: 3, O: 4, Groups: 1, In: [3]int{4, 5, 6}, Out: [3]int{2, 5, 3}, Kernel: [3]int{3, 2, 2},
		Stride: [3]int{1, 1, 2}, Dilation: [3]int{1, 2, 1}, Before: [3]int{0, 0, 0}},
	{Batch: 1, C: 5, O: 6, Groups: 1, In: [3]int{1, 1, 5000}, Out: [3]int{1, 1, 5000}, Kernel: [3]int{1, 1, 3},
		Stride: [3]int{1, 1, 1}, Dilation: [3]int{1, 1, 4}, Before: [3]int{0, 0, 8}},
	{Batch: 2, C: 18, O: 18, Groups: 18, In: [3]int{1, 9, 30}, Out: [3]int{1, 9, 14}, Kernel: [3]int{1, 1, 3},
		Stride: [3]int{1, 1, 2}, Dilation: [3]int{1, 1, 3}, Before: [3]int{0, 0, 3}},
}

// convArrays are the operands of a convolution.
type convArrays struct{ x, w, y []float32 }

func (s Shape) arrays(fill func(n, seed int) []float32) convArrays {
	return convArrays{fill(s.Batch*volume(s.In)*s.C, 1), fill(s.O*s.C/s.Groups*s.taps(), 2), fill(s.Batch*volume(s.Out)*s.O, 3)}
}

// runConv runs a convolution or its inverse in pieces of the given size.
func runConv(v *Conv, y, x, w []float32, e gemm.Epilogue, piece int) {
	scratch, local := guard.Floats(v.Scratch), guard.Floats(v.Local)
	vec.Fill(scratch, scalar.NaN)
	for lo := 0; lo < v.PackUnits; lo += piece {
		vec.Fill(local, scalar.NaN)
		v.Pack(scratch, local, w, lo, min(lo+piece, v.PackUnits))
	}
	for lo := 0; lo < v.Units; lo += piece {
		vec.Fill(local, scalar.NaN) // what is not copied must not be read
		v.Run(y, x, scratch, local, e, lo, min(lo+piece, v.Units))
	}
}

func runConvWeights(v *Weights, dw, x, dy []float32, piece int) {
	scratch, local := guard.Floats(v.Scratch), guard.Floats(v.Local)
	vec.Fill(scratch, scalar.NaN)
	for lo := 0; lo < v.Units; lo += piece {
		vec.Fill(local, scalar.NaN)
		v.Run(x, dy, scratch, local, lo, min(lo+piece, v.Units))
	}
	for lo := 0; lo < v.JoinUnits; lo += piece {
		v.Join(dw, scratch, local, lo, min(lo+piece, v.JoinUnits))
	}
}

// eachTap visits the products of a convolution: first, for every pixel of y and every
// tap, where x lies, if it does.
func (s *Shape) eachTap(visit func(x, y, tap int)) {
	for p := range s.Batch * volume(s.Out) {
		at := [3]int{p / (s.Out[1] * s.Out[2]) % s.Out[0], p / s.Out[2] % s.Out[1], p % s.Out[2]}
		for t := range s.taps() {
			k := [3]int{t / (s.Kernel[1] * s.Kernel[2]), t / s.Kernel[2] % s.Kernel[1], t % s.Kernel[2]}
			from, inside := p/volume(s.Out), true
			for i := range at {
				j := at[i]*s.Stride[i] + k[i]*s.Dilation[i] - s.Before[i]
				inside = inside && j >= 0 && j < s.In[i]
				from = from*s.In[i] + j
			}
			if inside {
				visit(from, p, t)
			}
		}
	}
}

// define computes a convolution and its inverse by their definitions, and the gradient
// by weights in float64.
func (s *Shape) define(a convArrays) (y, dx []float32, dw []float64) {
	y, dx, dw = guard.Floats(len(a.y)), guard.Floats(len(a.x)), make([]float64, len(a.w))
	in, out, taps := s.C/s.Groups, s.O/s.Groups, s.taps()
	s.eachTap(func(px, py, t int) {
		for o := range s.O {
			for c := range in {
				i, j, k := px*s.C+o/out*in+c, (o*in+c)*taps+t, py*s.O+o
				y[k] = scalar.FMA(a.x[i], a.w[j], y[k])
				dw[j] += float64(a.x[i]) * float64(a.y[k])
			}
		}
	})
	for tap := taps - 1; tap >= 0; tap-- {
		s.eachTap(func(px, py, t int) {
			for c := 0; t == tap && c < s.C; c++ {
				for o := range out {
					k, i := py*s.O+c/in*out+o, px*s.C+c
					dx[i] = scalar.FMA(a.y[k], a.w[((c/in*out+o)*in+c%in)*taps+t], dx[i])
				}
			}
		})
	}
	return y, dx, dw
}

func TestConv(t *testing.T) {
	for _, s := range convShapes {
		a := s.arrays(kerneltest.Normals)
		y, dx, dw := s.define(a)
		var sums []float32
		kerneltest.ForVariants(t, func(t *testing.T) {
			for _, piece := range []int{1, 3, 1 << 20} {
				what := fmt.Sprintf("%+v in pieces of %d", s, piece)
				got := guard.Floats(len(y))
				f, i := s.Forward(), s.Inverse()
				runConv(f, got, a.x, a.w, gemm.Epilogue{}, piece)
				wantConv(t, what, f, got, y)
				got = guard.Floats(len(dx))
				runConv(i, got, a.y, a.w, gemm.Epilogue{}, piece)
				wantConv(t, "inverse of "+what, i, got, dx)
				got = guard.Floats(len(dw))
				runConvWeights(s.Weights(), got, a.x, a.y, piece)
				kerneltest.WantNear(t, "weights of "+what, got, dw, 2e-4)
				if sums == nil {
					sums = got
				}
				kerneltest.WantSame(t, "weights of "+what, got, sums)
			}
		})
	}
}

// wantConv compares with the definition, bit by bit unless minimal filtering took
// another way.
func wantConv(t *testing.T, what string, v *Conv, got, want []float32) {
	t.Helper()
	if v.minimal == nil {
		kerneltest.WantSame(t, what, got, want)
		return
	}
	scale := 0.0
	near := make([]float64, len(want))
	for i, x := range want {
		scale += float64(x) * float64(x)
		near[i] = float64(x)
	}
	kerneltest.WantNear(t, what, got, near, 3e-6*math.Sqrt(scale/float64(len(want))))
}

// TestConvSpecials compares the variants on infinities, NaN and denormals.
func TestConvSpecials(t *testing.T) {
	for _, s := range convShapes {
		a := s.arrays(kerneltest.Mixed)
		want := map[string][]float32{}
		kerneltest.ForVariants(t, func(t *testing.T) {
			y, dx, dw := guard.Floats(len(a.y)), guard.Floats(len(a.x)), guard.Floats(len(a.w))
			runConv(s.Forward(), y, a.x, a.w, gemm.Epilogue{}, 1)
			runConv(s.Inverse(), dx, a.y, a.w, gemm.Epilogue{}, 1)
			runConvWeights(s.Weights(), dw, a.x, a.y, 1)
			for name, got := range map[string][]float32{"y": y, "dx": dx, "dw": dw} {
				if want[name] == nil {
					want[name] = got
				}
				kerneltest.WantSame(t, fmt.Sprintf("%s of %+v", name, s), got, want[name])
			}
		})
	}
}

// TestWeightsCutAlike: all variants sum the gradients of weights in the same pieces.
func TestWeightsCutAlike(t *testing.T) {
	shape := func(batch, in, out, size, stride int) Shape {
		return Shape{
			Batch: batch, C: in, O: out, Groups: 1, In: [3]int{1, size, size}, Out: [3]int{1, size / stride, size / stride},
			Kernel: [3]int{1, 3, 3}, Stride: [3]int{1, stride, stride}, Dilation: [3]int{1, 1, 1}, Before: [3]int{0, 1, 1},
		}
	}
	for _, s := range []Shape{
		shape(32, 16, 16, 32, 1), shape(32, 16, 32, 32, 2), shape(32, 32, 32, 16, 1), shape(32, 64, 64, 8, 1), shape(7, 20, 40, 24, 1),
		shape(64, 32, 64, 26, 1), shape(3, 128, 256, 14, 1), shape(100, 3, 16, 32, 1),
	} {
		var want string
		kerneltest.ForVariants(t, func(t *testing.T) {
			v := s.Weights()
			got := fmt.Sprintf("%d rows, %d parts of %d pieces", v.rows, v.parts, v.pieces)
			if m := v.minimal; m != nil {
				got = fmt.Sprintf("%d parts of %d steps of %d lines", m.parts, m.steps, m.lines)
			}
			if want == "" {
				want = got
			}
			if got != want {
				t.Errorf("%+v: cut into %s, want %s", s, got, want)
			}
		})
	}
}

// TestConvEpilogue ends convolutions in every way.
func TestConvEpilogue(t *testing.T) {
	for _, s := range []Shape{convShapes[1], convShapes[2], convShapes[4], convShapes[11]} {
		for _, way := range []func() *Conv{s.Forward, s.Inverse} {
			v, a := way(), s.arrays(kerneltest.Normals)
			x, n := a.x, len(a.y)
			if v.inverse {
				x, n = a.y, len(a.x)
			}
			plain := guard.Floats(n)
			runConv(v, plain, x, a.w, gemm.Epilogue{}, 1)
			bias, res, of := kerneltest.Normals(v.width, 3), kerneltest.Normals(n, 4), kerneltest.Mixed(n, 5)
			kerneltest.ForVariants(t, func(t *testing.T) {
				v := way() // its panels are those of the variant
				for i, e := range []gemm.Epilogue{
					{Bias: bias}, {Bias: bias, Act: vec.ActRelu}, {Residual: res, Act: vec.ActRelu}, {Bias: bias, Residual: res, Act: vec.ActGelu},
					{Grad: vec.ActRelu, GradOf: of}, {Residual: res, Grad: vec.ActTanh, GradOf: of}, {Act: vec.ActTanh, Grad: vec.ActElu, GradAlpha: 0.3, GradOf: of},
				} {
					want := guard.Copy(plain)
					if e.Bias != nil {
						vec.AddRows(want, want, bias, len(want)/len(bias), len(bias))
					}
					if e.Residual != nil {
						vec.Add(want, want, res)
					}
					vec.Activate(want, want, e.Act, 0)
					vec.ActivateGrad(want, want, of, of, e.Grad, e.GradAlpha)
					got := guard.Floats(n)
					runConv(v, got, x, a.w, e, 1+i%3)
					kerneltest.WantSame(t, fmt.Sprintf("epilogue %d of %+v", i, s), got, want)
				}
			})
		}
	}
}

// goldenConv is the hash of all convolutions, on every processor.
const goldenConv = 0xcecccd02a3db2d0e

func TestConvGolden(t *testing.T) {
	kerneltest.ForVariants(t, func(t *testing.T) {
		h := fnv.New64a()
		for _, s := range convShapes {
			a := s.arrays(kerneltest.Normals)
			y, dx, dw := guard.Floats(len(a.y)), guard.Floats(len(a.x)), guard.Floats(len(a.w))
			runConv(s.Forward(), y, a.x, a.w, gemm.Epilogue{}, 1)
			runConv(s.Inverse(), dx, a.y, a.w, gemm.Epilogue{}, 1)
			runConvWeights(s.Weights(), dw, a.x, a.y, 1)
			for _, x := range [][]float32{y, dx, dw} {
				for _, v := range x {
					b := math.Float32bits(v)
					h.Write([]byte{byte(b), byte(b >> 8), byte(b >> 16), byte(b >> 24)})
				}
			}
		}
		if got := h.Sum64(); got != goldenConv {
			t.Errorf("the bits are %#x, want %#x", got, uint64(goldenConv))
		}
	})
}

// TestConvPadded pads sequences with zeros behind their ends: the gradient by the weights keeps its bits.
func TestConvPadded(t *testing.T) {
	for i, s := range []Shape{
		{Batch: 41, C: 3, O: 5, Groups: 1, Kernel: [3]int{1, 1, 3}, Before: [3]int{0, 0, 1}},
		{Batch: 70, C: 4, O: 40, Groups: 1, Kernel: [3]int{1, 1, 1}},
		{Batch: 13, C: 6, O: 6, Groups: 6, Kernel: [3]int{1, 1, 5}, Before: [3]int{0, 0, 2}},
		{Batch: 2, C: 16, O: 260, Groups: 1, Kernel: [3]int{1, 1, 7}, Before: [3]int{0, 0, 3}},
	} {
		s.Stride, s.Dilation = [3]int{1, 1, 1}, [3]int{1, 1, 1}
		var want []float32
		for _, steps := range []int{17, 18, 50, 3000} {
			s.In, s.Out = [3]int{1, 1, steps}, [3]int{1, 1, steps}
			sequences := func(channels, seed int) []float32 {
				x := guard.Floats(s.Batch * steps * channels)
				for row := range s.Batch {
					copy(x[row*steps*channels:], kerneltest.Normals(17*channels, 100*seed+row))
				}
				return x
			}
			dw := guard.Floats(s.O * s.C / s.Groups * s.taps())
			runConvWeights(s.Weights(), dw, sequences(s.C, 1), sequences(s.O, 2), 1)
			if want == nil {
				want = dw
			}
			kerneltest.WantSame(t, fmt.Sprintf("%d: room for %d steps", i, steps), dw, want)
		}
	}
}

// TestConvShort gives slices that are one element too short.
func TestConvShort(t *testing.T) {
	s := convShapes[1]
	v, g, a := s.Forward(), s.Weights(), s.arrays(kerneltest.Normals)
	for name, f := range map[string]func(cut func(part string, x []float32) []float32){
		"run": func(cut func(string, []float32) []float32) {
			v.Run(cut("y", a.y), cut("x", a.x), cut("scratch", guard.Floats(v.Scratch)), cut("local", guard.Floats(v.Local)),
				gemm.Epilogue{Bias: cut("bias", guard.Floats(s.O)), Residual: cut("residual", guard.Floats(len(a.y)))}, 0, 1)
		},
		"pack": func(cut func(string, []float32) []float32) {
			v.Pack(cut("scratch", guard.Floats(v.Scratch)), guard.Floats(v.Local), cut("w", a.w), 0, 1)
		},
		"weights": func(cut func(string, []float32) []float32) {
			g.Run(cut("x", a.x), cut("y", a.y), cut("scratch", guard.Floats(g.Scratch)), cut("local", guard.Floats(g.Local)), 0, 1)
		},
		"join": func(cut func(string, []float32) []float32) {
			g.Join(cut("w", a.w), cut("scratch", guard.Floats(g.Scratch)), guard.Floats(g.Local), 0, 1)
		},
	} {
		short := map[string]bool{}
		f(func(part string, x []float32) []float32 { short[part] = true; return x })
		for which := range short {
			t.Run(name+"/"+which, func(t *testing.T) {
				defer func() {
					if recover() == nil {
						t.Error("no panic")
					}
				}()
				f(func(part string, x []float32) []float32 {
					if part == which {
						return x[1:len(x):len(x)]
					}
					return x
				})
			})
		}
	}
}
