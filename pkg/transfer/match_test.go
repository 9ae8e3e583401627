package transfer

import (
	"slices"
	"testing"

	"dnn/pkg/graph"
)

// Labels are matched by name; what comes twice, or has no name, stands for nothing.
func TestMatchLabels(t *testing.T) {
	m := matchLabels([]string{"a", "b", "c", "", "twice"}, []string{"c", "twice", "a", "", "twice"})
	if want := []int{2, -1, 0, -1, -1}; !slices.Equal(m.from, want) || m.found != 2 || m.same() {
		t.Errorf("%+v, want %v", m, want)
	}
	if said := m.said("classes"); said != " (2 of 5 classes)" {
		t.Errorf("said %q", said)
	}
	if same := matchLabels([]string{"a", "b"}, []string{"a", "b"}); !same.same() || same.said("classes") != "" {
		t.Errorf("%+v", same)
	}
	if fewer := matchLabels([]string{"a", "b"}, []string{"a", "b", "c"}); fewer.same() || fewer.said("classes") != "" {
		t.Errorf("%+v", fewer)
	}
}

// Rows and columns that a model lacks stay as they are.
func TestTaking(t *testing.T) {
	one := Piece{graph.Shape{2, 3}, []float32{1, 2, 3, 4, 5, 6}}
	dst := []float32{-1, -2, -3, -4, -5, -6}
	taking(one, graph.Shape{3, 2}, &match{from: []int{1, -1, 0}}, &match{from: []int{2, -1}})(dst)
	if want := []float32{6, -2, -3, -4, 3, -6}; !slices.Equal(dst, want) {
		t.Errorf("%v, want %v", dst, want)
	}
	kernel := Piece{graph.Shape{2, 1, 2}, []float32{1, 2, 3, 4}}
	dst = []float32{-1, -2, -3, -4, -5, -6}
	taking(kernel, graph.Shape{3, 1, 2}, &match{from: []int{1, 0, -1}}, nil)(dst)
	if want := []float32{3, 4, 1, 2, -5, -6}; !slices.Equal(dst, want) {
		t.Errorf("%v, want %v", dst, want)
	}
}
