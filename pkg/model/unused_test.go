package model

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Inputs that no layer takes, and heads that feed the next layer by their place alone, are warned of.
func TestUnusedInputsAndHeadsInARow(t *testing.T) {
	dir := t.TempDir()
	rows := "a,b,word,y,z\n" + strings.Repeat("1,2,hello,u,3\n2,5,world,v,4\n", 20)
	if err := os.WriteFile(filepath.Join(dir, "d.csv"), []byte(rows), 0o666); err != nil {
		t.Fatal(err)
	}
	const start = "dataset:\n  path: d.csv\n  inputs: [a, b, {column: word, type: text, tokenizer: char}]\n  target: [{column: y, type: category}, {column: z, type: number}]\nlayers:\n"
	for layers, want := range map[string]string{
		`  - {name: x, type: dense, units: 4, inputs: [a]}
  - {type: dense, units: classes, head: y}
  - {type: dense, units: 1, head: z}
`: "layers: no layer takes b, word|layers[2]: is fed by the layer before it, which is the head of y",
		`  - {name: e, type: embedding, size: 3, inputs: [word]}
  - {name: g, type: gru, units: 3}
  - {name: x, type: concat, inputs: [a, b, g]}
  - {type: dense, units: classes, head: y}
  - {type: dense, units: 1, inputs: [x], head: z}
`: "",
	} {
		job, err := Open(document(t, dir, start+layers))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, n := range job.Notes {
			if strings.HasPrefix(n.Path, "layers") {
				got = append(got, n.Path+": "+n.Text)
			}
		}
		wanted := strings.Split(want, "|")
		if want == "" {
			wanted = nil
		}
		if len(got) != len(wanted) {
			t.Errorf("%s%q, want %q", layers, got, wanted)
			continue
		}
		for i := range got {
			if !strings.HasPrefix(got[i], wanted[i]) {
				t.Errorf("%s%q, want %q", layers, got[i], wanted[i])
			}
		}
	}
}
