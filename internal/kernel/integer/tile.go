package integer

import (
	"encoding/binary"

	"dnn/internal/kernel/cut"
	"dnn/internal/kernel/scalar"
	"dnn/internal/kernel/vec"
)

// panelCols is how many outputs the weights of a panel belong to. A panel begins with what their sums begin with; then follow,
// for each step of a sum, 32 bits for each output.
const panelCols = 16

// cover is how many panels a tile covers, of so many from the i-th on, and how many of n columns from the panel's first.
func cover(i, panels, n int) (covered, cols int) {
	covered = min(active.tilePanels, panels-i)
	return covered, min(covered*panelCols, n)
}

// panelFloats is the size of a panel for sums of so many steps.
func panelFloats(steps int) int { return panelCols * (1 + steps) }

// tile describes reps tiles at equal distances: for each, for rows i < m and columns j < n,
//
//	y[i·row.y+j] = act(Σ_s Σ_l a[segs[s]+i·row.a+4·l]·b[s·steps+l][j] · (xs[i·row.xs]·ws[j]) + bias[j])
//
// where a product is that of two or four numbers which lie in 32 bits.
type tile struct {
	y            []float32
	a            []byte
	b            []float32 // a panel
	segs         []int     // bytes
	steps        int       // of a segment, 32 bits each
	n, reps      int       // columns: of a panel, or of several that follow each other
	row, next    distance  // of rows, and from one tile to the next
	xs, ws, bias []float32
	relu         bool
	layout       layout
	unsigned     bool // whether no number of a is negative
}

// distance is in bytes of a, and floats of y and xs.
type distance struct{ a, y, xs int }

// rows computes so many rows in tiles of nearly equal heights, reps times each.
func (t tile) rows(m int) {
	sets := cut.Ceil(m, active.tileRows)
	y, a, xs := t.y, t.a, t.xs
	for i := range sets {
		lo, hi := cut.Part(m, sets, i)
		t.y, t.a, t.xs = y[lo*t.row.y:], a[lo*t.row.a:], xs[lo*t.row.xs:]
		active.tile(t, hi-lo)
	}
}

// down computes so many rows in tiles one below the other.
func (t tile) down(m int) {
	sets := cut.Ceil(m, active.tileRows)
	height, higher := m/sets, m%sets
	for _, h := range [2][2]int{{height + 1, higher}, {height, sets - higher}} {
		m, reps := h[0], h[1]
		if reps == 0 {
			continue
		}
		t.reps, t.next = reps, distance{m * t.row.a, m * t.row.y, m * t.row.xs}
		active.tile(t, m)
		if m > height {
			t.y, t.a, t.xs = t.y[reps*t.next.y:], t.a[reps*t.next.a:], t.xs[reps*t.next.xs:]
		}
	}
}

func tileGeneric(t tile, m int) {
	for r := range t.reps {
		for i := range m {
			var acc [panelCols]int32
			copy(acc[:], intsOf(t.b[:panelCols]))
			b := bytesOf(t.b[panelCols:])
			for _, off := range t.segs {
				a := t.a[off+i*t.row.a+r*t.next.a:]
				for l := range t.steps {
					x, w := a[4*l:4*l+4], b[:4*panelCols]
					for j := range acc {
						acc[j] += t.layout.dot(x, w[4*j:4*j+4])
					}
					b = b[4*panelCols:]
				}
			}
			t.finish(t.y[i*t.row.y+r*t.next.y:][:t.n], acc[:t.n], t.xs[i*t.row.xs+r*t.next.xs])
		}
	}
}

// dot is the product of 32 bits.
func (l layout) dot(x, w []byte) int32 {
	if l == words {
		return int32(int16(binary.LittleEndian.Uint16(x)))*int32(int16(binary.LittleEndian.Uint16(w))) +
			int32(int16(binary.LittleEndian.Uint16(x[2:])))*int32(int16(binary.LittleEndian.Uint16(w[2:])))
	}
	if l == pairs {
		return int32(int8(x[0]))*int32(int8(w[0])) + int32(int8(x[1]))*int32(int8(w[1])) + int32(int8(x[2]))*int32(int8(w[2])) + int32(int8(x[3]))*int32(int8(w[3]))
	}
	return int32(x[0])*int32(int8(w[0])) + int32(x[1])*int32(int8(w[1])) + int32(x[2])*int32(int8(w[2])) + int32(x[3])*int32(int8(w[3]))
}

// finish is what becomes of sums.
func (t *tile) finish(y []float32, sums []int32, xs float32) {
	for j, s := range sums {
		v, bias := float32(float32(s)*float32(xs*t.ws[j])), float32(0)
		if t.bias != nil {
			bias = t.bias[j]
		}
		v += bias
		if t.relu {
			v = scalar.Relu(v)
		}
		y[j] = v
	}
}

// take gives a tile what it can do of an epilogue for outputs from j on, and returns the rest.
func (t *tile) take(e Epilogue, j int) Epilogue {
	t.ws = e.Scales[j:]
	if e.Bias != nil {
		t.bias = e.Bias[j:]
	}
	if e.End.Act == vec.ActRelu {
		t.relu, e.End.Act = true, vec.ActNone
	}
	return e
}

// noBias is added where there is no bias.
var noBias [2 * panelCols]float32

// A packer fills panels.
type packer struct {
	layout layout
	dst    []float32
}

// row writes the weights of output j of the panel, which lie in one piece.
func (p packer) row(j int, w []int8) {
	dst, whole := bytesOf(p.dst[panelCols:])[4*j:], len(w)&^(p.layout.group()-1)
	if p.layout != words {
		sum := int32(0)
		for i := 0; i < whole; i += 4 {
			d, s := dst[i*panelCols:][:4], w[i:i+4]
			d[0], d[1], d[2], d[3] = byte(s[0]), byte(s[1]), byte(s[2]), byte(s[3])
			sum += int32(s[0]) + int32(s[1]) + int32(s[2]) + int32(s[3])
		}
		p.subtract(j, sum)
	} else {
		for i := 0; i < whole; i += 2 {
			d, s := dst[i*2*panelCols:][:4], w[i:i+2]
			binary.LittleEndian.PutUint32(d, uint32(uint16(int16(s[0])))|uint32(uint16(int16(s[1])))<<16)
		}
	}
	p.put(whole/p.layout.group(), j, func(i int) int8 { return w[whole+i] }, len(w)-whole)
}

// subtract lets sums begin with what makes up for bytes that are 128 more.
func (p packer) subtract(j int, weights int32) {
	if p.layout == bytes {
		intsOf(p.dst[:panelCols])[j] -= 128 * weights
	}
}

// put writes the weights of a segment for output j of the panel, beginning with a step. What a segment does not fill of its
// last step remains 0.
func (p packer) put(step, j int, w func(i int) int8, n int) {
	dst := bytesOf(p.dst[panelCols:])
	for i := range n {
		at := ((step+i/p.layout.group())*panelCols + j) * 4
		if v := w(i); p.layout != words {
			dst[at+i%4] = byte(v)
			p.subtract(j, int32(v))
		} else {
			binary.LittleEndian.PutUint16(dst[at+i%2*2:], uint16(int16(v)))
		}
	}
}
