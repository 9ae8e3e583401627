package sparse

import (
	"dnn/internal/kernel/cpu"
	"dnn/internal/kernel/scalar"
)

// loops are those that may have an assembly form. The portable function of the same name with Generic behind it says what
// each one computes.
type loops struct {
	columns  func(y, x, v []float32, gaps []uint8, ld int)
	fourRows func(y, x, v []float32, gaps []uint8, starts []int32)
}

// active are the loops in use.
var active = cpu.Table(loops{
	columns:  columnsGeneric,
	fourRows: fourRowsGeneric,
})

// columnsGeneric is y[j] = Σ v[e]·x[c(e)·ld+j], where c(e) is the sum of the gaps up to e: one row of the sparse matrix times the
// columns of another one.
func columnsGeneric(y, x, v []float32, gaps []uint8, ld int) {
	clear(y)
	at := 0
	for e, w := range v {
		at += int(gaps[e]) * ld
		row := x[at : at+len(y)]
		for j, s := range y {
			y[j] = scalar.FMA(w, row[j], s)
		}
	}
}

// fourRowsGeneric is y[i] = Σ v[e]·x[c(e)] for i < 4 and starts[i] <= e < starts[i+1], where c(e) is the sum of the gaps of these
// up to e: four rows of the sparse matrix times a vector. Their chains do not wait for one another.
func fourRowsGeneric(y, x, v []float32, gaps []uint8, starts []int32) {
	for i := range y[:4] {
		s, at := float32(0), 0
		for e := starts[i]; e < starts[i+1]; e++ {
			at += int(gaps[e])
			s = scalar.FMA(v[e], x[at], s)
		}
		y[i] = s
	}
}
