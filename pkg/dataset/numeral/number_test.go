package numeral_test

import (
	"testing"

	"dnn/pkg/dataset/numeral"
)

// TestCommaHint: the hint writes the number itself, not another one.
func TestCommaHint(t *testing.T) {
	for field, want := range map[string]string{
		"22,5":        " (a decimal comma? write 22.5)",
		"-1.234,5":    " (a decimal comma? write -1234.5)",
		"1,500":       " (commas in it? write 1500, or 1.500 if the comma is a decimal one)",
		"1,234,567.8": " (commas in it? write 1234567.8)",
		"1,2,3":       "",
		"x":           "",
	} {
		if got := numeral.CommaHint(field); got != want {
			t.Errorf("%s: got %q, want %q", field, got, want)
		}
	}
}

// TestWordsCostNothing: a column of words is asked for its numbers, word by word.
func TestWordsCostNothing(t *testing.T) {
	for _, word := range []string{"Private", "nan", "inf", "é", "_1", ""} {
		if allocated := testing.AllocsPerRun(100, func() {
			if x, ok := numeral.Parse(word); ok {
				t.Errorf("%q is read as the number %v", word, x)
			}
		}); allocated > 0 {
			t.Errorf("%q: %v allocations", word, allocated)
		}
	}
}
