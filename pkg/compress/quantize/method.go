package quantize

import (
	"dnn/internal/registry"
	"dnn/pkg/spec"
)

// Method finds the size at which values are cut off when they are quantized: those up to it share out the whole numbers from -127
// to 127, and what is larger becomes the largest of these.
type Method interface {
	Clip(h *Histogram) float64
	// Cases are examples of the kind, as a spec has them.
	Cases() []string
}

// Methods holds the kinds of methods, one per file.
var Methods = registry.New[Method]("calibration method")

func init() { spec.RegisterKinds(Methods, spec.KindOptions{}) }
