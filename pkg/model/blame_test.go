package model_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dnn/pkg/model"
	"dnn/pkg/spec"
)

// TestOverridesAreBlamed: a mistake that an override brings about tells of it, wherever it stands, and one of the file does
// not.
func TestOverridesAreBlamed(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "d.csv"), []byte("a,y\n1,u\n2,v\n3,w\n4,u\n5,v\n6,w\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	sound := "dataset: {train: d.csv, target: y}\nlayers:\n  - {type: dense, units: 3}\nloss: cross_entropy\n"
	for _, c := range []struct {
		text string
		sets []string
		want string // the beginning and the end of the only line, around …
	}{
		{sound, []string{"layers.0.units=4"}, "4:7: loss: …(this comes of --set layers.0.units=4)"},
		{sound, []string{"seed=3", "layers.0.units=4"}, "4:7: loss: …(this comes of --set seed=3 --set layers.0.units=4)"},
		{strings.Replace(sound, "cross_entropy", "mse", 1), []string{"seed=3"}, "4:7: loss: …"},
		{strings.Replace(sound, "cross_entropy", "crossentropi", 1), []string{"loss.label_smoothing=0.1"}, `4:7: loss.type: unknown loss "crossentropi" …(did you mean cross_entropy?)`},
		{strings.Replace(sound, "cross_entropy", "binary_cross_entropy", 1), []string{"loss.label_smoothing=0.1"}, "4:7: loss: …"},
		{sound, []string{"loss.label_smoothing=2"}, "--set loss.label_smoothing=2: loss.label_smoothing: …"},
		{sound, []string{"loss.label_smoothing=0.1", "optimizer.learning_rate=0.1", "dataset.target.type=category"}, ""},
	} {
		doc, err := spec.Parse(filepath.Join(dir, "s.yaml"), []byte(c.text), c.sets)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		if _, err := model.Open(doc); err != nil {
			got = strings.ReplaceAll(err.Error(), dir+"/s.yaml:", "")
		}
		begin, end, _ := strings.Cut(c.want, "…")
		if !strings.HasPrefix(got, begin) || !strings.HasSuffix(got, end) || strings.Contains(got, "\n") || (got == "") != (c.want == "") ||
			strings.Contains(got, "this comes of") && !strings.Contains(c.want, "this comes of") {
			t.Errorf("%s with %v: got %q, want %q", c.text, c.sets, got, c.want)
		}
	}
}
