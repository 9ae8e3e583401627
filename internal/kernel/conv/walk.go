package conv

import "dnn/internal/kernel/cut"

// convWalk is how a convolution goes over a batch of images: piece by piece, each
// some images or a band of one, small enough that what it reads stays in the
// second-level cache. Where a piece reads beyond the edges it is copied first,
// with zeros around.
type convWalk struct {
	batch, channels int // of the source
	axes            [3]convAxis

	whole  int // what the images in a piece must divide, 0 for anything
	images int // images in a piece
	band   int // the axis along which they are cut
	size   int // of a piece along it
	bands  int // Pieces of an image
	pieces int

	staged bool
	at     [4]int // distances in the source as it is read: images, then by axis
	box    int    // size of a copy
}

// convPiece is one of them: images [b0,b1), results [lo,hi) by axis, which read
// [from,to) of the source.
type convPiece struct {
	b0, b1           int
	lo, hi, from, to [3]int
}

const (
	pieceFloats = 48 << 10 // what a piece may read
	leastWork   = 1 << 17  // multiplications that make it worth its while
	wantPieces  = 32       // for sharing among threads
)

// make chooses the pieces, given the work for one image, how many numbers besides
// the source it moves for one, and at least how many images go together.
func (w *convWalk) make(work float64, besides, together int) {
	var whole convPiece
	for i := range w.axes {
		a := &w.axes[i]
		whole.from[i], whole.to[i] = a.reads(0, a.size)
		w.staged = w.staged || !a.inside()
	}
	w.layOut(whole)
	for w.band = 0; w.band < 2 && w.axes[w.band].size == 1; w.band++ {
	}
	ax := &w.axes[w.band]
	w.images, w.size = 1, ax.size
	if picture := w.volume(whole) + besides; picture < pieceFloats {
		want := max(int(leastWork/max(work, 1)), min(int(4*leastWork/max(work, 1)), w.batch/wantPieces), together, 1)
		w.images = min(want, pieceFloats/max(picture, 1)+1, w.batch)
		w.images = cut.Ceil(w.batch, cut.Ceil(w.batch, w.images))
		for w.whole > 0 && w.whole%w.images != 0 {
			w.images--
		}
	} else {
		w.size = cut.Ceil(ax.size*pieceFloats/picture, ax.step) * ax.step
	}
	if n := cut.Ceil(w.batch, w.images); n < wantPieces && w.images == 1 {
		least := max(int(float64(ax.size)*leastWork/max(work, 1)), 4)
		w.size = min(w.size, max(cut.Ceil(ax.size, cut.Ceil(wantPieces, n)), least))
	}
	w.size = min(max(cut.Ceil(w.size, ax.step)*ax.step, ax.step), ax.size)
	w.bands = cut.Ceil(ax.size, w.size)
	w.size = cut.Ceil(cut.Ceil(ax.size, w.bands), ax.step) * ax.step // all of nearly the same size
	w.bands = cut.Ceil(ax.size, w.size)
	w.pieces = cut.Ceil(w.batch, w.images) * w.bands
	if !w.staged {
		return
	}
	var most convPiece
	for i := range w.pieces {
		p := w.piece(i)
		for j := range most.to {
			most.to[j] = max(most.to[j], p.to[j]-p.from[j])
		}
	}
	w.layOut(most)
	w.box = w.at[0] * w.images
}

// layOut sets the distances in a source that is read as it lies, or as a copy of the
// piece.
func (w *convWalk) layOut(p convPiece) {
	w.at[3] = w.channels
	for i := 2; i >= 0; i-- {
		extent := w.axes[i].source
		if w.staged {
			extent = p.to[i] - p.from[i]
		}
		w.at[i] = w.at[i+1] * extent
	}
	if w.staged && w.at[0]%256 == 0 {
		w.at[0] += 16 // images beside each other should not drive each other out of the cache
	}
}

func (w *convWalk) volume(p convPiece) int {
	n := w.channels
	for i := range p.to {
		n *= p.to[i] - p.from[i]
	}
	return n
}

// piece is the i-th.
func (w *convWalk) piece(i int) convPiece {
	b := i / w.bands * w.images
	p := convPiece{b0: b, b1: min(b+w.images, w.batch)}
	for j := range w.axes {
		a := &w.axes[j]
		p.hi[j] = a.size
		if j == w.band {
			p.lo[j] = i % w.bands * w.size
			p.hi[j] = min(p.lo[j]+w.size, a.size)
		}
		p.from[j], p.to[j] = a.reads(p.lo[j], p.hi[j])
	}
	return p
}

// source returns what the tiles of a piece read, x itself or a copy, and where in it
// the place [from..] of its first image would lie.
func (w *convWalk) source(p *convPiece, x, local []float32) (src []float32, origin int) {
	if !w.staged {
		origin = p.b0 * w.at[0]
		for i, f := range p.from {
			origin += f * w.at[i+1]
		}
		return x, origin
	}
	for b := p.b0; b < p.b1; b++ {
		for d := p.from[0]; d < p.to[0]; d++ {
			for h := p.from[1]; h < p.to[1]; h++ {
				to := (b-p.b0)*w.at[0] + (d-p.from[0])*w.at[1] + (h-p.from[1])*w.at[2]
				w.line(local[to:], x, p, b, d, h)
			}
		}
	}
	return local, 0
}

// line copies a line of pixels, zero where there are none.
func (w *convWalk) line(dst, x []float32, p *convPiece, b, d, h int) {
	c, width := w.channels, p.to[2]-p.from[2]
	dst = dst[:width*c]
	if d < 0 || d >= w.axes[0].source || h < 0 || h >= w.axes[1].source {
		clear(dst)
		return
	}
	lo := min(max(0, -p.from[2]), width)
	hi := max(min(width, w.axes[2].source-p.from[2]), lo)
	clear(dst[:lo*c])
	if hi > lo {
		from := ((b*w.axes[0].source+d)*w.axes[1].source+h)*w.axes[2].source + p.from[2] + lo
		copy(dst[lo*c:hi*c], x[from*c:])
	}
	clear(dst[hi*c:])
}
