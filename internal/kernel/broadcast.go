package kernel

// AddRow is dst[i,j] = x[i,j] + row[j] for x of [rows,cols].
func AddRow(dst, x, row []float32, rows, cols int) {
	if rows > 0 {
		active.addRows(dst[:rows*cols], x[:rows*cols], row[:cols], rows, cols)
	}
}

// SubRow is dst[i,j] = x[i,j] - row[j].
func SubRow(dst, x, row []float32, rows, cols int) {
	for i := range rows {
		o := i * cols
		active.sub(dst[o:o+cols], x[o:o+cols], row[:cols])
	}
}

// MulRow is dst[i,j] = x[i,j] · row[j].
func MulRow(dst, x, row []float32, rows, cols int) {
	for i := range rows {
		o := i * cols
		active.mul(dst[o:o+cols], x[o:o+cols], row[:cols])
	}
}

// AddCol is dst[i,j] = x[i,j] + col[i].
func AddCol(dst, x, col []float32, rows, cols int) {
	for i := range rows {
		o := i * cols
		active.addScalar(dst[o:o+cols], x[o:o+cols], col[i])
	}
}

// SubCol is dst[i,j] = x[i,j] - col[i].
func SubCol(dst, x, col []float32, rows, cols int) {
	for i := range rows {
		o := i * cols
		active.addScalar(dst[o:o+cols], x[o:o+cols], -col[i])
	}
}

// MulCol is dst[i,j] = x[i,j] · col[i].
func MulCol(dst, x, col []float32, rows, cols int) {
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
			dst[o+j] = relu32(x[o+j] + b)
		}
	}
}
