package calls

import (
	"dnn/internal/kernel/scalar"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("batch_norm_apply", "channels normalized by what is known of them", batchNorm)
}

// batchNorm settles scale and shift here, where the statistics are known.
func batchNorm(e *Emitter, n *graph.Node) {
	a := n.Attrs.(op.NormAttrs)
	variance, ok := e.Data(2)
	gamma, beta := graph.Buffer{}, graph.Buffer{}
	i := 3
	if a.Gamma {
		gamma, _ = e.Data(i)
		i++
	}
	if a.Beta {
		beta, _ = e.Data(i)
	}
	if !ok || a.Gamma && gamma.F == nil || a.Beta && beta.F == nil {
		e.Refuse("has statistics that are not known beforehand")
		return
	}
	cols := n.Inputs[0].Shape.Last()
	scale, shift := make([]float32, cols), make([]float32, cols)
	for j := range scale {
		scale[j] = scalar.Rsqrt(variance.F[j] + float32(a.Eps))
		if a.Gamma {
			scale[j] = scalar.Mul(scale[j], gamma.F[j])
		}
		if a.Beta {
			shift[j] = beta.F[j]
		}
	}
	e.InPlace("normalizeColumns", e.Out(0), e.In(0), e.In(1), e.Table(scale), e.Table(shift), size(n)/cols, cols)
}
