package stablehlo

import "dnn/internal/kernel/integer"

// widened are rows of whole numbers in blocks of 32, each with a scale, as float32: [n, bytes] and [n, blocks] as [n, width].
func widened(w, scales val, width int) val {
	rows, blocks := scales.shape[0], scales.shape[1]
	x := w.reshape(rows, blocks, w.shape[1]/max(1, blocks))
	if w.elem == "ui8" { // two numbers in each byte: those of the lower halves come first
		low, high := x.and(x.number(15)), x.binary("shift_right_logical", x.number(4))
		x = concat(2, low, high).as("f32").plus(-8)
	}
	y := x.as("f32").mul(column(scales)).reshape(rows, blocks*integer.BlockSize)
	return part(y, 1, 0, width)
}
