package graph

import "testing"

func TestSize(t *testing.T) {
	for _, c := range []struct {
		shape Shape
		want  int
	}{
		{nil, 1}, {Shape{3, 4}, 12}, {Shape{0}, 0}, {Shape{1 << 40, 1 << 40, 0}, 0}, {Shape{1 << 27, 1 << 27}, 1 << 54},
		{Shape{1 << 32, 1 << 32}, 1 << 55}, {Shape{100_000_000, 100_000_000, 100_000_000, 100_000_000}, 1 << 55},
	} {
		if got := c.shape.Size(); got != c.want {
			t.Errorf("%v: %d, want %d", c.shape, got, c.want)
		}
	}
}
