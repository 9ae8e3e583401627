package compress

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// scaled is a spec whose inputs are scaled by the training split, which the seed of the split deals out.
func scaled(t *testing.T, split int, step string) string {
	t.Helper()
	var rows strings.Builder
	rows.WriteString("a,b,kind\n")
	for i := range 60 {
		fmt.Fprintf(&rows, "%d,%d,%s\n", i*i%23, i%7*100, []string{"x", "y", "z"}[(i*i+i/4)%3])
	}
	file := filepath.Join(t.TempDir(), "rows.csv")
	if err := os.WriteFile(file, []byte(rows.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf(`
name: scaled
seed: 3
dataset: {path: %s, inputs: [{columns: [a, b], type: number, normalize: zscore}], target: {column: kind, type: category}, split: {validation: 0.25, seed: %d}}
layers: [{type: dense, units: 6, activation: relu}, {type: dense, units: classes}]
train: {epochs: 2, batch_size: 16}
compress: [%s]
`, file, split, step)
}

// A teacher with preprocessing of its own reads the rows in its own way. One that does not fit is told before anything is trained.
func TestOutsideTeacher(t *testing.T) {
	dir := t.TempDir()
	other, _, err := start(t, mkdir(t, dir, "other"), scaled(t, 2, "{type: fine_tune, epochs: 1}"), "", 0)
	if err != nil {
		t.Fatal(err)
	}
	recipe := "{type: distill, epochs: 2, match: {dense_1: dense_1}, teacher: " + other.Model + "}"
	text := scaled(t, 1, recipe)
	res, steps, err := start(t, mkdir(t, dir, "by"), text, "", 0)
	if err != nil || steps != 2*3+2*3 || !strings.Contains(res.Stages[1].Summary, other.Model) {
		t.Fatalf("%d updates: %v", steps, err)
	}
	// What is done needs its teacher no more, and what is to be done says that it is missing before the net is trained.
	if err := os.Remove(other.Model); err != nil {
		t.Fatal(err)
	}
	if again, steps, err := start(t, filepath.Join(dir, "by"), text, "", 0); err != nil || steps != 0 || again.Chosen != 1 {
		t.Errorf("again, without the teacher: %d updates, %v", steps, err)
	}
	const missing = "compress.steps[0].teacher[0]: "
	if _, steps, err := start(t, mkdir(t, dir, "new"), text, "", 0); err == nil || steps != 0 || !strings.Contains(err.Error(), missing) {
		t.Errorf("a new run without the teacher: %d updates, %v", steps, err)
	}
	longer := strings.Replace(text, "epochs: 2, match", "epochs: 3, match", 1)
	if _, steps, err := start(t, filepath.Join(dir, "by"), longer, "", 0); err == nil || steps != 0 || !strings.Contains(err.Error(), missing) {
		t.Errorf("a changed step without the teacher: %d updates, %v", steps, err)
	}
	for step, want := range map[string]string{
		"{type: distill, epochs: 2, match: {dense_1: dense_3}}":                            `compress.steps[0].match[0].teacher: no layer of the teacher is called "dense_3"`,
		"{type: distill, epochs: 2, match: {dense_1: dense_2, dense_2: a}}":                `compress.steps[0].match[1].teacher: no layer of the teacher is called "a"`,
		"{type: distill, epochs: 2, teacher: [a, b], match: {dense_1: a}}":                 "compress.steps[0].match: names layers of one teacher, and there are 2",
		"{type: fine_tune, epochs: 1}, {type: distill, epochs: 2, teacher: [" + dir + "]}": "compress.steps[1].teacher[0]: the folder " + dir + " has no best.safetensors",
	} {
		if _, steps, err := start(t, mkdir(t, dir, "wrong"), scaled(t, 1, step), "", 0); err == nil || steps != 0 || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %d updates, %v\nexpected %s", step, steps, err, want)
		}
	}
}
