package layers

import (
	"maps"
	"testing"
)

func TestSegmentsOfPatterns(t *testing.T) {
	units := []string{"embed", "body.0.conv", "body.0.norm", "body.1.conv", "body.1.norm", "net.0", "net.1", "skip.a", "skip", "x", "y", "z", "end"}
	for _, c := range []struct {
		patterns Freezing
		want     map[string]int
	}{
		{Freezing{"nothing"}, map[string]int{}},
		{Freezing{"body"}, map[string]int{"body.0.conv": 1, "body.0.norm": 1, "body.1.conv": 2, "body.1.norm": 2}},
		{Freezing{"body.1"}, map[string]int{"body.1.conv": 1, "body.1.norm": 1}},
		{Freezing{"body.*.norm"}, map[string]int{"body.0.norm": 1, "body.1.norm": 2}},
		{Freezing{"net", "skip"}, map[string]int{"net.0": 1, "net.1": 2, "skip.a": 3, "skip": 3}},
		{Freezing{"x", "y", "end"}, map[string]int{"x": 1, "y": 1, "end": 2}},
		{Freezing{"*", "!body", "!y"}, map[string]int{"embed": 1, "net.0": 2, "net.1": 3, "skip.a": 4, "skip": 4, "x": 5, "z": 6, "end": 6}},
	} {
		if got := (&Recompute{Layers: c.patterns}).Segments(units); !maps.Equal(got, c.want) {
			t.Errorf("%v: %v, want %v", c.patterns, got, c.want)
		}
	}
}
