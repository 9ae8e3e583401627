package history

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// runFolder writes the files of the folder of a run.
func runFolder(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// A broken result is reported once; a result must be a mapping.
func TestBrokenResults(t *testing.T) {
	for result, want := range map[string]string{`{"epochs":`: "unexpected end of JSON input", "null": "expected the result of a run, got null", "[]": "cannot unmarshal"} {
		dir := t.TempDir()
		runFolder(t, dir, map[string]string{"spec.yaml": "name: a\n", "metrics.jsonl": "", ResultFile: result})
		if _, err := Read(dir); err == nil || strings.Count(err.Error(), want) != 1 || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", result, err)
		}
	}
}

// What is left of a run is found, so that it is told what it lacks.
func TestFindBrokenFolders(t *testing.T) {
	root := t.TempDir()
	for name, files := range map[string]map[string]string{
		"whole": {"metrics.jsonl": ""}, "result": {ResultFile: "{}"}, "weights": {"last.safetensors": ""}, "other": {"notes.txt": ""},
	} {
		runFolder(t, filepath.Join(root, name), files)
	}
	dirs, err := Find(root)
	for i := range dirs {
		dirs[i] = filepath.Base(dirs[i])
	}
	if err != nil || !slices.Equal(dirs, []string{"result", "weights", "whole"}) {
		t.Errorf("%v (%v)", dirs, err)
	}
}
