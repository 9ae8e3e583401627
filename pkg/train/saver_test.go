package train

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"dnn/pkg/model"
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
		if err := s.checkpoint(waiting{path: path, file: fileOf(memory...)}); err != nil {
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
	first := s.checkpoint(waiting{path: filepath.Join(dir, "a.safetensors"), file: fileOf(1)})
	if second := s.wait(); first == nil && second == nil {
		t.Fatal("no failure was returned for a file in a folder that is not there")
	}
	if err := s.wait(); err != nil {
		t.Errorf("returned again: %v", err)
	}
	if err := s.checkpoint(waiting{path: filepath.Join(t.TempDir(), "b.safetensors"), file: fileOf(1)}); err != nil {
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
		} else if err := s.keep("best", fileOf(float32(epoch))); err != nil {
			t.Fatal(err)
		}
		if epoch%5 == 0 { // no time for a checkpoint
			continue
		}
		if err := s.checkpoint(waiting{path: "last", file: fileOf(float32(best))}); err != nil {
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

// A checkpoint that is kept is on the disk before the last one, from which it would not be made again; so are the best weights.
func TestKeptCheckpointsComeFirst(t *testing.T) {
	tr, err := New(open(t, everything, "train.checkpoint={keep_every: 1, every_seconds: 1e-9}"), Options{Dir: t.TempDir(), Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	tr.saver.active, tr.saver.sure = true, true // nothing is written
	if err := tr.epoch(t.Context()); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, w := range tr.saver.queue {
		names = append(names, filepath.Base(w.path))
	}
	if want := []string{BestFile, "epoch-0001.safetensors", LastFile}; !slices.Equal(names, want) {
		t.Errorf("written as %v, want %v", names, want)
	}
	if tr.saver.due() != true {
		t.Error("no checkpoint is due")
	}
	tr.saver.every = time.Hour
	if tr.saver.due() {
		t.Error("a checkpoint is due within the hour")
	}
	tr.saver.every, tr.saver.took = 0, time.Hour
	if tr.saver.due() {
		t.Error("a checkpoint is due though writing one takes an hour")
	}
}

// The best weights are on the disk also when nothing comes after them: a training that diverges keeps them.
func TestBestWeightsOfADivergedTraining(t *testing.T) {
	dir := t.TempDir()
	tr, err := New(open(t, everything, "train.epochs=3"), Options{Dir: dir, Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	for range 2 {
		if err := tr.epoch(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	tr.state.Data(model.VarWeights)[0] = float32(math.NaN())
	var diverged *Diverged
	if err := tr.Run(t.Context()); !errors.As(err, &diverged) {
		t.Fatal(err)
	}
	best, err := model.Load(filepath.Join(dir, BestFile))
	if err != nil {
		t.Fatal(err)
	}
	if tr.pos.BestEpoch == 0 || math.IsNaN(float64(best.State.Data(model.VarWeights)[0])) {
		t.Error("the weights are those that diverged")
	}
}
