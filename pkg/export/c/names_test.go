package c

import "testing"

func TestNames(t *testing.T) {
	for text, want := range map[string]string{"Birds-2": "birds_2", "5 x": "x", "": "model", "é": "model", "a_": "a", "F": "model_f"} {
		if got := Name(text); got != want || !ValidName(got) {
			t.Errorf("%q becomes %s, want %s", text, got, want)
		}
	}
	for _, text := range []string{"", "5x", "A", "a-b", "_a", "k"} {
		if ValidName(text) {
			t.Errorf("%q is a name", text)
		}
	}
}
