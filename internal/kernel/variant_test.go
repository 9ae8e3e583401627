package kernel

import (
	"slices"
	"testing"
)

func TestChoose(t *testing.T) {
	best := sets[len(sets)-1]
	if got := choose(""); got != best {
		t.Errorf("without a wish it is %s, want %s", got.name, best.name)
	}
	for _, limit := range order {
		got := choose(limit)
		if slices.Contains(Variants(), limit) && got.name != limit {
			t.Errorf("%s is supported, but %s was chosen", limit, got.name)
		}
		if slices.Index(order, got.name) > slices.Index(order, limit) {
			t.Errorf("%s is above %s", got.name, limit)
		}
	}
	if err := Use("mmx"); err == nil {
		t.Error("mmx was accepted")
	}
}
