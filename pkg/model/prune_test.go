package model

import (
	"strings"
	"testing"
)

// A pruning that takes nothing, or everything, is a mistake.
func TestPruneMistakes(t *testing.T) {
	for settings, want := range map[string]string{
		"{sparsity: 1}":                                "train.prune.sparsity: 1 prunes all weights away",
		"{sparsity: 1.5}":                              "train.prune.sparsity: 1.5 is out of range",
		"{}":                                           "train.prune: expects either sparsity or pattern",
		`{sparsity: 0.5, pattern: "2:4"}`:              "train.prune: expects either sparsity or pattern",
		`{pattern: "4:2"}`:                             "train.prune.pattern: 4:2: n must be less than m",
		`{pattern: "0:4"}`:                             "train.prune.pattern: 0:4 prunes all weights away",
		"{pattern: half}":                              `train.prune.pattern: expects n:m, such as "2:4", got "half"`,
		"{sparsity: 0.5, begin: 0.8, end: 0.3}":        "train.prune.end: 0.3 lies before begin (0.8)",
		"{sparsity: 0.5, layers: [hiden]}":             `train.prune.layers[0]: no layer is called "hiden" (did you mean hidden?)`,
		"{sparsity: 0.5, exclude: [outt]}":             `train.prune.exclude[0]: no layer is called "outt"`,
		`{sparsity: 0.5, layers: ["!out"]}`:            `train.prune.layers[0]: names a layer that keeps its weights: list it under exclude, as "out"`,
		`{sparsity: 0.5, exclude: ["*"]}`:              "train.prune: there is nothing to prune",
		"{sparsity: 0.99, scope: layer}":               "train.prune.sparsity: 0.99 leaves none of the 6 weights of hidden.weight; exclude the layer (exclude: [hidden]), or take less",
		"{sparsity: 0.5}|train.precision.weights=bf16": "train.prune: does not go with precision.weights",
	} {
		_, err := openPeople(t, peopleSpec, basePeople, strings.Split("train.prune="+settings, "|")...)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", settings, err, want)
		}
	}
	if _, err := openPeople(t, peopleSpec, basePeople, "train.prune={sparsity: 0.5}"); err != nil {
		t.Error(err)
	}
}
