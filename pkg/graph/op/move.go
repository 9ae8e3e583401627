package op

import "dnn/pkg/graph"

// around returns the product of the extents before an axis and that of the extents after it.
func around(s graph.Shape, axis int) (outer, inner int) { return s[:axis].Size(), s[axis+1:].Size() }

// withExtent is the shape with another extent along one axis.
func withExtent(s graph.Shape, axis, extent int) graph.Shape {
	out := append(graph.Shape{}, s...)
	out[axis] = extent
	return out
}

// copyRun copies n elements of any type.
func copyRun(dst *graph.Buffer, to int, src *graph.Buffer, from, n int) {
	switch {
	case dst.F != nil:
		copy(dst.F[to:to+n], src.F[from:from+n])
	case dst.I != nil:
		copy(dst.I[to:to+n], src.I[from:from+n])
	case dst.H != nil:
		copy(dst.H[to:to+n], src.H[from:from+n])
	case dst.S != nil:
		copy(dst.S[to:to+n], src.S[from:from+n])
	default:
		copy(dst.U[to:to+n], src.U[from:from+n])
	}
}

// evalRun is copyRun for references.
func evalRun(dst graph.Ref, to int, src graph.Ref, from, n int) {
	if dst.I != nil {
		copy(dst.I[to:to+n], src.I[from:from+n])
		return
	}
	copy(dst.F[to:to+n], src.F[from:from+n])
}
