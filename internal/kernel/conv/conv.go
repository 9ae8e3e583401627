// Package conv convolves images of up to three dimensions, and gives the gradients.
package conv

import (
	"dnn/internal/kernel/cut"
	"dnn/internal/kernel/gemm"
)

// Shape is a convolution over up to three spatial axes (depth, height, width; the
// outer ones of size 1 where there are less):
//
//	y[b,p,o] = Σ_t Σ_c x[b, p·Stride + t·Dilation - Before, c]·w[o,c,t]
//
// x is [Batch, In.., C], y [Batch, Out.., O] and w [O, C/Groups, Kernel..]. Channels fall
// into Groups that know nothing of each other: c runs over those of the group of o.
// Beyond its edges x is 0.
type Shape struct {
	Batch, C, O, Groups                       int
	In, Out, Kernel, Stride, Dilation, Before [3]int
}

// Flops is the number of floating-point operations of the convolution, and of
// each of its gradients: two for each tap, beyond the edges too.
func (s Shape) Flops() float64 {
	return 2 * float64(s.Batch) * float64(volume(s.Out)) * float64(s.taps()) * float64(s.C/s.Groups) * float64(s.O)
}

func volume(extent [3]int) int { return extent[0] * extent[1] * extent[2] }

func (s *Shape) taps() int { return volume(s.Kernel) }

// flat is the same for a kernel of one tap that meets every pixel: then all pixels of
// all images are one line.
func (s Shape) flat() Shape {
	one := [3]int{1, 1, 1}
	if s.Kernel != one || s.Stride != one || s.In != s.Out {
		return s
	}
	s.In = [3]int{1, 1, s.Batch * volume(s.In)}
	s.Out, s.Batch = s.In, 1
	return s
}

// depthwise says that every channel has a kernel of its own.
func (s *Shape) depthwise() bool { return s.Groups == s.C && s.O == s.C && s.C > 1 }

// Conv is a convolution, or its gradient by x, made ready to run. The work has
// two phases, as that of a Gemm: Pack over [0,PackUnits) copies the weights into
// Scratch float32, in the order the second phase reads them; after a barrier Run
// over [0,Units) computes the result. Within a phase units are independent and may
// be spread over threads in any way; every thread has Local float32 for itself. All
// counts follow from the shape alone.
//
// Where the shape makes it worth while, 3×3 taps are computed by minimal filtering
// (see winograd). Otherwise each element of y is one chain of fma from 0, over ascending taps, the last axis
// innermost, and over ascending channels within a tap; what lies beyond the edges
// takes part as 0. The gradient goes over descending taps and output channels, and
// what takes part beyond the edges is what the taps of an element of its kind reach
// (elements whose places are alike modulo the stride).
type Conv struct {
	Scratch, Local, PackUnits, Units int

	convWalk
	convPacking
	shape     Shape
	inverse   bool
	depthwise bool
	inputs    int // channels of the source that a tap meets
	outputs   int // channels of the result in a group
	width     int // channels of the result
	sets      int // into how many units the panels are cut
	shift     int // floats of local memory before the copy of a piece
	kinds     []convKind
	minimal   *winograd   // if it is computed that way, or
	planes    *convPlanes // this
}

// convKind is a way in which places of the result read the source: a phase of every
// axis.
type convKind struct {
	phase  [3]*convPhase
	weight int // where its taps begin among the packed ones
	segs   []int
	length int
	aks    int
}

// Forward is y from x and w.
func (s Shape) Forward() *Conv { return newConv(s.flat(), false, true) }

// Inverse is the gradient by x from that by y, and w: the transposed convolution.
func (s Shape) Inverse() *Conv { return newConv(s.flat(), true, true) }

// newConv may choose minimal filtering if it is told so.
func newConv(s Shape, inverse, minimal bool) *Conv {
	v := &Conv{shape: s, inverse: inverse, depthwise: s.depthwise(), inputs: s.C / s.Groups, outputs: s.O / s.Groups, width: s.O}
	v.batch, v.channels = s.Batch, s.C
	for i := range v.axes {
		if inverse {
			v.axes[i] = s.inverseAxis(i)
		} else {
			v.axes[i] = s.forwardAxis(i)
		}
	}
	if inverse {
		v.inputs, v.outputs, v.channels, v.width = v.outputs, v.inputs, s.O, s.C
	}
	groups := s.Groups
	if v.depthwise {
		groups, v.outputs = 1, s.C
	}
	if minimal {
		if v.minimal = s.winograd(inverse); v.minimal != nil {
			v.minimal.plan(v)
			return v
		}
	}
	pixels := v.axes[0].size * v.axes[1].size * v.axes[2].size
	together := 1
	if n := v.axes[2].size / v.axes[2].step; n < 6 {
		together = 2 * gemm.PanelA // they may become the rows of tiles
	}
	together = max(together, cut.Ceil(64, pixels))
	work := s.Flops() / 2 / float64(s.Batch)
	v.make(work, 0, together)
	v.makeKinds()
	v.makePacking(groups)
	v.sets = 1
	if v.pieces < wantPieces {
		most := int(work*float64(s.Batch)/float64(v.pieces)/leastWork) + 1
		v.sets = min(v.panels, cut.Ceil(wantPieces, v.pieces), most)
	}
	v.Units = v.pieces * v.sets
	v.Local = max(v.box, v.packLocal)
	v.makePlanes()
	return v
}

// makeKinds combines the phases of the axes.
func (v *Conv) makeKinds() {
	weight := 0
	for d := range v.axes[0].phases {
		for h := range v.axes[1].phases {
			for w := range v.axes[2].phases {
				k := convKind{phase: [3]*convPhase{&v.axes[0].phases[d], &v.axes[1].phases[h], &v.axes[2].phases[w]}, weight: weight}
				v.segments(&k)
				weight += len(k.phase[0].taps) * len(k.phase[1].taps) * len(k.phase[2].taps)
				v.kinds = append(v.kinds, k)
			}
		}
	}
}

// segments cuts the sum over taps and channels into runs that go evenly through the
// source: taps whose channels lie behind each other, and across, a line of taps.
func (v *Conv) segments(k *convKind) {
	var off []int
	for _, d := range k.phase[0].taps {
		for _, h := range k.phase[1].taps {
			for _, w := range k.phase[2].taps {
				off = append(off, d.off*v.at[1]+h.off*v.at[2]+w.off*v.at[3])
			}
		}
	}
	k.segs, k.length, k.aks = off, v.inputs, 1
	run := len(k.phase[2].taps)
	if v.depthwise {
		every, even := k.phase[2].every()
		if k.length = 1; even && run > 1 {
			k.aks, k.length = every*v.at[3], run
			k.segs = eachNth(off, run)
		}
		return
	}
	for _, run := range []int{len(off), len(k.phase[1].taps) * run, run} {
		if run > 1 && contiguous(off, run, v.inputs) {
			k.segs, k.length = eachNth(off, run), run*v.inputs
			return
		}
	}
}

// contiguous says that in every run of places each is so far from the one before.
func contiguous(off []int, run, distance int) bool {
	for i := range off {
		if i%run > 0 && off[i] != off[i-1]+distance {
			return false
		}
	}
	return true
}

func eachNth(x []int, n int) (y []int) {
	for i := 0; i < len(x); i += n {
		y = append(y, x[i])
	}
	return y
}
