package gemm

import (
	"unsafe"

	"dnn/internal/kernel/vec"
)

// Epilogue is what Run does with the finished sums, in this order. The zero value
// does nothing.
type Epilogue struct {
	Bias     []float32 // [N] or nil: added to every row
	Residual []float32 // [M,N] or nil: added; must not be C
	Act      vec.Act   // applied
	Alpha    float32   // Act's parameter

	// Grad, applied last, multiplies by the derivative of an activation, as
	// ActivateGrad does with its dy: a product that gives the gradient of an
	// activation's output becomes that of its input. GradOf [M,N] is the
	// activation's input or output, as Grad.GradNeeds says; it must not be C.
	Grad      vec.Act
	GradAlpha float32
	GradOf    []float32
}

// A TileEpilogue is the part of an Epilogue that assembly applies to the sums of a
// tile before it stores them. The pointers, or nil, are to what meets the tile's
// first element; of gate only the sign counts, as for the gradient of relu.
// Portable loops ignore an epilogue. (Slices would take longer to pass than a small
// tile to compute.)
type TileEpilogue struct {
	bias, residual, gate *float32
	relu                 bool
}

// at is the epilogue of what lies i rows and j columns further on.
func (e TileEpilogue) at(i, j, ldc int) TileEpilogue {
	return e.From(j, i*ldc+j)
}

// From is the epilogue of what lies in another column, so many elements further on.
func (e TileEpilogue) From(column, elements int) TileEpilogue {
	e.bias, e.residual, e.gate = further(e.bias, column), further(e.residual, elements), further(e.gate, elements)
	return e
}

func further(p *float32, n int) *float32 {
	if p == nil {
		return nil
	}
	return (*float32)(unsafe.Add(unsafe.Pointer(p), 4*n))
}

// Split returns what tiles can apply, as it meets the first element of the result, and leaves the rest to Finish.
func (e *Epilogue) Split() (end TileEpilogue) {
	if !active.epilogues {
		return end
	}
	if e.Bias != nil {
		end.bias, e.Bias = &e.Bias[0], nil
	}
	if e.Residual != nil {
		end.residual, e.Residual = &e.Residual[0], nil
	}
	if e.Act == vec.ActRelu {
		end.relu, e.Act = true, vec.ActNone
	}
	if e.Act == vec.ActNone && e.Grad == vec.ActRelu {
		end.gate, e.Grad = &e.GradOf[0], vec.ActNone
	}
	return end
}

// Finish applies the epilogue, or what Split has left of it, to the rows [i0,i1) and columns [j0,j1) of the result c
// [·,n], while they are still in the cache.
func (e *Epilogue) Finish(c []float32, n, i0, i1, j0, j1 int) {
	residual, act := e.Residual, e.Act
	if e.Bias != nil {
		y, bias, m := c[i0*n+j0:], e.Bias[j0:j1], i1-i0
		switch {
		case n == 1:
			vec.AddScalar(y[:m], y[:m], bias[0])
		case act == vec.ActRelu && residual == nil:
			vec.AddReluRows(y, y, bias, m, n)
			act = vec.ActNone
		default:
			vec.AddRows(y, y, bias, m, n)
		}
	}
	if residual == nil && act == vec.ActNone && e.Grad == vec.ActNone {
		return
	}
	rows, width := i1-i0, j1-j0
	if width == n { // at once, where there is nothing between rows
		rows, width = 1, rows*width
	}
	for i := range rows {
		lo := (i0+i)*n + j0
		r := c[lo : lo+width]
		if residual != nil {
			vec.Add(r, r, residual[lo:lo+width])
		}
		if act != vec.ActNone {
			vec.Activate(r, r, act, e.Alpha)
		}
		if e.Grad != vec.ActNone {
			of := e.GradOf[lo : lo+width] // input or output, whichever it needs
			vec.ActivateGrad(r, r, of, of, e.Grad, e.GradAlpha)
		}
	}
}
