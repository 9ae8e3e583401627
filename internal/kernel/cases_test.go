package kernel

import (
	"fmt"
	"slices"

	"dnn/internal/kernel/guard"
)

// allCases is every bitsCase.
func allCases() []bitsCase {
	var cs []bitsCase
	for _, f := range []func() []bitsCase{elementwiseCases, reductionCases, rowCases, columnCases, optimizerCases, randomCases, recurrentCases, moveCases, poolCases, attentionCases} {
		cs = append(cs, f()...)
	}
	return cs
}

// both kinds of data: ordinary numbers, whose sums are numbers, and mixed ones.
var dataKinds = map[string]func(n, seed int) []float32{"": normals, " of mixed": mixed}

func reductionCases() []bitsCase {
	var cs []bitsCase
	for kind, data := range dataKinds {
		cs = append(cs, bitsCase{"reductions" + kind, func(n int) []float32 {
			x, y := data(n, 1), data(n, 2)
			return []float32{Sum(x), SumSquares(x), SumAbs(x), Dot(x, y), MaxOf(x)}
		}})
	}
	return append(cs,
		bitsCase{"MaxOf of zeros", func(n int) []float32 {
			x := guard.Floats(n)
			for i := range x {
				x[i] = copysign(0, normals(n, 3)[i])
			}
			return []float32{MaxOf(x)}
		}},
		bitsCase{"blocks", func(n int) []float32 {
			x, y := normals(SumBlock+n, 1), normals(SumBlock+n, 2)
			p := guard.Floats(4 * Blocks(len(x)))
			b := len(p) / 4
			SumBlocks(p, x, 0, b)
			SumSquaresBlocks(p[b:], x, 0, b)
			SumAbsBlocks(p[2*b:], x, 0, b)
			DotBlocks(p[3*b:], x, y, 0, b)
			return p
		}})
}

// rowCases work on three rows of n columns.
func rowCases() []bitsCase {
	const rows = 3
	var cs []bitsCase
	for kind, data := range dataKinds {
		cs = append(cs, bitsCase{"softmax" + kind, func(n int) []float32 {
			x, dy, t := data(rows*n, 1), data(rows*n, 2), positives(rows*n, 3)
			var out pieces
			next := out.next
			y, l := next(rows*n), next(rows*n)
			Softmax(y, x, n, 0, rows)
			LogSoftmax(l, x, n, 0, rows)
			SoftmaxGrad(next(rows*n), y, dy, n, 0, rows)
			LogSoftmaxGrad(next(rows*n), l, dy, n, 0, rows)
			SoftmaxCrossEntropy(next(rows), next(rows*n), x, t, n, 0, rows)
			SoftmaxCrossEntropyGrad(next(rows*n), x, t, dy[:min(rows, len(dy))], n, 0, min(rows, len(dy)))
			Softmax(x, x, n, 0, rows)
			SumRows(next(rows), dy, n, 0, rows)
			MaxRows(next(rows), dy, n, 0, rows)
			next(rows*n + rows) // zeros that goldenBits has always counted
			return append(out.all(), x...)
		}})
		cs = append(cs, bitsCase{"layer norm" + kind, func(n int) []float32 {
			x, dy, gamma, beta := data(rows*n, 1), data(rows*n, 2), data(n, 3), data(n, 4)
			var out pieces
			next := out.next
			mean, rstd := next(rows), next(rows)
			LayerNorm(next(rows*n), mean, rstd, x, gamma, beta, n, 1e-5, 0, rows)
			LayerNorm(next(rows*n), mean, rstd, x, nil, nil, n, 1e-5, 0, rows)
			LayerNormGradX(next(rows*n), dy, x, gamma, mean, rstd, n, 0, rows)
			LayerNormGradX(next(rows*n), dy, x, nil, mean, rstd, n, 0, rows)
			LayerNormGradParams(next(n), next(n), dy, x, mean, rstd, rows, n, 0, n)
			return out.all()
		}})
	}
	return cs
}

// columnCases work on five rows of n columns.
func columnCases() []bitsCase {
	const rows = 5
	var cs []bitsCase
	for kind, data := range dataKinds {
		cs = append(cs, bitsCase{"batch norm" + kind, func(n int) []float32 {
			x, dy, gamma, beta := data(rows*n, 1), data(rows*n, 2), data(n, 3), data(n, 4)
			var out pieces
			next := out.next
			mean, rstd := next(n), next(n)
			ColumnMoments(mean, rstd, x, rows, n, 0, n)
			AddScalar(rstd, rstd, 1e-5)
			Rsqrt(rstd, rstd)
			for _, relu := range []bool{false, true} {
				p, q, shift := next(n), next(n), beta
				if !relu {
					shift = nil
				}
				NormalizeColumns(next(rows*n), x, mean, gamma, beta, n, 0, rows, relu)
				NormGradSums(p, q, dy, x, mean, gamma, shift, rows, n, 0, n)
				NormGradX(next(rows*n), dy, x, mean, gamma, p, q, shift, n, 0, rows)
			}
			SumColumns(next(n), x, rows, n, 0, n)
			return out.all()
		}})
		cs = append(cs, bitsCase{"broadcast" + kind, func(n int) []float32 {
			x, row, col := data(rows*n, 1), data(n, 2), data(rows, 3)
			var out pieces
			next := out.next
			AddRow(next(rows*n), x, row, rows, n)
			SubRow(next(rows*n), x, row, rows, n)
			MulRow(next(rows*n), x, row, rows, n)
			AddCol(next(rows*n), x, col, rows, n)
			SubCol(next(rows*n), x, col, rows, n)
			MulCol(next(rows*n), x, col, rows, n)
			return out.all()
		}})
	}
	return cs
}

// pieces are outputs of several kernels, each between guard words of its own.
type pieces [][]float32

func (p *pieces) next(n int) []float32 {
	*p = append(*p, guard.Floats(n))
	return (*p)[len(*p)-1]
}

// all lays the pieces behind each other.
func (p *pieces) all() []float32 { return slices.Concat(*p...) }

// optimizerCases take three steps, the first and two more.
func optimizerCases() []bitsCase {
	var cs []bitsCase
	for _, o := range optimizers {
		for kind, data := range dataKinds {
			cs = append(cs, bitsCase{o.name + kind, func(n int) []float32 {
				p, s := data(n, 1), newState(n)
				for step := 1; step <= 3; step++ {
					o.step(p, data(n, 1+step), s, step)
				}
				for _, v := range s {
					p = append(p, v...)
				}
				return p
			}})
		}
	}
	return cs
}

func randomCases() []bitsCase {
	var cs []bitsCase
	for _, offset := range []int{0, 64, 37} {
		cs = append(cs, bitsCase{fmt.Sprint("random from ", offset), func(n int) []float32 {
			var out pieces
			next := out.next
			RandomUniform(next(n), -2, 3, 1, 2, 3, offset)
			RandomNormal(next(n), 1, 2, 1, 2, 3, offset)
			Dropout(next(n), mixed(n, 1), 0.3, 1, 2, 3, offset)
			bits, w := out.all(), guard.Words(n)
			RandomBits(w, 1, 2, 3, offset)
			for _, v := range w {
				bits = append(bits, float32(v>>16), float32(v&0xffff))
			}
			return bits
		}})
	}
	return cs
}

func moveCases() []bitsCase {
	return []bitsCase{{"Transpose2D", func(n int) []float32 {
		var out []float32
		for _, cols := range []int{1, 4, 13, 40} {
			dst := guard.Floats(n * cols)
			Transpose2D(dst, mixed(n*cols, 1), n, cols, 0, cols/2)
			Transpose2D(dst, mixed(n*cols, 1), n, cols, cols/2, cols)
			out = append(out, dst...)
		}
		return out
	}}}
}
