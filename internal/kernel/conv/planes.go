package conv

import (
	"dnn/internal/kernel/gemm"
	"dnn/internal/kernel/vec"
)

// convPlanes is the way of a convolution with so few channels in the result that they
// would leave most of a tile's columns empty. There the pixels of a plane become the
// columns and the channels of the result the rows: a piece of the source is turned, so
// that each channel is a plane of its own. The sums and their order are the same.
type convPlanes struct {
	height, width int // of a plane, the largest of all pieces
	sums          int // where the results of a kind lie, behind the planes
}

const planesOutputs = 4

// makePlanes chooses it where the source is gone over without strides, in planes.
func (v *Conv) makePlanes() {
	if v.depthwise || v.groups > 1 || v.outputs > planesOutputs || v.inputs < 8 || v.axes[0].size > 1 || v.axes[0].source > 1 || v.shape.Kernel[0] > 1 {
		return
	}
	if v.axes[1].move > 1 || v.axes[2].move > 1 || v.axes[1].size == 1 || v.axes[2].size < 8 {
		return
	}
	n := &convPlanes{}
	for i := range v.pieces {
		p := v.piece(i)
		n.height, n.width = max(n.height, p.to[1]-p.from[1]), max(n.width, p.to[2]-p.from[2])
	}
	plane := n.height * n.width
	n.sums = v.inputs * plane
	v.planes = n
	v.Local = max(v.packLocal, n.sums+v.outputs*plane)
}

// run computes a piece, image by image.
func (n *convPlanes) run(r *convRun, x, local []float32) {
	for b := r.b0; b < r.b1; b++ {
		n.turn(r, x, local, b)
		for i := range r.kinds {
			n.kind(r, &r.kinds[i], local, b)
		}
	}
}

// turn copies what a piece reads of an image to planes, with zeros around.
func (n *convPlanes) turn(r *convRun, x, local []float32, b int) {
	plane := n.height * n.width
	clear(local[:n.sums])
	lo, hi := max(r.from[2], 0), min(r.to[2], r.axes[2].source)
	for h := max(r.from[1], 0); h < min(r.to[1], r.axes[1].source) && lo < hi; h++ {
		src := x[((b*r.axes[1].source+h)*r.axes[2].source+lo)*r.channels:]
		vec.Transpose(local[(h-r.from[1])*n.width+lo-r.from[2]:], src, r.channels, hi-lo, plane, r.channels)
	}
}

// kind computes the places of a kind, all in one line of pixels as they lie in the planes,
// with some between the rows that are nobody's.
func (n *convPlanes) kind(r *convRun, k *convKind, local []float32, b int) {
	var start, count, from [3]int
	for i := 1; i < 3; i++ {
		ax, p := &r.axes[i], k.phase[i]
		first, num := ax.cut(p, r.lo[i], r.hi[i])
		start[i], count[i], from[i] = p.start+first*ax.step, num, p.from+first-r.from[i]
	}
	if count[1]*count[2] == 0 {
		return
	}
	plane, line := n.height*n.width, (count[1]-1)*n.width+count[2]
	sums := local[n.sums:][:r.outputs*line]
	t := gemm.Tiles{Segs: gemm.Unbroken, Length: r.inputs, Ars: 1, Aks: gemm.TileCols(), Ldb: plane, Ldc: line}
	tap := k.weight
	for _, h := range k.phase[1].taps {
		for _, w := range k.phase[2].taps {
			src := local[(from[1]+h.off)*n.width+from[2]+w.off:]
			t.Sweep(sums, r.scratch[tap*r.inputs*gemm.TileCols():], src, r.outputs, line)
			t.Load = true
			tap++
		}
	}
	if !t.Load {
		clear(sums)
	}
	for i := range count[1] {
		row := (b*r.axes[1].size+start[1]+i*r.axes[1].step)*r.axes[2].size + start[2]
		vec.Transpose(r.y[row*r.width:], sums[i*n.width:], count[2], r.outputs, r.axes[2].step*r.width, line)
	}
}
