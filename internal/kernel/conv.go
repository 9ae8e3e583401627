package kernel

// ConvShape is a convolution over up to three spatial axes (depth, height, width; the
// outer ones of extent 1 where there are less):
//
//	y[b,p,o] = Σ_t Σ_c x[b, p·Stride + t·Dilation - Before, c]·w[o,c,t]
//
// x is [Batch, In.., C], y [Batch, Out.., O] and w [O, C/Groups, Kernel..]. Channels fall
// into Groups that know nothing of each other: the inputs c of the group of o. Beyond
// its edges x is 0.
type ConvShape struct {
	Batch, C, O, Groups                       int
	In, Out, Kernel, Stride, Dilation, Before [3]int
}

// Conv is a convolution, or its gradient by x, made ready to run. The work has
// two phases, as that of a Gemm: Pack over [0,PackUnits) copies the weights into
// scratch, and Run over [0,Units) computes the result. Every thread has Local
// float32 for itself.
//
// Each element is one chain of fma from 0, over ascending taps t, the last axis
// innermost, and over ascending channels within a tap (for the gradient: over
// descending taps, and output channels); what lies beyond the edges takes part as 0.
type Conv struct {
	Scratch, Local, PackUnits, Units int

	s       ConvShape
	inverse bool
}

// Forward is y from x and w.
func (s ConvShape) Forward() *Conv {
	return &Conv{s: s, Units: s.Batch * s.Out[0] * s.Out[1]}
}

// Inverse is the gradient by x from that by y, and w: the transposed convolution.
func (s ConvShape) Inverse() *Conv {
	return &Conv{s: s, Units: s.Batch * s.In[0] * s.In[1], inverse: true}
}

// Pack does the units [lo,hi) of the first phase.
func (v *Conv) Pack(scratch, local, w []float32, lo, hi int) {}

// Run does the units [lo,hi) of the second phase. An Epilogue's matrices have the
// shape of y.
func (v *Conv) Run(y, x, w, scratch, local []float32, e Epilogue, lo, hi int) {
	s := &v.s
	extent, channels := s.Out, s.O
	if v.inverse {
		extent, channels = s.In, s.C
	}
	line := extent[2] * channels
	clear(y[lo*line : hi*line])
	for u := lo; u < hi; u++ {
		b, d, h := u/(extent[0]*extent[1]), u/extent[1]%extent[0], u%extent[1]
		for w2 := range extent[2] {
			at := [3]int{d, h, w2}
			if v.inverse {
				s.inverse(y, x, w, b, at)
			} else {
				s.forward(y, x, w, b, at)
			}
		}
	}
	t := gemmBlock{c: y, i0: lo * extent[2], i1: hi * extent[2], j1: channels}
	t.M, t.N = s.Batch*extent[0]*extent[1]*extent[2], channels
	t.finish(&e)
}

func (s *ConvShape) taps() int { return s.Kernel[0] * s.Kernel[1] * s.Kernel[2] }

// tap splits the number of a tap.
func (s *ConvShape) tap(t int) [3]int {
	k := &s.Kernel
	return [3]int{t / (k[1] * k[2]), t / k[2] % k[1], t % k[2]}
}

// pixel is the number of a place in a picture.
func pixel(b int, at, extent [3]int) int {
	return ((b*extent[0]+at[0])*extent[1]+at[1])*extent[2] + at[2]
}

func (s *ConvShape) forward(y, x, w []float32, b int, at [3]int) {
	inputs, outputs, taps := s.C/s.Groups, s.O/s.Groups, s.taps()
	row := y[pixel(b, at, s.Out)*s.O:]
	for t := range taps {
		from, ok := s.source(at, s.tap(t))
		if !ok {
			continue
		}
		px := x[pixel(b, from, s.In)*s.C:]
		for o := range s.O {
			for c := range inputs {
				row[o] = fma(px[o/outputs*inputs+c], w[(o*inputs+c)*taps+t], row[o])
			}
		}
	}
}

func (s *ConvShape) inverse(dx, dy, w []float32, b int, at [3]int) {
	inputs, outputs, taps := s.C/s.Groups, s.O/s.Groups, s.taps()
	row := dx[pixel(b, at, s.In)*s.C:]
	for t := taps - 1; t >= 0; t-- {
		from, ok := s.target(at, s.tap(t))
		if !ok {
			continue
		}
		py := dy[pixel(b, from, s.Out)*s.O:]
		for c := range s.C {
			g := c / inputs * outputs
			for o := range outputs {
				row[c] = fma(py[g+o], w[((g+o)*inputs+c%inputs)*taps+t], row[c])
			}
		}
	}
}

// source is where the output at a place reads through a tap.
func (s *ConvShape) source(at, tap [3]int) (from [3]int, ok bool) {
	for i := range at {
		from[i] = at[i]*s.Stride[i] + tap[i]*s.Dilation[i] - s.Before[i]
		if from[i] < 0 || from[i] >= s.In[i] {
			return from, false
		}
	}
	return from, true
}

// target is the output that reads a place through a tap.
func (s *ConvShape) target(at, tap [3]int) (from [3]int, ok bool) {
	for i := range at {
		n := at[i] + s.Before[i] - tap[i]*s.Dilation[i]
		from[i] = n / s.Stride[i]
		if n < 0 || n%s.Stride[i] != 0 || from[i] >= s.Out[i] {
			return from, false
		}
	}
	return from, true
}

// ConvWeights is the gradient of a convolution by its weights, made ready to run.
type ConvWeights struct {
	Scratch, Local, Units, JoinUnits int

	s ConvShape
}

// Weights is the gradient by w from x and the gradient by y.
func (s ConvShape) Weights() *ConvWeights { return &ConvWeights{s: s, Units: s.O} }

// Run does the units [lo,hi).
func (v *ConvWeights) Run(dw, x, dy, scratch, local []float32, lo, hi int) {
	s := &v.s
	inputs, outputs, taps := s.C/s.Groups, s.O/s.Groups, s.taps()
	clear(dw[lo*inputs*taps : hi*inputs*taps])
	for b := range s.Batch {
		for p := range s.Out[0] * s.Out[1] * s.Out[2] {
			at := [3]int{p / (s.Out[1] * s.Out[2]), p / s.Out[2] % s.Out[1], p % s.Out[2]}
			for t := range taps {
				from, ok := s.source(at, s.tap(t))
				if !ok {
					continue
				}
				px, py := x[pixel(b, from, s.In)*s.C:], dy[pixel(b, at, s.Out)*s.O:]
				for o := lo; o < hi; o++ {
					for c := range inputs {
						i := (o*inputs+c)*taps + t
						dw[i] = fma(px[o/outputs*inputs+c], py[o], dw[i])
					}
				}
			}
		}
	}
}

// Join does the units [lo,hi) of the second phase.
func (v *ConvWeights) Join(dw, scratch []float32, lo, hi int) {}

// Flops is the number of floating-point operations of the convolution, and of
// each of its gradients: two for each tap, beyond the edges too.
func (s ConvShape) Flops() float64 {
	return 2 * float64(s.Batch) * float64(s.Out[0]*s.Out[1]*s.Out[2]) * float64(s.taps()) * float64(s.C/s.Groups) * float64(s.O)
}
