package main

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// A recipe that is killed at any moment, and run again, ends in the models of one that is not.
func TestCompressKilledAtAnyMoment(t *testing.T) {
	dir := t.TempDir()
	text := strings.NewReplacer("epochs: 60", "epochs: 15", "  - batch_norm", "  - {type: dense, units: 48}\n  - batch_norm").Replace(killedSpec) + `
compress:
  - {type: factorize, energy: 0.7, epochs: 8}
  - {type: distill, epochs: 8, learning_rate: {type: cosine, initial: 0.005}}
  - {type: quantize, weights: int4, epochs: 6}
`
	if err := os.WriteFile(filepath.Join(dir, "spec.yaml"), []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	run(t, dir, "compress", "-c", "spec.yaml", "--out", "whole", "-q")
	draw := rand.New(rand.NewPCG(3, 4))
	kills := 0
	for i := range 30 { // ever later, so that a fast machine is interrupted, too, and a slow one comes to the end
		if ended, _ := startFor(t, dir, time.Duration(20+15*i+draw.IntN(30))*time.Millisecond, "compress", "-c", "spec.yaml", "--out", "killed", "-q"); ended {
			break
		}
		kills++
	}
	run(t, dir, "compress", "-c", "spec.yaml", "--out", "killed", "-q")
	if kills < 3 {
		t.Errorf("killed %d times only", kills)
	}
	t.Log(kills, "kills")
	for _, name := range []string{"0-train", "1-factorize", "2-distill", "3-quantize", "."} {
		if read(t, dir, "whole", name, "model.safetensors") != read(t, dir, "killed", name, "model.safetensors") {
			t.Errorf("%s differs after %d kills", name, kills)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "killed", "*", "*.tmp")); len(left) > 0 {
		t.Errorf("left %v", left)
	}
}
