package conv

import (
	"dnn/internal/kernel/cut"
	"dnn/internal/kernel/gemm"
	"dnn/internal/kernel/vec"
)

// Run does the units [lo,hi) of the second phase. scratch is what Pack has filled; an
// Epilogue's matrices have the shape of the result.
func (v *Conv) Run(y, x, scratch, local []float32, e gemm.Epilogue, lo, hi int) {
	r := convRun{Conv: v, y: y, scratch: scratch}
	r.check(x, local, &e)
	if v.minimal != nil {
		v.minimal.run(y, x, scratch, local, &e, lo, hi)
		return
	}
	whole := e
	r.end = e.Split()
	last := -1
	for u := lo; u < hi; u++ {
		if v.planes != nil {
			r.convPiece = v.piece(u)
			v.planes.run(&r, x, local)
			i0, i1 := r.pixels()
			whole.Finish(y, v.width, i0, i1, 0, v.width)
			continue
		}
		if i := u / v.sets; i != last {
			r.convPiece, last = v.piece(i), i
			r.src, r.origin = v.source(&r.convPiece, x, local)
		}
		p0, p1 := cut.Part(v.panels, v.sets, u%v.sets)
		for p := p0; p < p1; p++ {
			r.panel(p)
		}
		i0, i1 := r.pixels()
		e.Finish(y, v.width, i0, i1, v.columns(p0), v.columns(p1))
	}
}

// convRun is a convolution at work on a piece.
type convRun struct {
	*Conv
	convPiece
	y, src, scratch []float32
	origin          int
	end             gemm.TileEpilogue
}

// check panics if a slice is too short, since assembly would not notice.
func (r *convRun) check(x, local []float32, e *gemm.Epilogue) {
	size := r.batch * r.axes[0].size * r.axes[1].size * r.axes[2].size * r.width
	_, _, _ = r.y[:size], r.scratch[:r.Scratch], local[:r.Local]
	_ = x[:r.batch*r.axes[0].source*r.axes[1].source*r.axes[2].source*r.channels]
	if e.Bias != nil {
		_ = e.Bias[:r.width]
	}
	if e.Residual != nil {
		_ = e.Residual[:size]
	}
	if e.Grad != vec.ActNone {
		_ = e.GradOf[:size]
	}
}

// columns is the channel of the result that a panel begins with.
func (v *Conv) columns(panel int) int {
	group, lo, _ := v.panel(panel, v.outputs)
	return group*v.outputs + lo
}

// pixels is the range of pixels of the result in a piece.
func (r *convRun) pixels() (lo, hi int) {
	picture, inner := 1, 1
	for i := range r.axes {
		picture *= r.axes[i].size
		if i > r.band {
			inner *= r.axes[i].size
		}
	}
	return r.b0*picture + r.lo[r.band]*inner, (r.b1-1)*picture + r.hi[r.band]*inner
}

// panel computes some channels of a piece.
func (r *convRun) panel(i int) {
	group, lo, hi := r.Conv.panel(i, r.outputs)
	column := group*r.outputs + lo
	from := r.origin + group*r.inputs
	if r.depthwise {
		from = r.origin + lo
	}
	weights := r.scratch[r.packed(i):]
	inputs := r.inputs
	if r.depthwise {
		inputs = 1
	}
	for j := range r.kinds {
		k, w := &r.kinds[j], weights
		if len(k.segs) > 0 {
			w = weights[k.weight*inputs*gemm.TileCols():]
		}
		r.kind(k, column, hi-lo, from, w)
	}
}

// kind computes n channels at the places of a kind.
func (r *convRun) kind(k *convKind, column, n, from int, weights []float32) {
	count, a, c := [4]int{r.b1 - r.b0}, [4]int{r.at[0]}, [4]int{}
	to, stride := column, r.width
	for i := 2; i >= 0; i-- {
		ax, p := &r.axes[i], k.phase[i]
		first, num := ax.cut(p, r.lo[i], r.hi[i])
		count[i+1], a[i+1], c[i+1] = num, ax.move*r.at[i+1], ax.step*stride
		if len(k.segs) > 0 {
			from += (p.from + first*ax.move - r.from[i]) * r.at[i+1]
		}
		to += (p.start + first*ax.step) * stride
		stride *= ax.size
	}
	c[0], to = stride, to+r.b0*stride
	if count[0]*count[1]*count[2]*count[3] == 0 {
		return
	}
	rows, reps := chooseRows(count)
	t := gemm.Tiles{Segs: k.segs, Length: k.length, Ars: a[rows], Aks: k.aks, Ldb: gemm.TileCols(), Ldc: c[rows],
		Reps: count[reps], AStep: a[reps], CStep: c[reps]}
	i, j := others(rows, reps)
	for u := range count[i] {
		for w := range count[j] {
			at := to + u*c[i] + w*c[j]
			t.Cover(r.y[at:], r.src[from+u*a[i]+w*a[j]:], weights, count[rows], n, r.depthwise, r.epilogue(at, column))
		}
	}
}

// epilogue is that of the tile whose first element is the at-th, in some column.
func (r *convRun) epilogue(at, column int) gemm.TileEpilogue {
	return r.end.From(column, at)
}

// chooseRows picks the axes that the rows of tiles and repeated tiles run along: the
// width unless it is short, and the longest of the others.
func chooseRows(count [4]int) (rows, reps int) {
	rows = 3
	if count[3] < 6 {
		for i := 2; i >= 0; i-- {
			if min(count[i], gemm.PanelA) > min(count[rows], gemm.PanelA) {
				rows = i
			}
		}
	}
	reps = -1
	for i := 3; i >= 0; i-- {
		if i != rows && (reps < 0 || count[i] > count[reps]) {
			reps = i
		}
	}
	return rows, reps
}

// others are the two axes that remain of four.
func others(a, b int) (i, j int) {
	for i == a || i == b {
		i++
	}
	for j = i + 1; j == a || j == b; {
		j++
	}
	return i, j
}
