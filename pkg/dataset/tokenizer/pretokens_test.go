package tokenizer

import (
	"encoding/json"
	"os"
	"slices"
	"testing"
)

// TestPretokens holds the pieces against those of GPT-2's pattern (testdata/tokenizer/pretokens.py).
func TestPretokens(t *testing.T) {
	data, err := os.ReadFile("../../../testdata/tokenizer/pretokens.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Cases []struct {
			Text   string
			Pieces []string
		}
	}
	if err := json.Unmarshal(data, &file); err != nil || len(file.Cases) == 0 {
		t.Fatal("no cases", err)
	}
	for _, c := range file.Cases {
		if got := slices.Collect(pretokens(c.Text)); !slices.Equal(got, c.Pieces) {
			t.Errorf("%q is cut into %q, want %q", c.Text, got, c.Pieces)
		}
	}
}
