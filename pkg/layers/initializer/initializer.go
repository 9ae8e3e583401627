// Package initializer gives parameters their first values. Each kind is one file.
//
// Values depend on the seed and on the parameter's own random stream alone, so they are the same whatever else the net
// holds and on every machine.
package initializer

import (
	"math"
	"strconv"

	"dnn/internal/kernel/rand"
	"dnn/internal/registry"
	"dnn/pkg/graph"
	"dnn/pkg/spec"
)

// Initializer is the settings of one kind.
type Initializer interface {
	// Fill writes the first values of the parameter that t describes. dst has the size of its shape.
	Fill(dst []float32, t Target)
	// Cases are examples of the kind.
	Cases() []Case
}

// Case is an example of an initializer and what it makes of a parameter of 400 outputs and 600 inputs.
type Case struct {
	Spec      string
	Mean, Std float64 // of the values
	Most      float64 // no value is larger, whatever its sign
}

// Target describes a parameter.
type Target struct {
	Shape         graph.Shape
	FanIn, FanOut int // numbers of inputs and of outputs that a unit is connected to
	Seed, Stream  uint64
}

// Registry holds every kind.
var Registry = registry.New[Initializer]("initializer")

func init() {
	spec.RegisterKinds(Registry, spec.KindOptions{Scalar: constant})
}

// constant lets a plain number stand for the initializer that fills with it.
func constant(text string) (any, bool) {
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		return nil, false
	}
	return &Constant{Value: x}, true
}

// uniform draws from U(-limit, limit).
func (t Target) uniform(dst []float32, limit float64) {
	rand.Uniform(dst, -float32(limit), float32(limit), t.Seed, t.Stream, 0, 0)
}

// normal draws from N(mean, std²).
func (t Target) normal(dst []float32, mean, std float64) {
	rand.Normal(dst, float32(mean), float32(std), t.Seed, t.Stream, 0, 0)
}

// fanIn and fanSum are the extents that variances are scaled by, at least 1.
func (t Target) fanIn() float64  { return float64(max(1, t.FanIn)) }
func (t Target) fanSum() float64 { return float64(max(1, t.FanIn+t.FanOut)) }
