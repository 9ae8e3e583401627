package golang

import "testing"

func TestNames(t *testing.T) {
	for text, want := range map[string]string{"Penguins-2": "penguins2", "5x": "x", "": "model", "äö": "model", "func": "model", "main": "model", "a b": "ab"} {
		if got := PackageName(text); got != want || !ValidName(got) {
			t.Errorf("package of %q: %q, want %q", text, got, want)
		}
	}
	for _, text := range []string{"", "5x", "a-b", "type", "_", "main"} {
		if ValidName(text) {
			t.Errorf("%q is a name", text)
		}
	}
	used := map[string]bool{}
	for _, c := range [][2]string{{"body_mass g", "BodyMassG"}, {"body mass_g", "BodyMassG2"}, {"*/", "Target"}, {"5", "Target2"}, {"bodyMassG2", "BodyMassG22"}, {"Classes", "Classes"}} {
		if got := identifier(c[0], "Target", used); got != c[1] {
			t.Errorf("%q becomes %s, want %s", c[0], got, c[1])
		}
	}
	if got := comment("a*/\nb"); got != `a* /\nb` {
		t.Error(got)
	}
}
