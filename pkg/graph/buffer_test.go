package graph_test

import (
	"math"
	"slices"
	"testing"

	"dnn/pkg/graph"
)

func TestBufferOf(t *testing.T) {
	words := []int32{math.MinInt32 + 0x3f80, 1, 0x40490fdb, -1}
	raw := graph.BytesOf(words)
	for _, d := range graph.DTypes {
		b := graph.BufferOf(d, raw)
		n := 0
		for _, is := range []bool{b.F != nil, b.I != nil, b.H != nil, b.S != nil, b.U != nil} {
			if is {
				n++
			}
		}
		if n != 1 || b.Len() != 16/d.Size() {
			t.Errorf("%v: %d views, %d elements", d, n, b.Len())
		}
	}
	if f := graph.BufferOf(graph.F32, raw).F; f[2] != 3.1415927 {
		t.Errorf("as floats %v", f)
	}
	if !slices.Equal(graph.BufferOf(graph.I32, raw).I, words) || graph.BufferOf(graph.I8, raw).S[15] != -1 || graph.BufferOf(graph.U8, raw).U[15] != 255 {
		t.Error("the views hold other numbers than the memory")
	}
	graph.BufferOf(graph.F32, raw).F[0] = 1
	if half := graph.BufferOf(graph.BF16, raw); !slices.Equal(half.Floats()[:2], []float32{0, 1}) {
		t.Errorf("the halves of 1 are %v", half.Floats()[:2])
	}
}

func TestTypeBytes(t *testing.T) {
	for d, want := range map[graph.DType]int{graph.F32: 24, graph.I32: 24, graph.BF16: 12, graph.I8: 6, graph.U8: 6} {
		if got := (graph.Type{DType: d, Shape: graph.Shape{2, 3}}).Bytes(); got != want {
			t.Errorf("%v: %d bytes, want %d", d, got, want)
		}
	}
}
