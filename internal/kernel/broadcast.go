package kernel

// AddRow is dst[i,j] = x[i,j] + row[j] for x of [rows,cols].
func AddRow(dst, x, row []float32, rows, cols int) {
	for i := range rows {
		o := i * cols
		active.add(dst[o:o+cols], x[o:o+cols], row[:cols])
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

// biasRowsGeneric is y[i,j] += bias[j] for rows that are stride apart.
func biasRowsGeneric(y, bias []float32, rows, stride int) {
	for i := range rows {
		r := y[i*stride:]
		for j, b := range bias {
			r[j] += b
		}
	}
}

// biasReluRowsGeneric is y[i,j] = relu(y[i,j] + bias[j]).
func biasReluRowsGeneric(y, bias []float32, rows, stride int) {
	for i := range rows {
		r := y[i*stride:]
		for j, b := range bias {
			r[j] = relu32(r[j] + b)
		}
	}
}
