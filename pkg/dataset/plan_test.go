package dataset_test

import (
	"fmt"
	"strings"
	"testing"

	"dnn/pkg/dataset/datasettest"
	"dnn/pkg/dataset/format"
)

// TestPlanOutsideTheSplit: rows after the last known target change no split, of one series or of several.
func TestPlanOutsideTheSplit(t *testing.T) {
	for _, groups := range []string{"a", "ab"} {
		var past, plan strings.Builder
		for _, g := range groups {
			for i := range 26 {
				v := fmt.Sprint(i)
				if i >= 20 {
					v = ""
				}
				line := fmt.Sprintf("%c,%d,%s,%d\n", g, i, v, i%3)
				plan.WriteString(line)
				if i < 20 {
					past.WriteString(line)
				}
			}
		}
		plan.WriteString("c,0,,1\nc,1,,2\n") // nothing but a plan
		dir := datasettest.Write(t, map[string]string{"past.csv": "g,t,v,k\n" + past.String(), "plan.csv": "g,t,v,k\n" + plan.String()})
		section := "{path: past.csv, group: g, order_by: t, split: {validation: 0.2, test: 5}, target: {column: v, type: series, horizon: 2}, inputs: [{column: v, type: series, window: 3, level: keep}, {column: k, known: true}]}"
		want := datasettest.MustLoad(t, dir, section)
		got := datasettest.MustLoad(t, dir, strings.Replace(section, "past.csv", "plan.csv", 1))
		for _, part := range format.Splits {
			if a, b := fmt.Sprint(datasettest.Floats(want.Schema, want.Part(part), 0)), fmt.Sprint(datasettest.Floats(got.Schema, got.Part(part), 0)); a != b {
				t.Errorf("%s: %s, with a plan %s", part, a, b)
			}
		}
		if future := 6*len(groups) + 2; !datasettest.Noted(got, fmt.Sprintf("%d rows after the last known target", future)) || datasettest.Noted(got, "warning") || datasettest.Noted(want, "of the future") {
			t.Error(got.Notes)
		}
	}
}
