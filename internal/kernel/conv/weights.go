package conv

import (
	"dnn/internal/kernel/cut"
	"dnn/internal/kernel/gemm"
	"dnn/internal/kernel/vec"
)

// Weights is the gradient of a convolution by its weights, made ready to run, in
// two phases: Run over [0,Units) adds up, after a barrier Join over [0,JoinUnits)
// writes the result. Each thread has Local float32 for itself.
//
// The images are cut, by the shape alone, into parts. In each an element is one
// chain of fma from 0 over ascending pixels of dy, what lies beyond the edges of x
// taking part as 0; the parts are added in order. Where a Conv would be computed by
// minimal filtering so is this (see winogradWeights). Sequences, of one axis, are cut
// by their number alone and never in the middle, so that zeros behind each of them
// change no bit.
type Weights struct {
	Scratch, Local, Units, JoinUnits int

	convWalk
	shape           Shape
	depthwise       bool
	groups          int
	inputs, outputs int // channels of a group
	parts           int
	rows            int // sequences of a part, 0 for images
	panels, sets    int // panels of columns in a group, and into how many units they are cut
	packed          int // floats of a panel of dy, if it is copied together first
	turned          int // floats of a panel of dw, if its few columns are the rows of tiles
	runs            []convRows
	segs            []int // the lines of dy in a piece
	chunk, chunks   int   // inputs that a unit of joining takes, and how many do
	minimal         *winogradWeights
}

// convRows are weights whose numbers lie evenly in x: taps and channels.
type convRows struct {
	first, count int // rows of dw, as it is added up
	off, every   int // where x lies for the first, and the distance
}

// Weights is the gradient by w from x and the gradient by y.
func (s Shape) Weights() *Weights {
	sequences := s.In[0] == 1 && s.In[1] == 1
	if !sequences {
		s = s.flat()
	}
	v := &Weights{shape: s, depthwise: s.depthwise(), groups: s.Groups, inputs: s.C / s.Groups, outputs: s.O / s.Groups}
	if v.depthwise {
		v.groups, v.outputs = 1, s.C
	}
	if w := s.winograd(false); w != nil {
		v.minimal = w.planWeights(v)
		return v
	}
	v.batch, v.channels = s.Batch, s.C
	for i := range v.axes {
		v.axes[i] = s.forwardAxis(i)
	}
	pixels, size := volume(s.Out), s.O*(s.C/s.Groups)*s.taps()
	// As many images go together as the cache has room for: so the sums are taken up
	// and put down less often.
	if sequences {
		v.rows = cut.Ceil(s.Batch, max(1, min(wantSequenceParts, s.Batch/4, partFloats/size)))
		v.whole = v.rows
	}
	v.make(s.Flops()/2/float64(s.Batch), pixels*s.O, max(s.Batch/wantPieces, 1))
	v.parts = max(1, min(v.pieces, wantPieces, partFloats/size, s.Batch*pixels/256))
	if sequences {
		v.parts = cut.Ceil(s.Batch, v.rows)
	}
	v.panels = cut.Ceil(v.outputs, gemm.TileCols())
	v.sets = min(v.panels*v.groups, cut.Ceil(16, v.parts))
	v.makeRuns()
	if s.O >= 256 && !v.depthwise && v.rowsOfTap()*s.taps() >= 64 { // far apart, its rows would drive each other out of the cache
		line := v.axes[2].size
		if v.band == 2 {
			line = v.size
		}
		v.packed = len(v.segs) * line * gemm.TileCols()
	}
	if v.groups == 1 && v.outputs <= planesOutputs && v.runs[0].count >= 16 {
		v.turned = size
	}
	v.Units, v.Local = v.parts*v.sets, v.box+v.packed+v.turned
	v.Scratch = v.parts * size
	v.chunk = min(max((8<<10)/(s.taps()*min(v.outputs, gemm.TileCols())), 1), v.rowsOfTap())
	v.chunks = cut.Ceil(v.rowsOfTap(), v.chunk)
	v.JoinUnits = v.groups * v.panels * v.chunks
	return v
}

const (
	partFloats        = 4 << 20 // what all parts may take
	wantSequenceParts = 16
)

// Pieces of part i.
func (v *Weights) piecesOf(i int) (first, end int) {
	if v.rows == 0 {
		return cut.Part(v.pieces, v.parts, i)
	}
	each := v.rows / v.images * v.bands
	return i * each, min((i+1)*each, v.pieces)
}

// rowsOfTap is how many rows of dw belong to a tap.
func (v *Weights) rowsOfTap() int {
	if v.depthwise {
		return 1
	}
	return v.inputs
}

// panel is the i-th of all groups: its group, its first column in it and how many.
func (v *Weights) panel(i int) (group, lo, n int) {
	lo = i % v.panels * gemm.TileCols()
	return i / v.panels, lo, min(gemm.TileCols(), v.outputs-lo)
}

// sums is where the rows of a panel begin in a part: [group][panel][tap][input][column].
func (v *Weights) sums(group, lo int) int {
	return v.rowsOfTap() * v.shape.taps() * (group*v.outputs + lo)
}

// makeRuns lists the rows of a group, [tap][input], and the lines of a piece.
func (v *Weights) makeRuns() {
	s := &v.shape
	line := s.Kernel[2]
	for t := 0; t < s.taps(); t += line {
		off := t/line/s.Kernel[1]*s.Dilation[0]*v.at[1] + t/line%s.Kernel[1]*s.Dilation[1]*v.at[2]
		every := s.Dilation[2] * v.at[3]
		switch {
		case v.depthwise:
			v.runs = append(v.runs, convRows{t, line, off, every})
		case every == v.inputs:
			v.runs = append(v.runs, convRows{t * v.inputs, line * v.inputs, off, 1})
		default:
			for k := range line {
				v.runs = append(v.runs, convRows{(t + k) * v.inputs, v.inputs, off + k*every, 1})
			}
		}
	}
	size := [3]int{v.axes[0].size, v.axes[1].size, v.axes[2].size}
	size[v.band] = v.size
	for b := range v.images {
		for d := range size[0] {
			for h := range size[1] {
				v.segs = append(v.segs, b*v.at[0]+d*s.Stride[0]*v.at[1]+h*s.Stride[1]*v.at[2])
			}
		}
	}
}

// Run does the units [lo,hi) of the first phase.
func (v *Weights) Run(x, dy, scratch, local []float32, lo, hi int) {
	s := &v.shape
	_, _, _ = scratch[:v.Scratch], local[:v.Local], dy[:s.Batch*volume(s.Out)*s.O]
	_ = x[:s.Batch*volume(s.In)*s.C]
	if v.minimal != nil {
		v.minimal.run(x, dy, scratch, local, lo, hi)
		return
	}
	for u := lo; u < hi; u++ {
		i, set := u/v.sets, u%v.sets
		size := v.Scratch / v.parts
		first, end := v.piecesOf(i)
		p0, p1 := cut.Part(v.panels*v.groups, v.sets, set)
		for j := first; j < end; j++ {
			p := v.piece(j)
			src, origin := v.source(&p, x, local)
			for panel := p0; panel < p1; panel++ {
				v.add(scratch[i*size:(i+1)*size], src, dy, local[v.box:], &p, origin, panel, j > first)
			}
		}
		if v.turned > 0 {
			vec.Transpose(scratch[i*size:], local[v.box:], size/v.outputs, v.outputs, v.outputs, size/v.outputs)
		}
	}
}

// add adds what a piece contributes to a panel of the weights.
func (v *Weights) add(dw, src, dy, local []float32, p *convPiece, origin, panel int, load bool) {
	s := &v.shape
	group, lo, n := v.panel(panel)
	lines, pixel := p.b1-p.b0, p.b0
	for i := range p.lo {
		extent := p.hi[i] - p.lo[i]
		if i < 2 {
			lines *= extent
		}
		pixel = pixel*s.Out[i] + p.lo[i]
	}
	column := group*v.outputs + lo
	from := origin + group*v.inputs
	if v.depthwise {
		from = origin + lo
	}
	dw, dy = dw[v.sums(group, lo):], dy[pixel*s.O+column:]
	t := gemm.Tiles{Segs: v.segs[:lines], Length: p.hi[2] - p.lo[2], Aks: s.Stride[2] * v.at[3], Ldb: s.O, Ldc: n, Reps: 1, Load: load}
	if v.packed > 0 {
		gemm.PackColumns(local, dy, n, lines*t.Length, s.O, gemm.TileCols())
		dy, t.Ldb = local, gemm.TileCols()
	}
	if v.turned > 0 {
		v.addTurned(t, local, src[from:], dy)
		return
	}
	for _, r := range v.runs {
		t.Ars = r.every
		t.Cover(dw[r.first*n:], src[from+r.off:], dy, r.count, n, v.depthwise, gemm.TileEpilogue{})
	}
}

// addTurned adds the same, line by line, to sums that lie as [column][tap][input].
func (v *Weights) addTurned(t gemm.Tiles, sums, src, dy []float32) {
	u := gemm.Tiles{Segs: gemm.Unbroken, Length: t.Length, Ars: 1, Aks: t.Ldb, Ldb: t.Aks, Ldc: v.turned / v.outputs, Reps: 1}
	for l, off := range t.Segs {
		u.Load = t.Load || l > 0
		for _, r := range v.runs {
			u.Cover(sums[r.first:], dy[l*t.Length*t.Ldb:], src[off+r.off:], v.outputs, r.count, false, gemm.TileEpilogue{})
		}
	}
}

// Join does the units [lo,hi) of the second phase. scratch is what Run has filled.
func (v *Weights) Join(dw, scratch, local []float32, lo, hi int) {
	s := &v.shape
	dw, scratch, local = dw[:s.O*(s.C/s.Groups)*s.taps()], scratch[:v.Scratch], local[:v.Local]
	if v.minimal != nil {
		v.minimal.join(dw, scratch, local, lo, hi)
		return
	}
	taps, rows, size := s.taps(), v.rowsOfTap(), v.Scratch/v.parts
	for u := lo; u < hi; u++ {
		group, column, n := v.panel(u / v.chunks)
		first := u % v.chunks * v.chunk
		m := min(v.chunk, rows-first)
		sum := scratch[v.sums(group, column):]
		for t := range taps {
			at := (t*rows + first) * n
			to := sum[at : at+m*n]
			for p := 1; p < v.parts; p++ {
				vec.Add(to, to, sum[p*size+at:p*size+at+m*n])
			}
		}
		dst := dw[(group*v.outputs+column)*rows*taps:]
		if taps == 1 {
			vec.Transpose(dst[first:], sum[first*n:], n, m, rows, n)
			continue
		}
		for c := first; c < first+m; c++ {
			vec.Transpose(dst[c*taps:], sum[c*n:], n, taps, rows*taps, rows*n)
		}
	}
}
