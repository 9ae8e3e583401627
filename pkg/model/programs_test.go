package model

import "testing"

type arena int

func (a arena) ArenaBytes() int { return int(a) }

// Programs that were not used for longest are forgotten, by their number or their memory; the last always stays.
func TestPrograms(t *testing.T) {
	c := Programs[string, arena]{MaxCount: 3, MaxBytes: 10}
	has := func(k string) bool { _, ok := c.Get(k); return ok }
	c.Put("a", 1)
	c.Put("b", 2)
	c.Put("c", 3)
	if !has("a") { // used last now
		t.Error("a is forgotten")
	}
	if c.Put("d", 4); has("b") || !has("c") || !has("a") || !has("d") {
		t.Error("of four, another one than that which was not used for longest is forgotten")
	}
	if c.Put("e", 9); !has("e") || has("c") || has("a") || has("d") {
		t.Error("18 bytes are kept, and 10 are allowed")
	}
	if c.Put("f", 99); !has("f") || has("e") {
		t.Error("the last is not kept alone")
	}
}
