package train

import (
	"os"
	"path/filepath"
	"testing"

	"dnn/pkg/train/checkpoint"
)

func fileOf(values ...float32) *checkpoint.File {
	return &checkpoint.File{Tensors: []checkpoint.Tensor{checkpoint.New("w", []int{len(values)}, values)}}
}

// What is written is what the memory held when put was called, and of several files of one name the last one stays.
func TestSaverWritesTheLast(t *testing.T) {
	var s saver
	path := filepath.Join(t.TempDir(), "a.safetensors")
	memory := []float32{0, 0}
	for i := range 50 {
		memory[0], memory[1] = float32(i), float32(i*i)
		if err := s.put(path, fileOf(memory...), true); err != nil {
			t.Fatal(err)
		}
	}
	memory[0] = -1
	if err := s.wait(); err != nil {
		t.Fatal(err)
	}
	f, err := checkpoint.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	w, err := checkpoint.Values[float32](f.Tensor("w"))
	if err != nil || len(w) != 2 || w[0] != 49 || w[1] != 49*49 {
		t.Errorf("the file holds %v (%v), want 49, 2401", w, err)
	}
}

// A failure is returned once: by the next put or by wait.
func TestSaverTellsFailures(t *testing.T) {
	var s saver
	dir := filepath.Join(t.TempDir(), "gone")
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	os.Remove(dir)
	first := s.put(filepath.Join(dir, "a.safetensors"), fileOf(1), true)
	if second := s.wait(); first == nil && second == nil {
		t.Fatal("no failure was returned for a file in a folder that is not there")
	}
	if err := s.wait(); err != nil {
		t.Errorf("returned again: %v", err)
	}
	if err := s.put(filepath.Join(t.TempDir(), "b.safetensors"), fileOf(1), false); err != nil {
		t.Error(err)
	}
	if err := s.wait(); err != nil {
		t.Error(err)
	}
}

// In whatever order files are written, weights are never older than a checkpoint says: what a kill leaves on the disk is
// one of the states that this goes through.
func TestSaverKeepsTheOrder(t *testing.T) {
	s := saver{active: true} // nothing is written: the queue is all there is
	onDisk := 0              // the epoch of the best weights
	for epoch := 1; epoch <= 200; epoch++ {
		best := epoch
		if epoch%7 == 3 { // no better than before
			best = epoch - 1
		} else if err := s.put("best", fileOf(float32(epoch)), false); err != nil {
			t.Fatal(err)
		}
		if err := s.put("last", fileOf(float32(best)), true); err != nil {
			t.Fatal(err)
		}
		for range epoch % 3 { // the disk is slow, then quick
			if len(s.queue) == 0 {
				break
			}
			next := s.queue[0]
			s.queue = s.queue[1:]
			w, _ := checkpoint.Values[float32](&next.file.Tensors[0])
			if next.path == "best" {
				onDisk = int(w[0])
			} else if onDisk < int(w[0]) {
				t.Fatalf("epoch %d: a checkpoint for the weights of epoch %v is written while those of %d are on the disk", epoch, w[0], onDisk)
			}
		}
	}
}
