// Package onnx writes models as ONNX graphs. An op is one file: it registers the nodes that it becomes.
//
// The graph is that of the net for predictions, built for several batch shapes: sizes that differ among them are settled when the
// ONNX model runs. So it takes any number of rows, and sequences of any length where the net does. Images and sequences that go
// through convolutions lie channels first in ONNX; a value is transposed only where an op needs it the other way, not around each
// node. Where rows and steps are one axis for a product, ONNX keeps both.
package onnx

// Opset and IR are the versions of operators and of the file format that models are written for.
const (
	Opset = 20
	IR    = 10
)
