package onnx

import (
	"slices"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("matmul", "Gemm of rows and weights, else MatMul", func(e *Emitter, n *graph.Node) {
		a, x, y := n.Attrs.(op.MatMulAttrs), n.Inputs[0], n.Inputs[1]
		w, known := e.Data(1)
		if !known || a.TransX || len(y.Shape) != 2 {
			e.Out(0, e.Node("MatMul", []string{swapped(e, x, a.TransX), swapped(e, y, a.TransY)}))
			return
		}
		rows := e.Rows(0)
		if len(x.Shape) == 2 && rows.form == plain {
			in := []string{rows.Name, e.known(y)}
			if bias := e.Bias(); bias != "" {
				in = append(in, bias)
			}
			trans := 0
			if a.TransY {
				trans = 1
			}
			e.Out(0, e.Node("Gemm", in, Set("transB", trans)))
			return
		}
		e.Put(0, rows.As(addBias(e, e.Node("MatMul", []string{rows.Name, columns(e, y, w.Floats(), a.TransY)}))))
	})
}

// addBias adds what is added to the node's result anyway, where that is a row.
func addBias(e *Emitter, name string) string {
	if bias := e.Bias(); bias != "" {
		return e.Node("Add", []string{name, bias})
	}
	return name
}

// columns are weights [in, out], which may lie as [out, in].
func columns(e *Emitter, y *graph.Value, w []float32, trans bool) string {
	rows, cols := y.Shape[0], y.Shape[1]
	if !trans {
		return e.Floats(e.paramName(y), w, rows, cols)
	}
	to := make([]float32, len(w))
	for i := range rows {
		for j := range cols {
			to[j*rows+i] = w[i*cols+j]
		}
	}
	return e.Floats(e.paramName(y), to, cols, rows)
}

// swapped is a value with its last axes swapped, where swap says so.
func swapped(e *Emitter, v *graph.Value, swap bool) string {
	if !swap {
		return e.plain(v)
	}
	var perm []int
	for ax := range v.Shape {
		perm = append(perm, ax)
	}
	slices.Reverse(perm[len(perm)-2:])
	return e.Node("Transpose", []string{e.plain(v)}, Set("perm", perm))
}
