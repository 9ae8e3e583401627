package rnn

import (
	"testing"

	"dnn/internal/kernel/guard"
	"dnn/internal/kernel/kerneltest"
)

// recurrentCases run the loops of recurrent nets on n units, as they are and with the gates in place.
func recurrentCases() []kerneltest.Case {
	var cs []kerneltest.Case
	for kind, data := range kerneltest.Kinds {
		cs = append(cs, kerneltest.Case{Name: "recurrent loops" + kind, Run: func(n int) []float32 {
			x, z, b, y := data(4*n, 1), data(4*n, 2), data(4*n, 3), data(4*n, 4)
			var out kerneltest.Pieces
			next := out.Next
			active.rnnTanh(next(n), next(n), x[:n], z[:n])
			active.rnnRelu(next(n), next(n), x[:n], z[:n])
			active.rnnTanhGrad(next(n), next(n), next(n), x[:n], z[:n], y[:n], b[:n])
			active.rnnReluGrad(next(n), next(n), next(n), x[:n], z[:n], y[:n], b[:n])
			c := next(n)
			copy(c, y)
			active.lstm(next(4*n), next(n), next(n), next(n), c, x, z)
			active.lstmGrad(next(4*n), next(4*n), next(n), c, x[:n], z[:n], y, b[:n], x[n:2*n], z[n:2*n])
			h := next(n)
			copy(h, y)
			active.gru(next(3*n), next(n), next(n), h, x[:3*n], z[:3*n], b[:3*n])
			active.gruGrad(next(3*n), next(3*n), next(n), h, x[:n], y[:3*n], z[:n], b[:n])
			d := guard.Floats(4 * n)
			active.lstm(x, next(n), next(n), next(n), c, x, z)
			active.lstmGrad(y, d, z[:n], c, b[:n], z[:n], y, b[:n], b[n:2*n], b[2*n:3*n])
			next(9 * n) // zeros that goldenBits has always counted
			return append(append(out.All(), x...), y...)
		}})
	}
	return cs
}

// A block's rows stand in the order of their lengths, equal ones in their own.
func TestRecurrentBlock(t *testing.T) {
	r := Recurrent{Rows: 20, Steps: 9, Units: 3, Gates: 1}
	lengths := make([]int32, r.Rows)
	for i := range lengths {
		lengths[i] = int32(i*7%13 - 2)
	}
	seen := make([]bool, r.Rows)
	for u := range r.Blocks() {
		b := r.block(u, lengths)
		for i := range b.rows {
			if want := min(max(int(lengths[b.row[i]]), 0), r.Steps); seen[b.row[i]] || b.length[i] != want {
				t.Errorf("row %d of block %d is row %d of length %d", i, u, b.row[i], b.length[i])
			}
			seen[b.row[i]] = true
			if i > 0 && (b.length[i] > b.length[i-1] || b.length[i] == b.length[i-1] && b.row[i] < b.row[i-1]) {
				t.Errorf("block %d: rows %v of lengths %v are not in order", u, b.row[:b.rows], b.length[:b.rows])
			}
		}
		for s := range b.longest {
			at, rows := b.time(s, true)
			for i := range b.rows {
				if (i < rows) != (b.length[i] > at) {
					t.Errorf("step %d is that of %d rows of lengths %v", at, rows, b.length[:b.rows])
				}
			}
		}
	}
	for i, s := range seen {
		if !s {
			t.Errorf("row %d is in no block", i)
		}
	}
}
