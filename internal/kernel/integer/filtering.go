package integer

import (
	"math"

	"dnn/internal/kernel/cut"
	"dnn/internal/kernel/vec"
)

// filtering is a convolution of 3×3 taps without strides by the minimal filtering F(2×2,3×3) (see package conv), in integers, where
// it is exact: sixteen products for each channel give four sums,
//
//	4·Y = Aᵀ[(2G·g·2Gᵀ) ⊙ (Bᵀ·d·B)]A
//
// Transformed numbers fit into 16 bits: those of the source are at most 4·127, those of weights 9·127.
type filtering struct {
	across, down int // pieces of an image
	lines        int // lines of pieces that are computed together
	panel        int // floats of the weights of a panel at one of sixteen places
}

// mostFiltered is up to how many channels four times a sum fits into 32 bits.
const mostFiltered = (1<<31 - 1) / (4 * 9 * 127 * 127)

// makeFiltering chooses it where it saves time: where VNNI does not multiply four times as many numbers, and there are enough of them.
func (v *Conv) makeFiltering() {
	s := &v.shape
	if v.layout != pairs || active.filterSums == nil || s.Groups > 1 || s.In[0]*s.Out[0] > 1 || s.Kernel != [3]int{1, 3, 3} ||
		s.Stride != [3]int{1, 1, 1} || s.Dilation != [3]int{1, 1, 1} {
		return
	}
	if s.C%16 > 0 || s.O%panelCols > 0 || s.Out[1]%2 > 0 || s.Out[2]%2 > 0 || s.C > mostFiltered {
		return
	}
	f := &filtering{across: s.Out[2] / 2, down: s.Out[1] / 2, panel: panelFloats(s.C / 2)}
	f.lines = cut.Ceil(f.down, cut.Ceil(f.down, max(1, 48/f.across)))
	v.filtering = f
}

// cut chooses units and memory.
func (f *filtering) cut(v *Conv) {
	s := &v.shape
	v.lineSets = cut.Ceil(f.down, f.lines)
	v.Units = s.Batch * v.lineSets
	v.Packed = v.PackUnits * 16 * f.panel
	v.Local = 16 * f.lines * f.across * (s.C/2 + panelCols)
}

// pack packs a panel: sixteen of them, one for each place.
func (f *filtering) pack(v *Conv, packed []float32, w []int8, p int) {
	dst := packed[p*16*f.panel : (p+1)*16*f.panel]
	clear(dst)
	for j := range panelCols {
		for c := range v.shape.C {
			for place, u := range filter(w[((p*panelCols+j)*v.shape.C+c)*9:][:9]) {
				row := bytesOf(dst[place*f.panel : (place+1)*f.panel][panelCols:])
				shortsOf(row)[(c/2*panelCols+j)*2+c%2] = u
			}
		}
	}
}

// filter is 2G·g·2Gᵀ.
func filter(g []int8) (u [16]int16) {
	var half [4][3]int16
	for c := range 3 {
		a, b, d := int16(g[c]), int16(g[3+c]), int16(g[6+c])
		half[0][c], half[1][c], half[2][c], half[3][c] = 2*a, a+b+d, a-b+d, 2*d
	}
	for r, h := range half {
		u[4*r], u[4*r+1], u[4*r+2], u[4*r+3] = 2*h[0], h[0]+h[1]+h[2], h[0]-h[1]+h[2], 2*h[2]
	}
	return u
}

// run computes a set of lines of pieces of image b, of which q and scale are the integers.
func (f *filtering) run(v *Conv, y, q, scale, packed, local []float32, e Epilogue, b, set int) {
	s := &v.shape
	lo := set * f.lines
	hi := min(lo+f.lines, f.down)
	pieces := (hi - lo) * f.across
	at := v.distances()
	image := shortsOf(bytesOf(q))
	plane := pieces * s.C
	source, sums := shortsOf(bytesOf(local)), intsOf(local[16*pieces*s.C/2:])
	for i := range hi - lo {
		active.filterSource(&source[i*f.across*s.C], &image[(lo+i)*2*at[1]/2], f.across, s.C, at[1], 2*plane)
	}
	floor, bias := float32(math.Inf(-1)), noBias[:]
	if e.End.Act == vec.ActRelu {
		floor, e.End.Act = 0, vec.ActNone
	}
	line := s.Out[2] * s.O
	for p := range v.PackUnits {
		active.filterProducts(sums, source, packed[p*16*f.panel:], pieces, s.C)
		for i := range hi - lo {
			for j := p * panelCols; j < (p+1)*panelCols; j += 8 {
				if e.Bias != nil {
					bias = e.Bias[j:]
				}
				active.filterSums(&y[(b*s.Out[1]+2*(lo+i))*line+j], &sums[i*f.across*panelCols+j%panelCols], f.across, 4*pieces*panelCols, 4*s.O, 4*line,
					&scale[0], &e.Scales[j], &bias[0], floor)
			}
		}
	}
	from := b*s.Out[1]*s.Out[2] + 2*lo*s.Out[2]
	e.End.Finish(y, s.O, from, from+2*(hi-lo)*s.Out[2], 0, s.O)
}
