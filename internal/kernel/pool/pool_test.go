package pool

import (
	"fmt"
	"math"
	"testing"

	"dnn/internal/kernel/guard"
	"dnn/internal/kernel/kerneltest"
	"dnn/internal/kernel/scalar"
)

// windowForms are windows over rows of a picture, 9 positions wide, as offsets in positions.
var windowForms = map[string][]int{
	"one": {0}, "pair": {0, 1}, "square": {0, 1, 9, 10}, "cross": {0, 8, 9, 10, 18}, "cut": {0, 1, 2, 9, 10, 11, 18, 19, 20},
}

// poolCases lay five windows two positions apart.
func poolCases() []kerneltest.Case {
	const n, step = 5, 2
	var cs []kerneltest.Case
	for form, places := range windowForms {
		for kind, data := range map[string]func(n, seed int) []float32{"": kerneltest.Normals, " of mixed": kerneltest.Mixed, " of ties": ties} {
			cs = append(cs, kerneltest.Case{Name: "pool " + form + kind, Run: func(channels int) []float32 {
				offsets, w := make([]int, len(places)), kerneltest.Normals(len(places), 7)
				for k, p := range places {
					offsets[k] = p * channels
				}
				size := ((n-1)*step + places[len(places)-1] + 1) * channels
				x, dy := data(size, 1), data(n*channels, 2)
				var out kerneltest.Pieces
				next := out.Next
				Max(next(n*channels), x, offsets, n, channels, channels, step*channels)
				Sum(next(n*channels), x, offsets, w, 1, n, channels, channels, step*channels)
				Sum(next(2*n*channels), x, offsets, w, 3, n, channels, 2*channels, step*channels)
				to := len(offsets)
				MaxGrad(next(size), x, dy, offsets, n, channels, step*channels, channels, 0, to, true)
				MaxGrad(next(size), x, dy, offsets, n, channels, step*channels, channels, 0, to, false)
				MaxGrad(next(size), x, dy, offsets, n, channels, step*channels, channels, to/2, to, false)
				return out.All()
			}})
		}
	}
	return cs
}

// ties are whole numbers and zeros of both signs, of which many are equal.
func ties(n, seed int) []float32 {
	x := kerneltest.Normals(n, seed)
	for i, v := range x {
		x[i] = scalar.Copysign(float32(math.Round(math.Abs(float64(v)))), v)
	}
	return x
}

// TestPoolMax holds windows against what PyTorch does: the first of equals, and the last of several NaN.
func TestPoolMax(t *testing.T) {
	x := guard.Copy([]float32{1, 3, 3, 2, scalar.NaN, 1, scalar.NaN, 0, scalar.Neg(0), 0, -scalar.Inf, -scalar.Inf})
	dy := guard.Copy([]float32{1, 2, 4, 8})
	kerneltest.ForVariants(t, func(t *testing.T) {
		for _, c := range []struct {
			offsets  []int
			n, step  int
			max, dxs []float32
		}{
			{[]int{0, 1, 2}, 4, 3, []float32{3, scalar.NaN, scalar.NaN, 0}, nil},
			{[]int{0, 1, 2, 3}, 3, 4, []float32{3, scalar.NaN, scalar.Neg(0)}, []float32{0, 1, 0, 0, 0, 0, 2, 0, 4, 0, 0, 0}},
			{[]int{0, 1}, 1, 2, []float32{3}, []float32{0, 1}},
			{[]int{10, 11}, 1, 2, []float32{-scalar.Inf}, []float32{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0}},
			{[]int{0, 1, 2}, 2, 1, []float32{3, 3}, []float32{0, 3, 0, 0}},
		} {
			y := guard.Floats(c.n)
			Max(y, x, c.offsets, c.n, 1, 1, c.step)
			if c.dxs == nil {
				continue
			}
			kerneltest.WantSame(t, fmt.Sprint("maxima over ", c.offsets), y, c.max)
			dx := guard.Floats(len(c.dxs))
			MaxGrad(dx, x, dy, c.offsets, c.n, 1, c.step, 1, 0, len(c.offsets), false)
			kerneltest.WantSame(t, fmt.Sprint("gradients over ", c.offsets), dx, c.dxs)
		}
	})
}

// TestPoolSumOfNothing: a window without elements gives 0, and what lies between is not touched.
func TestPoolSumOfNothing(t *testing.T) {
	dst := guard.Copy([]float32{1, 2, 3, 4, 5})
	Sum(dst, nil, nil, nil, 1, 2, 1, 2, 0)
	kerneltest.WantSame(t, "sums", dst, []float32{0, 2, 0, 4, 5})
}

// TestPoolMean: the mean of equal numbers is that number, whatever their count.
func TestPoolMean(t *testing.T) {
	for n := 1; n < 60; n++ {
		x, w, offsets := guard.Floats(n), guard.Floats(n), make([]int, n)
		for i := range n {
			x[i], w[i], offsets[i] = 3, 1, i
		}
		y := guard.Floats(1)
		if Sum(y, x, offsets, w, float32(n), 1, 1, 1, 1); y[0] != 3 {
			t.Errorf("the mean of %d threes is %v", n, y[0])
		}
	}
}

// BenchmarkPool takes a picture of 64 × 64 × 32 in windows of 2 × 2.
func BenchmarkPool(b *testing.B) {
	const h, w, c = 64, 64, 32
	x, y, dx := kerneltest.Normals(h*w*c, 1), guard.Floats(h*w*c/4), guard.Floats(h*w*c)
	offsets, ones := []int{0, c, w * c, w*c + c}, []float32{1, 1, 1, 1}
	rows := func(name string, floats int, f func(i int)) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(4 * floats))
			for range b.N {
				for i := range h / 2 {
					f(i)
				}
			}
		})
	}
	rows("max", h*w*c*5/4, func(i int) {
		Max(y[i*w/2*c:], x[2*i*w*c:], offsets, w/2, c, c, 2*c)
	})
	rows("mean", h*w*c*5/4, func(i int) {
		Sum(y[i*w/2*c:], x[2*i*w*c:], offsets, ones, 4, w/2, c, c, 2*c)
	})
	rows("maxgrad", h*w*c*9/4, func(i int) {
		MaxGrad(dx[2*i*w*c:], x[2*i*w*c:], y[i*w/2*c:], offsets, w/2, c, 2*c, c, 0, 4, true)
	})
}
