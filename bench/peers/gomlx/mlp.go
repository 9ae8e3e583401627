package main

import (
	"encoding/json"
	"math"

	"dnn/bench/worker"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/nn"
)

type mlpArgs struct {
	Sizes []int
	Batch int
	Loss  string
}

// A training step as one compiled function from (state, batch) to (loss, new state), with GoMLX's own dense layer,
// gradients and log-softmax. Its trainer, which does more for each step, is left out.
func init() {
	worker.Register(func(raw json.RawMessage, threads int) (*worker.Work, error) {
		a, err := worker.Args[mlpArgs](raw)
		if err != nil {
			return nil, err
		}
		b, err := backend(threads)
		if err != nil {
			return nil, err
		}
		in, out := a.Sizes[0], a.Sizes[len(a.Sizes)-1]
		batch := []any{tensors.FromFlatDataAndDimensions(worker.Uniform(a.Batch*in, 1, -1.7, 1.7), a.Batch, in)}
		if a.Loss == "mse" {
			batch = append(batch, tensors.FromFlatDataAndDimensions(worker.Uniform(a.Batch*out, 2, -1, 1), a.Batch, out))
		} else {
			batch = append(batch, tensors.FromFlatDataAndDimensions(worker.Classes(a.Batch, 2, out), a.Batch))
		}
		return train(b, a.loss, a.first, batch)
	})
}

// loss takes the layers' weights and biases in turn.
func (a mlpArgs) loss(params []*Node, batch []*Node) *Node {
	x, y := batch[0], batch[1]
	for i := 0; i < len(params); i += 2 {
		if i > 0 {
			x = MaxScalar(x, 0)
		}
		x = nn.Dense(x, params[i], params[i+1])
	}
	if a.Loss == "mse" {
		return ReduceAllMean(Square(Sub(x, y)))
	}
	hot := OneHot(y, x.Shape().Dim(-1), dtypes.Float32)
	return MulScalar(ReduceAllSum(Mul(hot, LogSoftmax(x))), -1/float64(a.Batch))
}

// first is the weights that all peers begin with; GoMLX lays them out [in, out].
func (a mlpArgs) first() []*tensors.Tensor {
	var list []*tensors.Tensor
	for i, n := range a.Sizes[:len(a.Sizes)-1] {
		m, w, b := a.Sizes[i+1], math.Sqrt(3/float64(n)), 1/math.Sqrt(float64(n))
		lies := worker.Uniform(m*n, uint32(10+2*i), -w, w)
		stands := make([]float32, m*n)
		for j := range lies {
			stands[j%n*m+j/n] = lies[j]
		}
		list = append(list, tensors.FromFlatDataAndDimensions(stands, n, m),
			tensors.FromFlatDataAndDimensions(worker.Uniform(m, uint32(11+2*i), -b, b), m))
	}
	return list
}

// train makes a step with Adam of any loss.
func train(b compute.Backend, loss func(params, batch []*Node) *Node, first func() []*tensors.Tensor, batch []any) (*worker.Work, error) {
	count := len(first())
	e := MustNewExec(b, func(in []*Node) []*Node {
		params, m, v, t := in[:count], in[count:2*count], in[2*count:3*count], in[3*count]
		value := loss(params, in[3*count+1:])
		t = AddScalar(t, 1)
		g := t.Graph()
		ca := OneMinus(Pow(Scalar(g, dtypes.Float32, 0.9), t))
		cb := OneMinus(Pow(Scalar(g, dtypes.Float32, 0.999), t))
		out := make([]*Node, 3*count, 3*count+2)
		for i, d := range Gradient(value, params...) {
			nm := Add(MulScalar(m[i], 0.9), MulScalar(d, 0.1))
			nv := Add(MulScalar(v[i], 0.999), MulScalar(Square(d), 0.001))
			step := Div(Div(nm, ca), AddScalar(Sqrt(Div(nv, cb)), 1e-8))
			out[i], out[count+i], out[2*count+i] = Sub(params[i], MulScalar(step, 0.001)), nm, nv
		}
		return append(out, t, value)
	})
	var state []*tensors.Tensor
	var last float32
	w := &worker.Work{Steps: 500}
	w.Reset = func() {
		for _, s := range state {
			s.MustFinalizeAll()
		}
		state = first()
		for range 2 {
			for _, p := range first() {
				state = append(state, tensors.FromShape(p.Shape()))
			}
		}
		state = append(state, tensors.FromScalar(float32(0)))
	}
	args := make([]any, 3*count+1, 3*count+1+len(batch))
	args = append(args, batch...)
	w.Run = func(n int) {
		for range n {
			for i, s := range state {
				args[i] = s
			}
			out := e.MustExec(args...)
			for _, s := range state {
				s.MustFinalizeAll() // back to the backend's pool
			}
			state, last = out[:3*count+1], tensors.ToScalar[float32](out[3*count+1])
			out[3*count+1].MustFinalizeAll()
		}
	}
	w.Reset()
	w.Run(20)
	w.Check = float64(last)
	return w, nil
}
