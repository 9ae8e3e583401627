package model

import (
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"dnn/pkg/graph/exec"
	"dnn/pkg/train/checkpoint"
)

// The bucket lengths and their reasons come back from a model file; the net of a file without them is asked for the same,
// and lengths that do not fit the rows are refused.
func TestBucketsOfAFile(t *testing.T) {
	j := mustOpen(t, taggingSpec, wordRows)
	state, path := exec.NewState(), filepath.Join(t.TempDir(), "m.safetensors")
	if err := j.Bind(state, false); err != nil {
		t.Fatal(err)
	}
	template, err := NewTemplate(&j.Network, filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	content, err := template.Content(state, nil)
	if err != nil {
		t.Fatal(err)
	}
	stored := content.Metadata[metaBuckets]
	for text, want := range map[string]string{
		stored: "", "": "", "[]": "0 blocks have bucket lengths, expected 1", "{": "cannot be read",
		strings.Replace(stored, "7]", "8]", 1): "do not fit rows of",
	} {
		if content.Metadata[metaBuckets] = text; text == "" {
			delete(content.Metadata, metaBuckets)
		}
		if err := checkpoint.Write(path, content); err != nil {
			t.Fatal(err)
		}
		f, err := Load(path)
		if want != "" {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: got %v, want %s", text, err, want)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if got := f.Net.Schema.Buckets(); !reflect.DeepEqual(got, j.Schema.Buckets()) || got[0].MaxSteps < 1000 {
			t.Errorf("%+v, want %+v", got, j.Schema.Buckets())
		}
	}
}
