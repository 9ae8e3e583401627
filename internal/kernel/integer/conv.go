package integer

import (
	"dnn/internal/kernel/conv"
	"dnn/internal/kernel/cut"
)

// Conv is a convolution of quantized images, made ready to run: y [Batch, Out.., O] of x [Batch, In.., C] and weights w [O,
// C/Groups, Kernel..]. Pack fills Packed float32 with weights in PackUnits units, Quantize makes integers of the images, of which
// each is a unit, in Quantized float32, and Run computes y in Units units.
//
// A quantized image has zeros around it, as far as windows reach. A sum goes through it in segments that lie in one piece: lines of
// taps, or where channels fall into groups or taps are not adjacent, the channels of a tap. Small groups go together, as one whose
// weights between them are 0. Where each channel is alone, it is computed in float32.
type Conv struct {
	Packed, PackUnits, Quantized, Units int
	Local                               int // float32 of memory that each thread has for itself

	shape    conv.Shape
	layout   layout
	padded   [3]int // extents of a quantized image
	image    int    // its size in float32
	segs     []int  // in bytes
	taps     int    // of a segment, adjacent in the last axis
	groups   int    // those that are computed one after the other
	inputs   int    // channels that a tap meets, of a group
	outputs  int    // of a group
	steps    int    // of a segment
	inGroup  int    // panels of a group
	lineSets int    // into how many units the lines of an image are cut

	filtering *filtering // if it is computed that way, or
	depthwise *depthwise // this
}

// NewConv prepares a convolution.
func NewConv(s conv.Shape) *Conv {
	v := &Conv{shape: s, layout: active.layout, groups: s.Groups, taps: 1}
	v.makeFiltering()
	v.makeDepthwise()
	switch {
	case v.filtering != nil:
		v.layout = words
	case v.depthwise != nil:
		v.layout = wholes
	default:
		for n := v.groups; n > 1 && v.groups == s.Groups; n-- {
			if s.Groups%n == 0 && n*s.O/s.Groups <= panelCols {
				v.groups = s.Groups / n
			}
		}
	}
	v.inputs, v.outputs = s.C/v.groups, s.O/v.groups
	for i := range v.padded {
		v.padded[i] = max(s.Before[i]+s.In[i], (s.Out[i]-1)*s.Stride[i]+s.Dilation[i]*(s.Kernel[i]-1)+1)
	}
	if v.groups == 1 && s.Dilation[2] == 1 {
		v.taps = s.Kernel[2]
	}
	at := v.distances()
	for d := range s.Kernel[0] {
		for h := range s.Kernel[1] {
			for w := 0; w < s.Kernel[2]; w += v.taps {
				v.segs = append(v.segs, d*s.Dilation[0]*at[0]+h*s.Dilation[1]*at[1]+w*s.Dilation[2]*at[2])
			}
		}
	}
	v.steps = cut.Ceil(v.taps*v.inputs, v.layout.group())
	v.image = floats(v.padded[0]*at[0]) + 2 // the last step of a segment may reach behind it; then, whether a number is negative
	v.Quantized = s.Batch * v.image
	v.inGroup = cut.Ceil(v.outputs, panelCols)
	v.PackUnits = v.groups * v.inGroup
	v.Packed = v.PackUnits * v.panel()
	v.cut()
	switch {
	case v.filtering != nil:
		v.filtering.cut(v)
	case v.depthwise != nil:
		v.depthwise.cut(v)
	}
	v.join()
	return v
}

// distances are how many bytes lie between places of a quantized image, by axis.
func (v *Conv) distances() (at [3]int) {
	at[2] = v.shape.C * v.layout.size()
	at[1] = at[2] * v.padded[2]
	at[0] = at[1] * v.padded[1]
	return at
}

// panel is the size of one.
func (v *Conv) panel() int { return panelFloats(v.steps * len(v.segs)) }

// cut chooses units: images where there are enough of them, else some lines of one.
func (v *Conv) cut() {
	const (
		leastWork = 1 << 20 // multiplications of a unit
		mostUnits = 64
	)
	all := v.shape.Out[0] * v.shape.Out[1]
	v.lineSets = max(1, min(all, mostUnits/max(v.shape.Batch, 1), int(v.shape.Flops()/2/float64(max(v.shape.Batch, 1)*leastWork))))
	v.Units = v.shape.Batch * v.lineSets
}

// wholeImages is from how many images on each is a unit.
const wholeImages = 16

// join makes images units, which quantize them as well, so that they are still in the cache.
func (v *Conv) join() {
	if v.shape.Batch < wholeImages {
		return
	}
	v.Units, v.Quantized = v.shape.Batch, 0
	v.Local += v.image + 1
}

// Pack packs the panels [lo,hi).
func (v *Conv) Pack(packed []float32, w []int8, lo, hi int) {
	s := &v.shape
	all := s.Kernel[0] * s.Kernel[1] * s.Kernel[2]
	inputs, outputs := s.C/s.Groups, s.O/s.Groups
	for u := lo; u < hi; u++ {
		if v.filtering != nil {
			v.filtering.pack(v, packed, w, u)
			continue
		}
		if v.depthwise != nil {
			v.depthwise.pack(v, packed, w)
			continue
		}
		to := packer{v.layout, packed[u*v.panel() : (u+1)*v.panel()]}
		clear(to.dst)
		group, first := u/v.inGroup, u%v.inGroup*panelCols
		for j := range min(panelCols, v.outputs-first) {
			row := w[(group*v.outputs+first+j)*inputs*all:][:inputs*all]
			from := (first + j) / outputs % (v.inputs / inputs) * inputs // where the channels that the output meets begin
			for seg := range v.segs {
				to.put(seg*v.steps, j, func(i int) int8 {
					if c := i%v.inputs - from; c >= 0 && c < inputs {
						return row[c*all+seg*v.taps+i/v.inputs]
					}
					return 0
				}, v.taps*v.inputs)
			}
		}
	}
}

// Quantize makes integers of the images [lo,hi), with the given scale, or if it is 0 with one for each image. It has nothing to
// do where Quantized is 0.
func (v *Conv) Quantize(q, scales, x []float32, scale float32, lo, hi int) {
	for b := lo; b < hi && v.Quantized > 0; b++ {
		scales[b] = v.quantize(q[b*v.image:(b+1)*v.image], x, scale, b)
	}
}

// quantize makes integers of image b, and returns their scale.
func (v *Conv) quantize(q, x []float32, scale float32, b int) float32 {
	s := &v.shape
	size := s.In[0] * s.In[1] * s.In[2] * s.C
	at, line := v.distances(), s.In[2]*s.C
	image := x[b*size : (b+1)*size]
	scale = scaleOf(image, scale)
	dst, signs := bytesOf(q), uint32(0)
	fill(dst, v.layout.zero())
	for d := range s.In[0] {
		for h := range s.In[1] {
			from := (d*s.In[1] + h) * line
			to := (d+s.Before[0])*at[0] + (h+s.Before[1])*at[1] + s.Before[2]*at[2]
			signs |= v.layout.quantize(dst[to:], image[from:from+line], scale)
		}
	}
	intsOf(q)[v.image-1] = int32(signs)
	return scale
}

func fill(dst []byte, v byte) {
	for i := range min(len(dst), 16) {
		dst[i] = v
	}
	for n := 16; n < len(dst); n *= 2 {
		copy(dst[n:], dst[:n])
	}
}

// Run computes the units [lo,hi) of y, from what Quantize has made of x, or from x and its scale.
func (v *Conv) Run(y, x, q, scales, packed, local []float32, scale float32, e Epilogue, lo, hi int) {
	s := &v.shape
	_, _, _, _ = y[:s.Batch*s.Out[0]*s.Out[1]*s.Out[2]*s.O], packed[:v.Packed], local[:v.Local], e.Scales[:s.O]
	if e.Bias != nil {
		_ = e.Bias[:s.O]
	}
	for u := lo; u < hi; u++ {
		if v.Quantized > 0 {
			b := u / v.lineSets
			v.lines(y, q[b*v.image:(b+1)*v.image], scales[b:b+1], packed, local, e, b, u%v.lineSets)
			continue
		}
		image, scales, rest := local[:v.image], local[v.image:v.image+1], local[v.image+1:]
		scales[0] = v.quantize(image, x, scale, u)
		for set := range v.lineSets {
			v.lines(y, image, scales, packed, rest, e, u, set)
		}
	}
}

// lines computes a set of lines of image b, of which q and scale are the integers.
func (v *Conv) lines(y, q, scale, packed, local []float32, e Epilogue, b, set int) {
	s := &v.shape
	if v.filtering != nil {
		v.filtering.run(v, y, q, scale, packed, local, e, b, set)
		return
	}
	if v.depthwise != nil {
		v.depthwise.run(v, y, q, scale, packed, local, e, b, set)
		return
	}
	all := s.Out[0] * s.Out[1]
	from, to := cut.Part(all, v.lineSets, set)
	rest := e
	for p, panels := 0, 0; p < v.PackUnits; p += panels {
		panels, _ = cover(p%v.inGroup, v.inGroup, v.outputs)
		for d := from / s.Out[1]; d*s.Out[1] < to; d++ {
			rest = v.plane(y, q, scale, packed, e, b, p, d, max(from-d*s.Out[1], 0), min(to-d*s.Out[1], s.Out[1]))
		}
	}
	rest.End.Finish(y, s.O, (b*all+from)*s.Out[2], (b*all+to)*s.Out[2], 0, s.O)
}

// plane computes the lines [lo,hi) of plane d of an image, for the outputs of panel p and what a tile covers behind it.
func (v *Conv) plane(y, q, scale, packed []float32, e Epilogue, b, p, d, lo, hi int) Epilogue {
	s := &v.shape
	at := v.distances()
	group, first := p/v.inGroup, p%v.inGroup*panelCols
	j := group*v.outputs + first
	_, n := cover(p%v.inGroup, v.inGroup, v.outputs-first)
	line := s.Out[2] * s.O
	from := d*s.Stride[0]*at[0] + lo*s.Stride[1]*at[1] + group*v.inputs*v.layout.size()
	t := tile{
		y: y[((b*s.Out[0]+d)*s.Out[1]+lo)*line+j:], a: bytesOf(q)[from:], b: packed[p*v.panel():], segs: v.segs, steps: v.steps,
		row: distance{s.Stride[2] * at[2], s.O, 0}, n: n, xs: scale, layout: v.layout,
		unsigned: intsOf(q)[v.image-1] == 0, reps: hi - lo, next: distance{s.Stride[1] * at[1], line, 0},
	}
	rest := t.take(e, j)
	t.rows(s.Out[2])
	return rest
}
