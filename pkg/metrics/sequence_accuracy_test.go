package metrics

import (
	"testing"

	"dnn/pkg/task"
)

// TestAlignedLabels: labels that are aligned with steps are judged as texts, and by no metric of steps.
func TestAlignedLabels(t *testing.T) {
	head := task.Head{Kind: task.Category, Columns: []string{"word"}, Classes: []string{"<blank>", "a", "b"}, Axis: &task.Axis{Of: "word", Aligned: true}}
	for _, key := range Registry.Keys() {
		m := withDefaults(key)
		if _, texts := m.(TextMetric); (m.Fits(head) == nil) != texts || JudgesTexts(m, head) != texts {
			t.Errorf("%s fits labels that are aligned: %v", key, m.Fits(head) == nil)
		}
	}
	set := NewSet(Default(head), head)
	set.AddTexts(Texts{Predictions: []string{"ab", "b"}, References: [][]string{{"ab"}, {"bb"}}, Exact: []bool{true, false}, Weight: []float64{1, 3}})
	for i, want := range []float64{0.25, 3. / 8} {
		if got := set.Results()[i]; got.Result.Value != want {
			t.Errorf("%s is %v, want %v", got.Name, got.Result.Value, want)
		}
	}
}
