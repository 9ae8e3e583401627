package op

import (
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

// narrow is up to how many classes rows are computed side by side: as many as a sum over a vector has lanes, so that the
// order of its additions is that of a tree over whole columns.
const narrow = 64

// narrowRows computes softmax_cross_entropy_with_grad of some rows, column by column: every step is one call over all
// rows. Each element goes through the same operations in the same order as in wideRows.
type narrowRows struct {
	CrossEntropyAttrs
	rows, cols int
}

// scratch is the size of four transposed matrices and two columns.
func (k narrowRows) scratch() int { return (4*k.cols + 2) * k.rows }

// run computes the rows from the given one on.
func (k narrowRows) run(c *graph.Call, scratch []float32, from int) {
	rows, size := k.rows, k.rows*k.cols
	x, t, e, d := part(scratch, 0, size), part(scratch, 1, size), part(scratch, 2, size), part(scratch, 3, size)
	column := part(scratch[4*size:], 0, rows)
	by, dx := c.In[2].F[from:from+rows], c.Out[1].F[from*k.cols:][:size]
	vec.Transpose2D(x, c.In[0].F[from*k.cols:][:size], rows, k.cols, 0, k.cols)
	k.targets(c, t, from)
	for j := range k.cols {
		vec.Mul(part(d, j, rows), part(t, j, rows), by)
	}

	copy(e, x) // x becomes log_softmax(x)
	k.tree(vec.Max, e)
	k.shift(x, e[:rows])
	vec.Exp(e, x)
	k.tree(vec.Add, e)
	vec.Log(column, e[:rows])
	k.shift(x, column)

	vec.Mul(e, t, x)
	vec.AddScalar(e, e, 0) // a lane begins with +0
	k.tree(vec.Add, e)
	vec.Scale(c.Out[0].F[from:from+rows], e[:rows], -1)

	vec.AddScalar(t, d, 0)
	k.tree(vec.Add, t)
	vec.Exp(e, x)
	sum := t[:rows]
	if !constant(sum) {
		vec.Scale(column, sum, -1)
		vec.Transpose2D(x, e, k.cols, rows, 0, rows)
		vec.Transpose2D(t, d, k.cols, rows, 0, rows)
		for i := range rows {
			vec.Axpy(part(dx, i, k.cols), column[i], part(x, i, k.cols), part(t, i, k.cols))
		}
		return
	}
	vec.Axpy(d, -sum[0], e, d)
	vec.Transpose2D(dx, d, k.cols, rows, 0, rows)
}

// targets lays out the wanted probabilities, transposed.
func (k narrowRows) targets(c *graph.Call, t []float32, from int) {
	if k.Classes == 0 {
		vec.Transpose2D(t, c.In[1].F[from*k.cols:][:len(t)], k.rows, k.cols, 0, k.cols)
		return
	}
	checkIDs(softmaxCrossEntropyWithGradOp.Name, c.In[1].I, from, from+k.rows, k.cols)
	vec.Fill(t, float32(k.Off))
	for i, id := range c.In[1].I[from : from+k.rows] {
		t[int(id)*k.rows+i] = float32(k.On)
	}
}

// tree folds the columns of x into the first one, as package kernel folds the lanes of a sum.
func (k narrowRows) tree(f func(dst, a, b []float32), x []float32) {
	for half := narrow / 2; half > 0; half /= 2 {
		if n := min(half, k.cols-half); n > 0 {
			f(x[:n*k.rows], x[:n*k.rows], x[half*k.rows:][:n*k.rows])
		}
	}
}

// shift takes a column off each column of x.
func (k narrowRows) shift(x, column []float32) {
	for j := range k.cols {
		vec.Sub(part(x, j, k.rows), part(x, j, k.rows), column)
	}
}

// constant reports whether all numbers of x are equal, and none NaN.
func constant(x []float32) bool {
	for _, v := range x {
		if v != x[0] {
			return false
		}
	}
	return true
}
