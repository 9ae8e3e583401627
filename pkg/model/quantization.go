package model

import (
	"math"
	"slices"

	"dnn/pkg/graph"
	"dnn/pkg/layers"
	"dnn/pkg/spec"
	"dnn/pkg/weights"
)

// Quantization is train.quantize: what a net is trained for that will be quantized.
type Quantization struct {
	Weights     string          `default:"int8" oneof:"int8|int4" doc:"form that the weights will have, as in dnn quantize --weights"`
	Activations string          `oneof:"int8|none" doc:"what meets the weights in products: int8, quantized with a scale for each row (of a convolution, for each image); none, float32 (default: int8 for weights of int8; none for int4, whose products are those of float32)"`
	Begin       float64         `default:"0" range:"[0,1)" doc:"share of the training after which steps compute with rounded numbers; validation does from the start"`
	Keep        layers.Freezing `default:"[]" doc:"layers that will stay float32: names, or patterns such as encoder*; one that matches a block stands for all within it"`
}

// CheckSpec expects products that the quantized net can compute, and chooses the activations that go with the weights.
func (q *Quantization) CheckSpec(path string, p *spec.Problems) {
	switch {
	case q.Weights == "int4" && q.Activations == "int8":
		p.Add(path+".activations", "does not go with weights of int4, whose products are those of float32: leave it out, or take weights: int8")
	case q.Activations != "":
	case q.Weights == "int4":
		q.Activations = "none"
	default:
		q.Activations = "int8"
	}
}

// Begins is the number of updates, of so many, after which steps compute with rounded numbers.
func (q *Quantization) Begins(updates int) int { return int(math.Ceil(q.Begin * float64(updates))) }

// form is that of a parameter, nil where it stays float32.
func (q *Quantization) form(p graph.Param) weights.Rounding {
	if q.Keep.Frozen(p.Layer) {
		return nil
	}
	kind, _ := weights.Registry.Get(q.Weights)
	if form := kind().(weights.Rounding); form.Fits(p) == nil {
		return form
	}
	return nil
}

// fake is how a net computes that will be quantized so.
func (q *Quantization) fake() *weights.Fake {
	return &weights.Fake{Form: q.form, Activations: q.Activations == "int8"}
}

// AsQuantized is the net as train.quantize says that it will be quantized: it predicts and scores with rounded numbers. Without
// train.quantize it is the net itself.
func AsQuantized(n *Network) *Network {
	if n.Config.Train.Quantize == nil {
		return n
	}
	c := *n
	c.rounds = true
	return &c
}

// Unrounded is the net as it is trained without train.quantize.
func Unrounded(n *Network) *Network {
	c, config := *n, *n.Config
	config.Train.Quantize, c.Config = nil, &config
	return &c
}

// checkQuantize notes layers to keep that the net does not have, and a quantization that takes nothing.
func checkQuantize(j *Job, vars []*graph.Var, infos []layers.Info, p *spec.Problems) {
	const path = "train.quantize"
	q := j.Config.Train.Quantize
	if q == nil || p.Under(path) {
		return
	}
	noteUnmatched(path+".keep", q.Keep, infos, nil, p)
	fits := func(p graph.Param) bool { return q.form(p) != nil }
	if !p.Under(path) && !slices.ContainsFunc(vars, func(v *graph.Var) bool { return slices.ContainsFunc(v.Params, fits) }) {
		p.Add(path, "there is nothing to quantize: no layer, besides those to keep, has matrices or kernels")
	}
}
