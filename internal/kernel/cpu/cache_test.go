package cpu

import "testing"

func TestCaches(t *testing.T) {
	if c := Caches(); c.L1 < 8<<10 || c.L2 < c.L1 || c.L2 > 64<<20 {
		t.Errorf("caches of %+v bytes", c)
	}
	for _, c := range []CacheSizes{{}, {L1: 1 << 30, L2: 1 << 40}, {L1: -1, L2: 1}} {
		if got := c.plausible(); got != usual {
			t.Errorf("%+v is taken as %+v, want %+v", c, got, usual)
		}
	}
	if real := (CacheSizes{L1: 48 << 10, L2: 2 << 20}); real.plausible() != real {
		t.Errorf("%+v is not believed", real)
	}
}
