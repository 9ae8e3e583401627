package op_test

import (
	"math"
	"testing"

	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
	"dnn/pkg/graph/grad"
	"dnn/pkg/graph/op"
)

// unrolled builds a recurrent net from simple ops, step by step: y, then the last h and, of an lstm, c.
func unrolled(b *graph.Builder, key string, a op.RecurrentAttrs, in op.Recurrent) []*graph.Value {
	rows, steps, units := in.X.Shape[0], in.X.Shape[1], in.W.Shape[1]
	zeros := b.Const(graph.Shape{rows, units}, make([]float32, rows*units))
	h, c := zeros, zeros
	if in.H0 != nil {
		h, c = in.H0, in.C0
	}
	part := func(x *graph.Value, k int) *graph.Value { return op.Slice(b, x, 1, k*units, (k+1)*units) }
	sigmoid := func(x *graph.Value) *graph.Value { return op.Activate(b, x, vec.ActSigmoid, 0) }
	tanh := func(x *graph.Value) *graph.Value { return op.Activate(b, x, vec.ActTanh, 0) }
	from := func(x *graph.Value) *graph.Value { return op.AddScalar(b, op.Scale(b, x, -1), 1) } // 1-x
	biased := func(x *graph.Value) *graph.Value {
		if in.Bias != nil {
			x = op.Add(b, x, in.Bias)
		}
		return x
	}
	ys := make([]*graph.Value, steps)
	for s := range steps {
		t := s
		if a.Reverse {
			t = steps - 1 - s
		}
		x := op.Reshape(b, op.Slice(b, in.X, 1, t, t+1), rows, in.X.Shape[2])
		met := h
		if in.Mask != nil {
			met = op.Mul(b, h, in.Mask)
		}
		z := biased(op.MatMul(b, met, in.W, false, true))
		var h2, c2 *graph.Value
		switch key {
		case "rnn":
			h2 = op.Activate(b, op.Add(b, x, z), a.Act, 0)
		case "lstm":
			sum := op.Add(b, x, z)
			c2 = op.Add(b, op.Mul(b, sigmoid(part(sum, 1)), c), op.Mul(b, sigmoid(part(sum, 0)), tanh(part(sum, 2))))
			h2 = op.Mul(b, sigmoid(part(sum, 3)), tanh(c2))
		case "gru":
			r, u := sigmoid(op.Add(b, part(x, 0), part(z, 0))), sigmoid(op.Add(b, part(x, 1), part(z, 1)))
			q := op.Mul(b, r, part(z, 2))
			if a.ResetBefore {
				product := op.MatMul(b, op.Mul(b, r, met), op.Slice(b, in.W, 0, 2*units, 3*units), false, true)
				if in.Bias != nil {
					product = op.Add(b, product, op.Slice(b, in.Bias, 0, 2*units, 3*units))
				}
				q = product
			}
			n := tanh(op.Add(b, part(x, 2), q))
			h2 = op.Add(b, op.Mul(b, from(u), n), op.Mul(b, u, h))
		}
		ys[t] = h2
		if in.Lengths != nil {
			on := op.Slice(b, op.SequenceMask(b, in.Lengths, steps), 1, t, t+1)
			off := from(on)
			ys[t] = op.AddScalar(b, op.Mul(b, on, h2), 0) // -0 becomes 0
			h2 = op.Add(b, op.Mul(b, on, h2), op.Mul(b, off, h))
			if c2 != nil {
				c2 = op.Add(b, op.Mul(b, on, c2), op.Mul(b, off, c))
			}
		}
		h, c = h2, c2
		ys[t] = op.Reshape(b, ys[t], rows, 1, units)
	}
	out := []*graph.Value{op.Concat(b, 1, ys...), h}
	if key == "lstm" {
		out = append(out, c)
	}
	return out
}

// TestRecurrentEqualsItsSteps: a whole sequence in one op gives the bits of simple ops step by step, and gradients that
// differ by rounding.
func TestRecurrentEqualsItsSteps(t *testing.T) {
	for _, key := range []string{"rnn", "lstm", "gru"} {
		o, _ := graph.Ops.Get(key)
		for _, c := range o.Cases {
			t.Run(key+"/"+c.Name, func(t *testing.T) {
				e := newExample(t, o, c)
				run := func(build func(b *graph.Builder, in op.Recurrent) []*graph.Value) (outs, grads []graph.Buffer) {
					b := graph.NewBuilder()
					a := c.Attrs.(op.RecurrentAttrs)
					in := op.Recurrent{Reverse: a.Reverse}
					var wrt []*graph.Value
					at := 0
					next := func(present bool) *graph.Value {
						if !present {
							return nil
						}
						v := b.Input(inputName(at), c.In[at].Type)
						if v.DType == graph.F32 && !c.In[at].Fixed {
							wrt = append(wrt, v)
						}
						at++
						return v
					}
					in.X, in.W, in.Bias, in.H0 = next(true), next(true), next(a.Bias), next(a.Initial)
					in.C0, in.Mask, in.Lengths = next(a.Initial && key == "lstm"), next(a.Mask), next(a.Lengths)
					values := build(b, in)
					r, objective := random("weights"), (*graph.Value)(nil)
					for _, v := range values {
						_, weights := draw(graph.Normal(v.Shape...), r)
						term := op.Sum(b, op.Mul(b, v, b.Const(v.Shape, weights.F)), nil, false)
						if objective != nil {
							term = op.Add(b, objective, term)
						}
						objective = term
					}
					n := len(values)
					values = append(values, grad.Build(b, objective, nil, wrt)...)
					all := runGraph(finish(t, b), e.feeds(), values...)
					return all[:n], all[n:]
				}
				outs, grads := run(func(b *graph.Builder, in op.Recurrent) []*graph.Value {
					a := c.Attrs.(op.RecurrentAttrs)
					switch key {
					case "rnn":
						y, last := op.RNN(b, in, a.Act)
						return []*graph.Value{y, last}
					case "lstm":
						y, last, cell := op.LSTM(b, in)
						return []*graph.Value{y, last, cell}
					}
					y, last := op.GRU(b, in, a.ResetBefore)
					return []*graph.Value{y, last}
				})
				wantOuts, wantGrads := run(func(b *graph.Builder, in op.Recurrent) []*graph.Value {
					return unrolled(b, key, c.Attrs.(op.RecurrentAttrs), in)
				})
				sameBits(t, "step by step", outs, wantOuts)
				for i, g := range grads {
					for j, v := range g.F {
						if w := wantGrads[i].F[j]; math.Abs(float64(v-w)) > 2e-5*(1+math.Abs(float64(w))) {
							t.Fatalf("gradient by input %d[%d] is %v, step by step %v", i, j, v, w)
						}
					}
				}
			})
		}
	}
}
