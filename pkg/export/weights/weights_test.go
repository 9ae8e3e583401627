package weights_test

import (
	"path/filepath"
	"testing"

	"dnn/pkg/export/weights"
	"dnn/pkg/model"
	"dnn/pkg/tensors/layout"
)

// Models of all sorts have a place in other programs, with all that they learned.
func TestTensors(t *testing.T) {
	files, err := filepath.Glob("../../../testdata/golden/*/final/best.safetensors")
	if err != nil || len(files) == 0 {
		t.Fatal("there are no models", err)
	}
	for _, path := range files {
		f, err := model.Load(path)
		if err != nil {
			t.Fatal(err)
		}
		learned := 0
		for _, p := range f.Learned() {
			learned += len(p.Data)
		}
		list, err := weights.Tensors(f, "torch")
		if err != nil {
			t.Errorf("%s: %v", path, err)
		}
		written := 0
		for _, one := range list {
			if !one.Whole {
				written += len(one.Data)
			}
		}
		if written != learned {
			t.Errorf("%s: wrote %d numbers of %d", path, written, learned)
		}
		for _, program := range layout.Programs.Keys() {
			if _, err := weights.Tensors(f, program); err != nil {
				t.Errorf("%s: %v", path, err)
			}
		}
	}
}
