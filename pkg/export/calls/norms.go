package calls

import (
	"dnn/pkg/graph/op"
)

// affine are the inputs gamma and beta of a norm.
func (e *Emitter) affine(a op.NormAttrs, i int) (gamma, beta Arg) {
	gamma, beta = None{}, None{}
	if a.Gamma {
		gamma, i = e.In(i), i+1
	}
	if a.Beta {
		beta = e.In(i)
	}
	return gamma, beta
}
