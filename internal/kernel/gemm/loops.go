package gemm

import "dnn/internal/kernel/cpu"

// loops are those that may have an assembly form. The portable function of the same name with Generic behind it says what
// each one computes.
type loops struct {
	// run.go, skinny.go, brgemm.go
	tileRows, tileCols int // the largest tile, and panels
	tile               tileFunc
	packColumns        func(dst, src []float32, n, k, ld, width int)
	copyRows           func(dst, src []float32, rows, ldd, lds int)
	crossRows          int // the most rows of cross
	cross              crossFunc
	lineByLine         bool // cross bears rows of b at any distance if it has one of a
	epilogues          bool // tile and cross apply them
	gemv               func(y, w, x []float32, ld int, load bool)
	brgemm, depthwise  tilesFunc // as large as tile, depthwise no higher than depthwiseRows
}

// active are the loops in use.
var active = cpu.Table(loops{
	tileRows:    PanelA,
	tileCols:    PanelB,
	tile:        tileGeneric,
	packColumns: packColumnsGeneric,
	copyRows:    copyRowsGeneric,
	crossRows:   PanelA,
	cross:       crossGeneric,
	gemv:        gemvGeneric,
	brgemm:      brgemmGeneric,
	depthwise:   depthwiseGeneric,
})

// TileRows is the height of the largest tile, and of a panel of A. It divides PanelA.
func TileRows() int { return active.tileRows }

// TileCols is its width, and that of a panel of B.
func TileCols() int { return active.tileCols }
