package checkpoint

import (
	"os"
	"testing"
)

// TestWriteSample writes the file that testdata/checkpoint/check_safetensors.py reads.
func TestWriteSample(t *testing.T) {
	path := os.Getenv("CHECKPOINT_SAMPLE")
	if path == "" {
		t.Skip("CHECKPOINT_SAMPLE is not set")
	}
	f := sample(7)
	f.Metadata["sample"] = "7"
	if err := Write(path, f); err != nil {
		t.Fatal(err)
	}
}
