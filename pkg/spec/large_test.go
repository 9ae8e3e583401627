package spec

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestLargeSpecs: a file that is no spec is not read to its end.
func TestLargeSpecs(t *testing.T) {
	file := filepath.Join(t.TempDir(), "data.csv")
	if err := os.WriteFile(file, []byte(strings.Repeat("1,2,3\n", 200_000)), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(file, nil); err == nil || !strings.Contains(err.Error(), "data.csv: the spec has more than 1 MB") {
		t.Error(err)
	}
	if _, err := Load("/dev/zero", nil); err == nil || !strings.Contains(err.Error(), "/dev/zero: the spec has more than 1 MB") {
		t.Error(err)
	}
	if _, err := LoadResolved("/dev/zero", nil); err == nil || !strings.Contains(err.Error(), "/dev/zero: the spec has more than 16 MB") {
		t.Error(err)
	}
}

// TestProblemsByPath: what is known of mistakes follows those that are added and moved.
func TestProblemsByPath(t *testing.T) {
	p := &Problems{}
	look := func(want string) {
		t.Helper()
		var got []string
		for _, path := range []string{"", "a", "a.b", "a[1]", "a[1].c", "d"} {
			flags := ""
			if p.At(path) {
				flags += "at"
			}
			if p.Under(path) {
				flags += "under"
			}
			if p.UnderBut(path, "c") {
				flags += "but"
			}
			got = append(got, flags)
		}
		if all := strings.Join(got, " "); all != want {
			t.Errorf("got %q, want %q", all, want)
		}
	}
	look("     ")
	p.Add("a[1].c", "x")
	look(" underbut  under atunderbut ")
	p.AddKey("a.b", "x")
	look(" underbut atunder under atunderbut ")
	p.Move("a[1].c", "d")
	look(" under atunder   atunderbut")
	p.Rebase("a", "a[1]")
	look(" under  under  atunderbut")
	p.Add("", "x")
	look("atunderbut under  under  atunderbut")
}
