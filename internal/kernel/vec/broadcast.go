package vec

import "dnn/internal/kernel/scalar"

// AddRows writes dst[i·stride+j] = x[i·stride+j] + row[j]. dst may be x.
func AddRows(dst, x, row []float32, rows, stride int) {
	toRows(active.addRows, dst, x, row, rows, stride)
}

// AddReluRows writes the positive part of AddRows.
func AddReluRows(dst, x, row []float32, rows, stride int) {
	toRows(active.addReluRows, dst, x, row, rows, stride)
}

// addRowsGeneric is dst[i,j] = x[i,j] + row[j] for rows that are stride apart.
func addRowsGeneric(dst, x, row []float32, rows, stride int) {
	for i := range rows {
		o := i * stride
		for j, b := range row {
			dst[o+j] = x[o+j] + b
		}
	}
}

// addReluRowsGeneric is dst[i,j] = relu(x[i,j] + row[j]).
func addReluRowsGeneric(dst, x, row []float32, rows, stride int) {
	for i := range rows {
		o := i * stride
		for j, b := range row {
			dst[o+j] = scalar.Relu(x[o+j] + b)
		}
	}
}
