package dataset_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"dnn/pkg/dataset/datasettest"
	"dnn/pkg/dataset/format"
)

// TestFilesThatHoldWords: with on_error: skip a file with a word among its numbers is left out as one that cannot be read, and
// the data is that of the other files; else the mistake names the setting.
func TestFilesThatHoldWords(t *testing.T) {
	files, _ := datasettest.Recordings()
	dir := datasettest.Draw(t, t.TempDir(), files)
	const section = "{format: sequence_folder, path: set, on_error: skip, inputs: [{columns: [x, y], type: series}], target: class, split: {train: 4, validation: 2, test: 2}}"
	want := datasettest.MustLoad(t, dir, section)
	files["set/run/word.csv"] = "x,y\n1,2\nabc,3\n"
	files["set/walk/words.csv"] = "x,y\n1,n.a.\nabc,3\n"
	dir = datasettest.Draw(t, t.TempDir(), files)
	got := datasettest.MustLoad(t, dir, section)
	if !datasettest.Noted(got, "warning: 2 files of 10 left out that cannot be read: ") || !datasettest.Noted(got, `word.csv:3: column "x": "abc" is not a number`) || datasettest.Noted(want, "left out") {
		t.Error(got.Notes)
	}
	for _, part := range format.Splits {
		if a, b := fmt.Sprint(datasettest.Floats(want.Schema, want.Part(part), 0)), fmt.Sprint(datasettest.Floats(got.Schema, got.Part(part), 0)); a != b {
			t.Errorf("%s: %s, want %s", part, b, a)
		}
	}
	_, problems := datasettest.TryLoad(t, dir, strings.Replace(section, "skip", "error", 1), 1)
	if !strings.Contains(problems, `word.csv:3: column "x": "abc" is not a number; on_error: skip leaves such files out`) {
		t.Error(problems)
	}
}

// TestACellIsToldOnce: what is wrong with one cell is one mistake, however many windows and steps of the target hold it.
func TestACellIsToldOnce(t *testing.T) {
	text := datasettest.CountTable(40, "", datasettest.Nothing)
	_, problems := datasettest.LoadTable(t, strings.Replace(text, "\n17\n", "\noops\n", 1), "inputs: [{column: v, type: series, window: 5}], target: {column: v, horizon: 6}")
	if lines := strings.Split(strings.TrimSpace(problems), "\n"); len(lines) != 1 || !strings.Contains(lines[0], `:18: column "v": "oops" is not a number`) {
		t.Error(problems)
	}
	for _, n := range []int{17, 18, 20, 22, 30} {
		text = strings.Replace(text, fmt.Sprintf("\n%d\n", n), "\noops\n", 1)
	}
	_, problems = datasettest.LoadTable(t, text, "inputs: [{column: v, type: series, window: 5}], target: {column: v, horizon: 6}")
	if lines := strings.Split(strings.TrimSpace(problems), "\n"); len(lines) != 4 || !slices.ContainsFunc(lines, func(s string) bool { return strings.Contains(s, "2 more rows like this") }) {
		t.Error(problems)
	}
}
