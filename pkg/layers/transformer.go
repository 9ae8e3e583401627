package layers

import (
	"strconv"

	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/layers/initializer"
)

// Transformer is the settings of the blocks of a transformer.
type Transformer struct {
	Blocks     int `default:"1" range:"[1,1000]" doc:"how many follow one another, each with parameters of its own" also:"num_layers|n_layers|n_layer|layers|depth"`
	MultiHead  `spec:",inline"`
	Hidden     int    `default:"0" range:"[0,100000000]" doc:"units of the hidden layer that each step goes through; 0: four times as many as features" also:"dim_feedforward|feedforward|ff_dim|hidden_size|mlp_dim"`
	Activation string `default:"relu" oneof:"relu|gelu|swiglu" doc:"function of the hidden layer; swiglu multiplies two of them, silu(x·W_gᵀ)·(x·W_hᵀ)"`
	Norm       string `default:"after" oneof:"before|after" doc:"whether attention and hidden layer get normalized inputs, or their sums with the inputs are normalized"`
	NormType   string `default:"layer_norm" oneof:"layer_norm|rms_norm" doc:"how features are normalized"`
}

// transformerBlock is one block while it is built.
type transformerBlock struct {
	*Transformer
	c      *Context
	prefix string // of the parameters' roles: 0.
	norms  int    // made so far
}

// sublayer adds to x what f makes of it, normalized before or after.
func (t *transformerBlock) sublayer(x Signal, name string, f func(x Signal) *graph.Value) Signal {
	t.norms++
	norm := t.prefix + "norm_" + strconv.Itoa(t.norms) + "."
	if t.Norm == "before" {
		y := t.dropped(f(x.With(t.normalized(norm, x.Value))), name)
		return x.With(op.Add(t.c.B, x.Value, y))
	}
	return x.With(t.normalized(norm, op.Add(t.c.B, x.Value, t.dropped(f(x), name))))
}

// attend is multi-head attention.
func (t *transformerBlock) attend(x, memory Signal, name string, self, causal bool) *graph.Value {
	of := attention{MultiHead: &t.MultiHead, prefix: t.prefix + name + ".", self: self, causal: causal}
	if !self {
		whole := t.MultiHead
		whole.Window = 0
		of.MultiHead = &whole
	}
	return of.attend(t.c, x, memory)
}

// feedForward is a hidden layer for each step.
func (t *transformerBlock) feedForward(x Signal) *graph.Value {
	c, n, hidden := t.c, x.Shape().Last(), t.Hidden
	if hidden == 0 {
		hidden = 4 * n
	}
	dense := func(role string, x *graph.Value, units int) *graph.Value {
		return linear(c, t.prefix+role+".", x, units, t.Bias, &initializer.FanInUniform{}, &initializer.FanInUniform{}, units)
	}
	h := dense("hidden", x.Value, hidden)
	switch t.Activation {
	case "swiglu":
		h = op.Mul(c.B, op.Activate(c.B, dense("gate", x.Value, hidden), vec.ActSilu, 0), h)
	case "gelu":
		h = op.Activate(c.B, h, vec.ActGelu, 0)
	default:
		h = op.Activate(c.B, h, vec.ActRelu, 0)
	}
	return dense("output", t.dropped(h, "hidden"), n)
}

// dropped is x with dropout.
func (t *transformerBlock) dropped(x *graph.Value, name string) *graph.Value {
	if !t.c.Training || t.Dropout == 0 {
		return x
	}
	return op.Dropout(t.c.B, x, t.c.Step(), t.Dropout, t.c.Seed(), t.c.streamOf(t.prefix+name))
}

// normalized brings the features of each step to one scale.
func (t *transformerBlock) normalized(prefix string, x *graph.Value) *graph.Value {
	c, n := t.c, x.Shape.Last()
	gamma := c.Param(prefix+"gamma", graph.Shape{n}, &initializer.Ones{}, 1, 1)
	if t.NormType == "rms_norm" {
		y, _ := op.RMSNorm(c.B, x, gamma, 1e-6)
		return y
	}
	var beta *graph.Value
	if t.Bias {
		beta = c.Param(prefix+"beta", graph.Shape{n}, &initializer.Zeros{}, 1, 1)
	}
	y, _, _ := op.LayerNorm(c.B, x, gamma, beta, 1e-5)
	return y
}
