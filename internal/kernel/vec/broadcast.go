package vec

import "dnn/internal/kernel/scalar"

// AddRow is dst[i,j] = x[i,j] + row[j] for x of [rows,cols].
func AddRow(dst, x, row []float32, rows, cols int) {
	toRows(active.addRows, dst[:rows*cols], x[:rows*cols], row[:cols], rows, cols)
}

// AddRows writes dst[i·stride+j] = x[i·stride+j] + row[j]. dst may be x.
func AddRows(dst, x, row []float32, rows, stride int) {
	toRows(active.addRows, dst, x, row, rows, stride)
}

// AddReluRows writes the positive part of AddRows.
func AddReluRows(dst, x, row []float32, rows, stride int) {
	toRows(active.addReluRows, dst, x, row, rows, stride)
}

// SubRow is dst[i,j] = x[i,j] - row[j].
func SubRow(dst, x, row []float32, rows, cols int) {
	withRow(active.sub, dst[:rows*cols], x[:rows*cols], row[:cols], rows)
}

// MulRow is dst[i,j] = x[i,j] · row[j].
func MulRow(dst, x, row []float32, rows, cols int) {
	withRow(active.mul, dst[:rows*cols], x[:rows*cols], row[:cols], rows)
}

// AddCol is dst[i,j] = x[i,j] + col[i].
func AddCol(dst, x, col []float32, rows, cols int) {
	if fewCols(rows, cols) {
		withCol(active.add, dst[:rows*cols], x[:rows*cols], col[:rows], cols)
		return
	}
	for i := range rows {
		o := i * cols
		active.addScalar(dst[o:o+cols], x[o:o+cols], col[i])
	}
}

// SubCol is dst[i,j] = x[i,j] - col[i].
func SubCol(dst, x, col []float32, rows, cols int) {
	if fewCols(rows, cols) {
		withCol(active.sub, dst[:rows*cols], x[:rows*cols], col[:rows], cols)
		return
	}
	for i := range rows {
		o := i * cols
		active.addScalar(dst[o:o+cols], x[o:o+cols], -col[i])
	}
}

// MulCol is dst[i,j] = x[i,j] · col[i].
func MulCol(dst, x, col []float32, rows, cols int) {
	if fewCols(rows, cols) {
		withCol(active.mul, dst[:rows*cols], x[:rows*cols], col[:rows], cols)
		return
	}
	for i := range rows {
		o := i * cols
		active.scale(dst[o:o+cols], x[o:o+cols], col[i])
	}
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
