package norm

import (
	"dnn/internal/kernel/kerneltest"
	"dnn/internal/kernel/vec"
)

// layerCases work on three rows of n columns.
func layerCases() []kerneltest.Case {
	const rows = 3
	var cs []kerneltest.Case
	for kind, data := range kerneltest.Kinds {
		cs = append(cs, kerneltest.Case{Name: "layer norm" + kind, Run: func(n int) []float32 {
			x, dy, gamma, beta := data(rows*n, 1), data(rows*n, 2), data(n, 3), data(n, 4)
			var out kerneltest.Pieces
			next := out.Next
			mean, rstd := next(rows), next(rows)
			LayerNorm(next(rows*n), mean, rstd, x, gamma, beta, n, 1e-5, 0, rows)
			LayerNorm(next(rows*n), mean, rstd, x, nil, nil, n, 1e-5, 0, rows)
			LayerNormGradX(next(rows*n), dy, x, gamma, mean, rstd, n, 0, rows)
			LayerNormGradX(next(rows*n), dy, x, nil, mean, rstd, n, 0, rows)
			LayerNormGradParams(next(n), next(n), dy, x, mean, rstd, rows, n, 0, n)
			return out.All()
		}})
	}
	return cs
}

// batchCases work on five rows of n columns.
func batchCases() []kerneltest.Case {
	const rows = 5
	var cs []kerneltest.Case
	for kind, data := range kerneltest.Kinds {
		cs = append(cs, kerneltest.Case{Name: "batch norm" + kind, Run: func(n int) []float32 {
			x, dy, gamma, beta := data(rows*n, 1), data(rows*n, 2), data(n, 3), data(n, 4)
			var out kerneltest.Pieces
			next := out.Next
			mean, rstd := next(n), next(n)
			ColumnMoments(mean, rstd, x, rows, n, 0, n)
			vec.AddScalar(rstd, rstd, 1e-5)
			vec.Rsqrt(rstd, rstd)
			for _, relu := range []bool{false, true} {
				p, q, shift := next(n), next(n), beta
				if !relu {
					shift = nil
				}
				NormalizeColumns(next(rows*n), x, mean, gamma, beta, n, 0, rows, relu)
				NormGradSums(p, q, dy, x, mean, gamma, shift, rows, n, 0, n)
				NormGradX(next(rows*n), dy, x, mean, gamma, p, q, shift, n, 0, rows)
			}
			vec.SumColumns(next(n), x, rows, n, 0, n)
			return out.All()
		}})
	}
	return cs
}
