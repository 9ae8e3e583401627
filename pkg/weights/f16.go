package weights

import (
	"dnn/pkg/graph"
	"dnn/pkg/train/checkpoint"
)

func init() {
	Registry.Register("f16", "float16 in the file, float32 in memory", func() Form { return &F16{} })
}

// F16 keeps a parameter as the float16 of IEEE 754: numbers up to 65,504, with 11 bits of precision.
type F16 struct{}

// Fits takes any parameter.
func (*F16) Fits(graph.Param) error { return nil }

// File is the type in files.
func (*F16) File() checkpoint.DType { return checkpoint.F16 }
