package factorize

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"dnn/pkg/graph"
)

// decomposition is the singular value decomposition of the weights of a layer, as a matrix [units, inputs].
type decomposition struct {
	left, right mat.Dense // of which the columns belong to the singular values
	values      []float64 // in descending order
	energy      float64   // Σ of their squares
}

// decompose cuts the weights w [units, ..] of a layer up. It is an error if they are not finite.
func decompose(w []float32, shape graph.Shape) (*decomposition, bool) {
	units := shape[0]
	a := mat.NewDense(units, shape.Size()/units, nil)
	for i, x := range w {
		if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
			return nil, false
		}
		a.Set(i/a.RawMatrix().Cols, i%a.RawMatrix().Cols, float64(x))
	}
	var svd mat.SVD
	if !svd.Factorize(a, mat.SVDThin) {
		return nil, false
	}
	d := &decomposition{values: svd.Values(nil)}
	svd.UTo(&d.left)
	svd.VTo(&d.right)
	for _, s := range d.values {
		d.energy += s * s
	}
	return d, true
}

// full is the rank of weights of which nothing is cut.
func (d *decomposition) full() int { return len(d.values) }

// kept is the share of the squared singular values that a rank keeps.
func (d *decomposition) kept(rank int) float64 {
	if d.energy == 0 {
		return 1
	}
	sum := 0.0
	for _, s := range d.values[:rank] {
		sum += s * s
	}
	return min(sum/d.energy, 1)
}

// thin are the two matrices of a rank: down [rank, inputs] and up [units, rank]. Each gets the root of the singular values, so that
// both learn alike when the training goes on. A decomposition is free to turn the signs of a pair; here the largest element of
// each row of down is positive.
func (d *decomposition) thin(rank int) (down, up []float32) {
	units, _ := d.left.Dims()
	inputs, _ := d.right.Dims()
	down, up = make([]float32, rank*inputs), make([]float32, units*rank)
	for r := range rank {
		root := math.Sqrt(d.values[r])
		if largest(&d.right, r) < 0 {
			root = -root
		}
		for i := range inputs {
			down[r*inputs+i] = float32(d.right.At(i, r) * root)
		}
		for i := range units {
			up[i*rank+r] = float32(d.left.At(i, r) * root)
		}
	}
	return down, up
}

// largest is the element of a column that is farthest from 0, the first of those that differ in rounding alone.
func largest(m *mat.Dense, column int) (most float64) {
	rows, _ := m.Dims()
	for i := range rows {
		if x := m.At(i, column); math.Abs(x) > math.Abs(most)*(1+1e-6) {
			most = x
		}
	}
	return most
}
