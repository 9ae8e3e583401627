package cpu

// loops are those that may have an assembly form. The portable function of the same name with Generic behind it says what
// each one computes.
type loops struct {
	// peak.go
	fmaLoop      func(iterations int)
	fmaLoopFlops float64 // of one iteration
}

// active are the loops in use.
var active = Table(loops{
	fmaLoop:      fmaLoopGeneric,
	fmaLoopFlops: 2 * 8,
})
