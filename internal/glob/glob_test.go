package glob

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// TestFiles: the names are those of filepath.Glob.
func TestFiles(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, name := range []string{"a/1.csv", "a/2.csv", "a/b/3.csv", "c/4.csv", "c/[x].csv", "top.csv"} {
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, pattern := range []string{"*", "*.csv", "*/*", "*/*.csv", "**/*/*.csv", "a/?.csv", "./*/*", "c/[[]x].csv", "none/*", "top.csv/*", "top.csv", "none", "a/../*", filepath.Join(here, "*", "?.csv"), "/*"} {
		want, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		got, err := new(Search).Files(pattern)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q (%v)", pattern, got, want, err)
		}
		found += len(got)
	}
	if found < 20 {
		t.Errorf("only %d names were found", found)
	}
	if _, err := new(Search).Files("a/[x"); !errors.Is(err, filepath.ErrBadPattern) {
		t.Error(err)
	}
}

// TestBounds: a search ends, however many files there are, and all its patterns share the bounds.
func TestBounds(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.Symlink(".", "round"); err != nil {
		t.Skip(err)
	}
	for _, name := range []string{"a", "b", "c"} {
		if err := os.Symlink(".", name); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := new(Search).Files("*/*/*"); err != nil || len(got) != 64 {
		t.Errorf("%d files (%v)", len(got), err)
	}
	s := &Search{seen: mostEntries - 100}
	if _, err := s.Files("*"); err != nil {
		t.Error(err)
	}
	if _, err := s.Files("*/*/*/*/*/*/*/*/*/*/*/*/*/*/*"); !errors.Is(err, ErrTooMany) {
		t.Error(err)
	}
	if _, err := s.Files("*"); !errors.Is(err, ErrTooMany) {
		t.Error(err)
	}
	if _, err := (&Search{until: time.Now().Add(-time.Second)}).Files("*"); !errors.Is(err, ErrTooMany) {
		t.Error(err)
	}
}
