package integer

import (
	"math"

	"dnn/internal/kernel/cut"
	"dnn/internal/kernel/gemm"
)

// BlockProduct is y [M, N] = x [M, K]·wᵀ for weights [N, K] in blocks of 32 numbers of 4 or 8 bits. Pack copies them into panels, of
// which Run widens a few blocks at a time: they stay in the first cache, so memory moves what the blocks take. The results have the
// bits of the product with weights that were widened before, sums in chains of fma over ascending k.
//
// A panel has 16 outputs, block by block: their scales, and then in 32 bits for each output as many numbers of it as there fit, in
// two's complement, the lowest first.
type BlockProduct struct{ M, N, K, Bits int }

const (
	mostRowsOfUnit = 256 // rows of x
	widenedRow     = 128 // outputs of a unit for one row of x, for which widened blocks of 32 fill half of the first cache
	widenedRows    = 64  // and for several
	widenedK       = 256 // k that several rows meet
)

// Panels is how many there are, each a unit for Pack.
func (p BlockProduct) Panels() int { return cut.Ceil(p.N, panelCols) }

// block is how many float32 one block of a panel takes, and panel all of a panel.
func (p BlockProduct) block() int { return panelCols * (1 + p.Bits) }
func (p BlockProduct) panel() int { return Blocks(p.K) * p.block() }

// Packed is how many float32 of memory the packed weights take.
func (p BlockProduct) Packed() int { return p.Panels() * p.panel() }

// Pack packs the panels [lo,hi) of weights as DequantizeBlocks4 or DequantizeBlocks8 takes them, rows of one after the other; that of
// the other size is nil.
func (p BlockProduct) Pack(packed []float32, four []byte, eight []int8, scales []float32, lo, hi int) {
	blocks := Blocks(p.K)
	clear(packed[lo*p.panel() : hi*p.panel()])
	for o := lo * panelCols; o < min(hi*panelCols, p.N); o++ {
		for b := range blocks {
			dst := packed[o/panelCols*p.panel()+b*p.block()+o%panelCols:]
			dst[0] = scales[o*blocks+b]
			dst, at := dst[panelCols:], o*blocks+b
			for k := range BlockSize {
				word, bit := k*p.Bits/32*panelCols, k*p.Bits%32
				number := uint32(0)
				if p.Bits == 4 {
					number = uint32(four[at*BlockBytes4+k%BlockBytes4]>>(k/BlockBytes4*4)&15) ^ blockCentre4
				} else {
					number = uint32(uint8(eight[at*BlockSize+k]))
				}
				dst[word] = math.Float32frombits(math.Float32bits(dst[word]) | number<<bit)
			}
		}
	}
}

// outputs is how many of them a unit has, and sets into how many rows and outputs are cut.
func (p BlockProduct) outputs() int {
	if p.M == 1 {
		return widenedRow
	}
	return widenedRows
}

func (p BlockProduct) sets() (rows, outputs int) {
	return cut.Ceil(p.M, mostRowsOfUnit), cut.Ceil(p.N, p.outputs())
}

// Units is how many units Run has.
func (p BlockProduct) Units() int {
	rows, outputs := p.sets()
	return rows * outputs
}

// Local is how many float32 of memory each thread needs.
func (p BlockProduct) Local() int {
	if p.M == 1 {
		return widenedRow * BlockSize
	}
	return widenedRows * widenedK
}

// Run computes the units [lo,hi) of y.
func (p BlockProduct) Run(y, x, packed, local []float32, e gemm.Epilogue, lo, hi int) {
	rowSets, _ := p.sets()
	for u := lo; u < hi; u++ {
		i, next := cut.Part(p.M, rowSets, u%rowSets)
		j := u / rowSets * p.outputs()
		p.run(y, x, packed, local[:p.Local()], e, i, next, j, min(j+p.outputs(), p.N))
	}
}

// run computes the rows [i0,i1) and outputs [j0,j1).
func (p BlockProduct) run(y, x, packed, local []float32, e gemm.Epilogue, i0, i1, j0, j1 int) {
	var end gemm.TileEpilogue
	width, deep := p.outputs(), BlockSize
	if p.M > 1 {
		deep = widenedK
		end = e.Split()
		end = end.From(j0, i0*p.N+j0)
	}
	widen := active.widen4
	if p.Bits == 8 {
		widen = active.widen8
	}
	panels := cut.Ceil(j1-j0, panelCols)
	packed = packed[j0/panelCols*p.panel():]
	for k := 0; k < p.K; k += deep {
		n := min(deep, p.K-k)
		for b := range Blocks(n) {
			widen(local[b*BlockSize*width:], packed[(k/BlockSize+b)*p.block():], panels, p.panel(), width)
		}
		if p.M == 1 {
			gemm.Gemv(y[j0:j1], local, x[k:k+n], width, k > 0)
			continue
		}
		t := gemm.Tiles{Segs: gemm.Unbroken, Length: n, Ars: p.K, Aks: 1, Ldb: width, Ldc: p.N, Reps: 1, Load: k > 0}
		if k+n < p.K {
			t.Cover(y[i0*p.N+j0:], x[i0*p.K+k:], local, i1-i0, j1-j0, false, gemm.TileEpilogue{})
		} else {
			t.Cover(y[i0*p.N+j0:], x[i0*p.K+k:], local, i1-i0, j1-j0, false, end)
		}
	}
	e.Finish(y, p.N, i0, i1, j0, j1)
}

// widen4Generic widens a block of each of some panels, which lie size apart, to 16 columns of lines ld apart.
func widen4Generic(dst, src []float32, panels, size, ld int) {
	widenGeneric(dst, src, panels, size, ld, 4)
}

// widen8Generic does the same with numbers of 8 bits.
func widen8Generic(dst, src []float32, panels, size, ld int) {
	widenGeneric(dst, src, panels, size, ld, 8)
}

func widenGeneric(dst, src []float32, panels, size, ld, bits int) {
	for p := range panels {
		scale, words := src[p*size:][:panelCols], src[p*size+panelCols:]
		for k := range BlockSize {
			to := dst[k*ld+p*panelCols:][:panelCols]
			for j, w := range words[k*bits/32*panelCols:][:panelCols] {
				number := int32(math.Float32bits(w)<<(32-bits-k*bits%32)) >> (32 - bits)
				to[j] = float32(float32(number) * scale[j])
			}
		}
	}
}
