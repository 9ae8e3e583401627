package model

import (
	"errors"
	"strings"
	"testing"

	"dnn/pkg/spec"
)

const spamSpec = `
dataset:
  train: words.csv
  inputs: [{column: s, type: text, tokenizer: word}]
  target: {column: y, type: binary}
layers: [{type: embedding, size: 2}, global_max_pool1d, {type: dense, units: targets}]
metrics: [accuracy, precision, f1]
`

// One wrong word in a spec makes few messages, and the one that mends it is among them.
func TestOneMistakeOnce(t *testing.T) {
	rows := "s,y\nred fox,no\nblue fox,yes\nblue dog,yes\n"
	for set, want := range map[string][]string{
		"type: binary": {`dataset.target: column "y" has no number`},
		"type: text":   {`column "s" has no number`, "tokenizer: unknown key (known: normalize, missing, fill, type, column, columns, except, name); it belongs to type: text"},
	} {
		_, err := openText(t, strings.Replace(spamSpec, set, "type: number", 1), rows)
		var mistakes *spec.Error
		if !errors.As(err, &mistakes) || len(mistakes.Lines) != len(want) {
			t.Errorf("%s: %v", set, err)
			continue
		}
		for i, line := range mistakes.Lines {
			if !strings.Contains(line, want[i]) {
				t.Errorf("%s: %s, want %s", set, line, want[i])
			}
		}
	}
	_, err := openText(t, strings.Replace(spamSpec, "type: binary", "type: number", 1), "s,y\nred fox,1\nblue fox,2\nblue dog,4\n")
	if err == nil || strings.Count(err.Error(), "metrics[") != 1 || !strings.Contains(err.Error(), "accuracy needs classes; the target y is a number (try r2); so it is with precision, f1") {
		t.Error(err)
	}
}
