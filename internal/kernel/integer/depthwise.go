package integer

import (
	"dnn/internal/kernel/cut"
	"dnn/internal/kernel/gemm"
	"dnn/internal/kernel/vec"
)

// depthwise is a convolution that keeps channels apart, each with a kernel of its own. There is nothing to sum within 32 bits, so
// whole numbers are multiplied in float32, channels side by side: sums of products of two numbers in ±127 are exact there, too, up to
// mostTaps of them.
type depthwise struct {
	repeat int   // how many pixels are scaled at a time
	segs   []int // where lines of taps begin, in float32
}

const mostTaps = 1 << 24 / (127 * 127)

// makeDepthwise chooses it where channels are apart.
func (v *Conv) makeDepthwise() {
	s := &v.shape
	if s.Groups > 1 && s.Groups == s.C && s.O == s.C && s.Kernel[0]*s.Kernel[1]*s.Kernel[2] <= mostTaps {
		v.depthwise = &depthwise{repeat: cut.Ceil(256, s.C)}
	}
}

// cut chooses units and memory.
func (d *depthwise) cut(v *Conv) {
	v.PackUnits = 1
	v.Packed = v.shape.C * v.shape.Kernel[0] * v.shape.Kernel[1] * v.shape.Kernel[2]
	v.Local = (d.repeat + 1) * v.shape.C
	for i := 0; i < len(v.segs); i += v.shape.Kernel[2] {
		d.segs = append(d.segs, v.segs[i]/4)
	}
}

// pack lays the weights of each tap side by side.
func (d *depthwise) pack(v *Conv, packed []float32, w []int8) {
	channels := v.shape.C
	taps := v.Packed / channels
	for c := range channels {
		for t, q := range w[c*taps : (c+1)*taps] {
			packed[t*channels+c] = float32(q)
		}
	}
}

// run computes a set of lines of image b, of which q and scale are the whole numbers.
func (d *depthwise) run(v *Conv, y, q, scale, packed, local []float32, e Epilogue, b, set int) {
	s, channels := &v.shape, v.shape.C
	all, line := s.Out[0]*s.Out[1], s.Out[2]*s.C
	from, to := cut.Part(all, v.lineSets, set)
	at := v.distances()
	for i := range at {
		at[i] /= 4
	}
	for lo := from; lo < to; {
		plane := lo / s.Out[1]
		hi := min(to, (plane+1)*s.Out[1])
		t := gemm.Tiles{Segs: d.segs, Length: s.Kernel[2], Ars: s.Stride[2] * at[2], Aks: s.Dilation[2] * at[2], Ldb: channels,
			Ldc: channels, Reps: hi - lo, AStep: s.Stride[1] * at[1], CStep: line}
		src := q[plane*s.Stride[0]*at[0]+(lo-plane*s.Out[1])*s.Stride[1]*at[1]:]
		t.Cover(y[(b*all+lo)*line:], src, packed, s.Out[2], channels, true, gemm.TileEpilogue{})
		lo = hi
	}
	d.finish(y[(b*all+from)*line:(b*all+to)*line], scale[0], local[:(d.repeat+1)*channels], e)
}

// finish is what becomes of sums.
func (d *depthwise) finish(y []float32, scale float32, local []float32, e Epilogue) {
	channels := len(local) / (d.repeat + 1)
	scales, bias := local[:d.repeat*channels], e.Bias
	for i := range scales {
		scales[i] = scale * e.Scales[i%channels]
	}
	if bias == nil { // something is added all the same, as a product may be -0
		bias = local[len(scales):]
		clear(bias)
	}
	end := gemm.Epilogue{Bias: bias[:channels], Act: e.End.Act, Alpha: e.End.Alpha}
	for lo := 0; lo < len(y); lo += len(scales) {
		part := y[lo:min(lo+len(scales), len(y))]
		vec.Mul(part, part, scales[:len(part)])
		end.Finish(part, channels, 0, len(part)/channels, 0, channels)
	}
}
