package cpu

import (
	"slices"
	"testing"
)

func TestChoose(t *testing.T) {
	best := supported[len(supported)-1]
	if got := choose(""); got != best {
		t.Errorf("without a wish it is %s, want %s", got, best)
	}
	for _, limit := range order {
		got := choose(limit)
		if slices.Contains(Variants(), limit) && got != limit {
			t.Errorf("%s is supported, but %s was chosen", limit, got)
		}
		if slices.Index(order, got) > slices.Index(order, limit) {
			t.Errorf("%s is above %s", got, limit)
		}
	}
	if err := Use("mmx"); err == nil {
		t.Error("mmx was accepted")
	}
}

// TestTable: a table takes the loops of each variant up to the one in use, whether they come before a switch or after.
func TestTable(t *testing.T) {
	was := current
	defer func() { check(t, Use(was)) }()
	type loops struct{ slowest, any string }
	table := Table(loops{Generic, Generic})
	for i, v := range supported[1:] {
		Add(v, func() {
			if table.any = v; i == 0 {
				table.slowest = v
			}
		})
	}
	for i, v := range supported {
		check(t, Use(v))
		want := loops{supported[min(i, 1)], v}
		if *table != want {
			t.Errorf("under %s the table is %v, want %v", v, *table, want)
		}
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
