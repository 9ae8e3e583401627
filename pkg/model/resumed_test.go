package model

import (
	"os"
	"path/filepath"
	"testing"

	"dnn/pkg/dataset"
	"dnn/pkg/dataset/column"
	"dnn/pkg/graph/exec"
	"dnn/pkg/spec"
)

// TestResumedKeepsTheEncoding: a training that began with another inference goes on with it, unless the spec says something else.
func TestResumedKeepsTheEncoding(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "d.csv"), []byte("a,y\n1,u\n2,v\n3,u\n4,v\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	read := func(target string) *spec.Document {
		doc, err := spec.Parse(filepath.Join(dir, "s.yaml"), []byte("dataset: {train: d.csv, split: {validation: 0}, target: "+target+"}\nlayers: [{type: dense, units: 2}]\n"), nil)
		if err != nil {
			t.Fatal(err)
		}
		return doc
	}
	old, err := Open(read("{column: y, type: category}")) // as y was inferred once
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "last.safetensors")
	state := exec.NewState()
	if err := old.Bind(state, true); err != nil {
		t.Fatal(err)
	}
	old.Config.Dataset.Target[0] = dataset.TargetSettings{Column: "y", Type: spec.New[column.TargetType]("auto")}
	if err := Save(path, &old.Network, state, struct{}{}); err != nil {
		t.Fatal(err)
	}
	last, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if j, err := OpenToResume(read("y"), last); err != nil || j.Heads[0].Width != 2 {
		t.Error(err)
	}
	if _, err := OpenToResume(read("{column: y, type: binary}"), last); err == nil {
		t.Error("another target is encoded as before")
	}
	if _, err := Open(read("y")); err == nil {
		t.Error("y is two classes")
	}
}
