package model

import (
	"strings"
	"testing"
)

func TestStepMistakes(t *testing.T) {
	for _, c := range []struct{ set, want string }{
		{"sequences: true => sequences: false", "layers[2]"}, // conv1d wants steps
		{"- {type: conv1d, filters: 7, kernel: 3, padding: same, activation: relu} => - global_max_pool1d", "needs a prediction for each step, the target parts has 2 classes; the net gives one for the whole row, [2]"},
		{`{column: parts, type: tags, separator: ""} => {column: parts, type: category}`, "layers[1].sequences: keeps all steps, and the net ends with [7x5], a prediction for each"},
		{"padding: same => padding: valid", "of a sequence of 7 steps the net gives [5x2]"},
		{"units: classes => units: 3", "needs one output per class for each step: the net gives [7x3]"},
		{"metrics: [accuracy, => metrics: [r2,", "r2 needs a number"},
		{`{column: parts, type: tags, separator: ""} => {column: parts, type: tags, separator: " "}`, "has 1 tag, and word has 7 tokens"},
	} {
		_, err := openText(t, taggingSpec, wordRows, c.set)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s:\n got  %v\n want %s", c.set, err, c.want)
		}
	}
}

// A mistake that keeps the sequence from being known says nothing else of the target.
func TestStepsOfAnInputThatIsNotKnown(t *testing.T) {
	for _, set := range []string{"column: word => column: wrod", "type: tags => type: tags, input: wrod"} {
		_, err := openText(t, taggingSpec, wordRows, set)
		if err == nil || !strings.Contains(err.Error(), "wrod") || strings.Count(err.Error(), "\n") > 0 {
			t.Errorf("%s: %v", set, err)
		}
	}
}

// Layers that halve the steps and double them again fit the longest sequence, and not every other.
func TestStepsThatDoNotComeBack(t *testing.T) {
	j := mustOpen(t, taggingSpec, "word,parts,w\nabcdefghabcdefgh,sessesseesssssss,1\n", "kernel: 3, padding: same => kernel: 3, padding: same, stride: 2", "  - {type: dense, => \n  - {type: upsample1d, size: 2}\n  - {type: dense,")
	if _, err := j.PredictGraph(BatchShape{Rows: 1, Steps: [MaxSequences]int{6}}); err != nil {
		t.Error(err)
	}
	if _, err := j.PredictGraph(BatchShape{Rows: 1, Steps: [MaxSequences]int{5}}); err == nil || !strings.Contains(err.Error(), "of a sequence of 5 steps the net gives [6x2]") {
		t.Errorf("got %v", err)
	}
}
