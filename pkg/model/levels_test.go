package model

import (
	"fmt"
	"strings"
	"testing"
)

// tableRows are rows with a number n and a class c.
func tableRows() string {
	rows := "x,n,c\n"
	for i := range 60 {
		rows += fmt.Sprintf("%d,%d,%s\n", i%7, i%11, []string{"no", "yes"}[i%2])
	}
	return rows
}

// What a file would name twice, and what no threshold changes, is a mistake.
func TestLevelsIntervalsAndThresholds(t *testing.T) {
	const number = "dataset: {path: words.csv, inputs: [x], target: {column: n, type: number}, split: {validation: 20}}\n"
	const binary = "dataset: {path: words.csv, inputs: [x], target: {column: c, type: binary, positive: [\"yes\"]}, split: {validation: 20}}\nlayers: [{type: dense, units: 1}]\n"
	for text, want := range map[string]string{
		number + "layers: [{type: dense, units: 2}]\nloss: {type: quantile, levels: [0.1, 0.1]}\n":  "loss.levels: duplicate 0.1",
		number + "layers: [{type: dense, units: 1}]\ntrain: {intervals: [0.8, 0.5, 0.8]}\n":         "train.intervals: duplicate 0.8",
		binary + "train: {threshold: roc_auc}\n":                                                    "no threshold changes roc_auc, which judges probabilities; take one of accuracy, ",
		binary + "train: {threshold: log_loss}\n":                                                   "no threshold changes log_loss",
		binary + "train: {threshold: {metric: {type: f_beta, beta: 2}}}\n":                          "",
		number + "layers: [{type: dense, units: 2}]\nloss: {type: quantile, levels: [0.1, 0.12]}\n": "",
	} {
		_, err := openText(t, text, tableRows())
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s\ngot %v, want %s", text, err, want)
		}
	}
	for levels, want := range map[string]bool{"[0.1, 0.9]": true, "[0.9, 0.5, 0.1]": false} {
		units := strings.Count(levels, ",") + 1
		j := mustOpen(t, fmt.Sprintf("%slayers: [{type: dense, units: %d}]\nloss: {type: quantile, levels: %s}\n", number, units, levels), tableRows())
		if told := strings.Contains(fmt.Sprint(j.Notes.Texts()), "warning: no level is 0.5: the prediction of n is the 0.1 level"); told != want {
			t.Errorf("%s: %v", levels, j.Notes.Texts())
		}
	}
}
