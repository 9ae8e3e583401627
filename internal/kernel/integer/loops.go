package integer

import "dnn/internal/kernel/cpu"

// loops are those that may have an assembly form. The portable function of the same name with Generic behind it says what
// each one computes.
type loops struct {
	// quantize.go
	absMax  func(x []float32) uint32
	toBytes func(dst []byte, x []float32, inv float32, flip uint32) uint32
	toWords func(dst []int16, x []float32, inv float32)

	toFloats func(dst, x []float32, inv float32)
	// tile.go
	layout     layout // of what tile reads
	tileRows   int    // its most rows
	tilePanels int    // how many panels it goes over at once
	tile       func(t tile, m int)
	// blockproduct.go
	widen4 func(dst, src []float32, panels, size, ld int)
	widen8 func(dst, src []float32, panels, size, ld int)
	// filtering.go: nil where there is no need of them
	filterProducts func(sums []int32, x []int16, packed []float32, pieces, channels int)
	filterSource   func(dst, x *int16, pieces, channels, line, plane int)
	filterSums     func(y *float32, sums *int32, pieces, plane, pixel, line int, scale, ws, bias *float32, floor float32)
}

// active are the loops in use.
var active = cpu.Table(loops{
	absMax:     absMaxGeneric,
	toBytes:    toBytesGeneric,
	toWords:    toWordsGeneric,
	toFloats:   toFloatsGeneric,
	widen4:     widen4Generic,
	widen8:     widen8Generic,
	tileRows:   6,
	tilePanels: 1,
	tile:       tileGeneric,
})
