package explain

import (
	"path/filepath"
	"testing"
)

const wordsFrom = "dataset: {path: %s, inputs: [{column: word, type: text, tokenizer: char}], target: %s}\n"

func data(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("../../testdata/data", name))
	if err != nil {
		t.Fatal(err)
	}
	return path
}
