package model

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dnn/pkg/spec"
)

// TestManyMistakes: thousands of wrong layers are told in no time, the first with what is meant, and shown in a few lines.
func TestManyMistakes(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "rows.csv"), []byte("x,y\n1,a\n2,b\n3,a\n4,b\n5,a\n6,b\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	const layers = 15_000
	for _, c := range []struct {
		layer, want string
		mistakes    int
	}{
		{"{type: densee%d, units: 3}", `spec.yaml:3:12: layers[0].type: unknown layer "densee0" (did you mean dense?)`, layers},
		{"{units: 3, actvation: relu%d}", `spec.yaml:3:16: layers[0].actvation: unknown key (did you mean activation?)`, 2 * layers},
		{"{type: dense, unit: 3, n%d: 1}", `spec.yaml:3:19: layers[0].unit: unknown key (did you mean units?)`, 2 * layers},
		{"{name: a%[1]d, type: dense, units: 3, inputs: [aa%[1]d]}", `spec.yaml:3:48: layers[0].inputs[0]: no layer and no dataset input is called "aa0"`, layers},
	} {
		var text strings.Builder
		text.WriteString("dataset: {path: rows.csv, target: y}\nlayers:\n")
		for i := range layers {
			fmt.Fprintf(&text, "  - "+c.layer+"\n", i)
		}
		file := filepath.Join(dir, "spec.yaml")
		if err := os.WriteFile(file, []byte(text.String()), 0o666); err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		doc, err := spec.Load(file, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, err = Open(doc)
		if took := time.Since(start); took > 5*time.Minute {
			t.Errorf("%s: took %v", c.layer, took)
		}
		var mistakes *spec.Error
		if !errors.As(err, &mistakes) || len(mistakes.Mistakes) < c.mistakes {
			t.Fatalf("%s: %v", c.layer, err)
		}
		shown := mistakes.Shown()
		if len(shown) != 21 || !strings.HasPrefix(shown[20], "and ") || !strings.HasSuffix(shown[20], " more mistakes (dnn check --json lists all)") {
			t.Errorf("%s: %d lines are shown, the last %q", c.layer, len(shown), shown[len(shown)-1])
		}
		if all := strings.ReplaceAll(strings.Join(shown, "\n"), dir+"/", ""); !strings.Contains(all, c.want) {
			t.Errorf("%s:\n%s\nwant %s", c.layer, all, c.want)
		}
	}
}
