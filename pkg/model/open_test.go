package model

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dnn/pkg/spec"
)

const taggingSpec = `
seed: 3
dataset:
  train: words.csv
  inputs: [{column: word, type: text, tokenizer: char}]
  target: {column: parts, type: tags, separator: ""}
layers:
  - {type: embedding, size: 5}
  - {type: lstm, units: 6, bidirectional: true, sequences: true}
  - {type: conv1d, filters: 7, kernel: 3, padding: same, activation: relu}
  - {type: dense, units: classes}
metrics: [accuracy, f1, precision, recall, confusion_matrix, sequence_accuracy]
train: {batch_size: 4}
`

const wordRows = "word,parts,w\nwalking,sssseee,1\nas,ss,2\nhouses,ssssee,0.5\ni,s,3\nrun,sss,1\n"

// openText opens a spec beside a table.
func openText(t *testing.T, text, rows string, set ...string) (*Job, error) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "words.csv"), []byte(rows), 0o666); err != nil {
		t.Fatal(err)
	}
	for i := range set {
		text = strings.ReplaceAll(text, strings.Split(set[i], " => ")[0], strings.Split(set[i], " => ")[1])
	}
	doc, err := spec.Parse(filepath.Join(dir, "spec.yaml"), []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	return Open(doc)
}

func mustOpen(t *testing.T, text, rows string, set ...string) *Job {
	t.Helper()
	j, err := openText(t, text, rows, set...)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

const wordsFrom = "dataset: {path: %s, inputs: [{column: word, type: text, tokenizer: char}], target: %s}\n"

func data(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("../../testdata/data", name))
	if err != nil {
		t.Fatal(err)
	}
	return path
}
