package model

import (
	"fmt"
	"strings"
	"testing"

	"dnn/pkg/spec"
)

// What does not fit between the net's end and the target is told where it is to be mended: at the setting that keeps the
// steps, at the last layer, or at a loss that the spec names.
func TestEndsThatDoNotFit(t *testing.T) {
	text := fmt.Sprintf(wordsFrom, data(t, "words.csv"), "{column: language, type: category}")
	tags := fmt.Sprintf(wordsFrom, data(t, "words.csv"), `{column: parts, type: tags, separator: ""}`)
	for _, c := range []struct{ layers, want string }{
		{tags + "layers:\n  - {type: embedding, size: 4}\n  - {type: gru, units: 3}\n  - {type: dense, units: classes}\n",
			"4:5: layers[1]: gives its last state alone, and the target has a label for each step: sequences: true keeps the steps (the net ends with [2])"},
		{tags + "layers:\n  - {type: embedding, size: 4}\n  - global_max_pool1d\n  - {type: dense, units: classes}\n",
			"5:5: layers[2]: cross_entropy needs a prediction for each step, the target parts has 2 classes; the net gives one for the whole row, [2]"},
		{"layers:\n  - {type: embedding, size: 4}\n  - type: gru\n    units: 3\n    sequences: true\n  - {type: dense, units: classes}\n",
			"6:16: layers[1].sequences: keeps all steps, and the net ends with [16x2], a prediction for each; the target has one label a row: sequences: false gives"},
		{"layers:\n  - {type: embedding, size: 4}\n  - {type: dense, units: classes}\n",
			"4:5: layers[1]: cross_entropy needs one output per class: the net gives [16x2]"},
		{"layers:\n  - {type: embedding, size: 4}\n  - {type: dense, units: classes}\nloss: cross_entropy\n",
			"5:7: loss: cross_entropy needs one output per class: the net gives [16x2]"},
		{"layers:\n  - {type: embedding, size: 4}\n  - global_max_pool1d\n  - {type: dense, units: 3}\n",
			"5:5: layers[2]: cross_entropy needs one output per class: the net gives [3]"},
	} {
		if !strings.HasPrefix(c.layers, "dataset") {
			c.layers = text + c.layers
		}
		doc, err := spec.Parse("s.yaml", []byte(c.layers), nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err = Open(doc); err == nil || !strings.HasPrefix(err.Error(), "s.yaml:"+c.want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s\n got  %v\n want %s", c.layers, err, c.want)
		}
	}
}
