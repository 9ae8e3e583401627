package weights

import (
	"dnn/pkg/graph"
	"dnn/pkg/train/checkpoint"
)

func init() {
	Registry.Register("bf16", "bfloat16 in the file, float32 in memory", func() Form { return &BF16{} })
}

// BF16 keeps a parameter as bfloat16: the range of float32, with 8 bits of precision.
type BF16 struct{}

// Fits takes any parameter.
func (*BF16) Fits(graph.Param) error { return nil }

// File is the type in files.
func (*BF16) File() checkpoint.DType { return checkpoint.BF16 }
