package model

import (
	"runtime"
	"strings"
	"testing"

	"dnn/pkg/train/checkpoint"
)

// TestShapesAreComparedFirst: a few kilobytes that declare a huge net are refused before memory is taken or a first value is drawn.
func TestShapesAreComparedFirst(t *testing.T) {
	path := trained(t, "word,kind\nab,x\nba,y\naa,x\nbb,y\n")
	for _, c := range []struct{ old, new, want string }{
		{"filters: 3", "filters: 100000000", "tensor mix.weight is [3x2x1], the net expects [100000000x2x1]"},
		{"size: 2", "size: 50000000", "tensor letters.table is [4x2], the net expects [4x50000000]"},
		{"  - type: dense\n", "  - {type: dense, units: 6000, weight_init: orthogonal}\n  - {type: dense, units: 6000, weight_init: orthogonal}\n  - type: dense\n", "has no tensor dense_1.weight"},
		{"  - {type: global_max_pool1d", "  - {type: positions}\n  - {type: repeat, times: 50, layers: [{type: dense, units: 100000000}]}\n  - {type: global_max_pool1d", "has no tensor repeat_1.0.dense_1.weight"},
		{"accumulate: 1\n", "accumulate: 4\n", "has no tensor accumulated_gradient/letters.table"},
	} {
		f, err := checkpoint.Read(path)
		if err != nil {
			t.Fatal(err)
		}
		spec := strings.Replace(f.Metadata[metaSpec], c.old, c.new, 1)
		if spec == f.Metadata[metaSpec] {
			t.Fatalf("the spec has no %q:\n%s", c.old, spec)
		}
		f.Metadata[metaSpec] = spec
		other := t.TempDir() + "/other.safetensors"
		if err := checkpoint.Write(other, f); err != nil {
			t.Fatal(err)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err = Load(other)
		runtime.ReadMemStats(&after)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", c.new, err, c.want)
		}
		if used := after.TotalAlloc - before.TotalAlloc; used > 400<<20 {
			t.Errorf("%s: %d MB were allocated", c.new, used>>20)
		}
	}
}
