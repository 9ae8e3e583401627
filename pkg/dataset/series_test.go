package dataset

import (
	"fmt"
	"strings"
	"testing"
)

// count makes a table of the numbers 1, 2, … in the column v, with further columns made from them.
func countTable(rows int, header string, more func(i int) string) string {
	var b strings.Builder
	b.WriteString("v" + header + "\n")
	for i := 1; i <= rows; i++ {
		fmt.Fprintf(&b, "%d%s\n", i, more(i))
	}
	return b.String()
}

func nothing(int) string { return "" }

func TestWindows(t *testing.T) {
	dir := write(t, map[string]string{"d.csv": countTable(20, "", nothing)})
	d := mustLoad(t, dir, "{path: d.csv, inputs: [{column: v, type: series, window: 3, normalize: none}], target: {column: v, type: series, normalize: none}, split: {validation: 4, test: 5}}")
	if got := fmt.Sprint(d.Train.Rows(), d.Validation.Rows(), d.Test.Rows()); got != "8 4 5" {
		t.Fatal(got, d.Notes)
	}
	if got := fmt.Sprint(d.Schema.Blocks[0]); got != "{v false [3 1] false}" {
		t.Error(got)
	}
	for _, c := range []struct {
		part *Part
		want string
	}{{d.Train, "[[1 2 3] [2 3 4]"}, {d.Validation, "[[9 10 11] [10 11 12]"}, {d.Test, "[[13 14 15] [14 15 16]"}} {
		if got := fmt.Sprint(floats(d.Schema, c.part, 0)); !strings.HasPrefix(got, c.want) {
			t.Error(got, c.want)
		}
	}
	b := d.Schema.NewBatch(5)
	d.Test.FillFrom(b, 0, 5)
	if got := fmt.Sprint(b.Target); got != "[16 17 18 19 20]" {
		t.Error(got)
	}
}
