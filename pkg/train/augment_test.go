package train

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dnn/internal/kernel/cpu"
	"dnn/pkg/model"
)

// augmented is a spec that changes and mixes its images, with a last batch that is smaller.
const augmented = `
seed: 3
dataset:
  train: {images: IMAGES, labels: LABELS}
  augment: [flip_horizontal, {type: shift, max: 1}, {type: rotate, degrees: 20}, scale, noise, erase, mixup, cutmix]
layers: [flatten, {type: dense, units: 9, activation: tanh}, {type: dropout, rate: 0.2}, {type: dense, units: classes}]
loss: {type: cross_entropy, label_smoothing: 0.1, class_weights: {1: 2}}
optimizer: {type: sgd, learning_rate: 0.05, momentum: 0.9}
train: {epochs: 3, batch_size: 8, accumulate: 2}
`

// openImages opens the spec with 43 images of 6×5 pixels of three classes.
func openImages(t *testing.T, dir string, sets ...string) *model.Job {
	t.Helper()
	images, labels := []byte{0, 0, 8, 3}, []byte{0, 0, 8, 1}
	for _, d := range []uint32{43, 6, 5} {
		images = binary.BigEndian.AppendUint32(images, d)
	}
	labels = binary.BigEndian.AppendUint32(labels, 43)
	for i := range 43 {
		labels = append(labels, byte(i%3))
		for k := range 30 {
			images = append(images, byte(53*i*i+17*k*(i%3+1)))
		}
	}
	text := augmented
	for key, data := range map[string][]byte{"IMAGES": images, "LABELS": labels} {
		file := filepath.Join(dir, key)
		if err := os.WriteFile(file, data, 0o666); err != nil {
			t.Fatal(err)
		}
		text = strings.Replace(text, key, file, 1)
	}
	return open(t, text, sets...)
}

func TestAugmentedTrainingHasItsBits(t *testing.T) {
	data := t.TempDir()
	want := weightBits(run(t, openImages(t, data), t.TempDir(), 1, 0))
	if !slices.Equal(weightBits(run(t, openImages(t, data), t.TempDir(), 2, 0)), want) {
		t.Error("two threads end in other bits than one")
	}
	for _, stop := range []int{1, 2, 4, 7} { // of 3 updates an epoch
		dir := t.TempDir()
		run(t, openImages(t, data), dir, 2, stop)
		if !slices.Equal(weightBits(run(t, openImages(t, data), dir, 1, 0)), want) {
			t.Errorf("stopped after %d updates and resumed: other bits", stop)
		}
	}
	defer cpu.Use(cpu.Variant())
	for _, v := range cpu.Variants() {
		if err := cpu.Use(v); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(weightBits(run(t, openImages(t, data), t.TempDir(), 2, 0)), want) {
			t.Errorf("kernels %s end in other bits", v)
		}
	}
	if slices.Equal(weightBits(run(t, openImages(t, data, "dataset.augment=[]"), t.TempDir(), 1, 0)), want) {
		t.Error("augmentation changes nothing")
	}
}

func TestOtherAugmentationIsNotResumed(t *testing.T) {
	data, dir := t.TempDir(), t.TempDir()
	run(t, openImages(t, data), dir, 1, 2)
	file, err := model.Load(filepath.Join(dir, LastFile))
	if err != nil {
		t.Fatal(err)
	}
	tr, err := New(openImages(t, data, "dataset.augment.1.max=2"), Options{Dir: dir, Resume: file})
	if err == nil {
		tr.Close()
	}
	if err == nil || !strings.Contains(err.Error(), "dataset.augment") {
		t.Errorf("got %v, want a misfit that names dataset.augment", err)
	}
}

func TestAugmentedStepAllocatesNothing(t *testing.T) {
	tr, err := New(openImages(t, t.TempDir()), Options{Dir: t.TempDir(), Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	tr.batches.begin(0)
	one := func() {
		for range tr.batches.count() {
			if _, err := tr.step(); err != nil {
				t.Fatal(err)
			}
		}
		tr.pos.Batch = 0
	}
	one()
	if n := testing.AllocsPerRun(5, one); n != 0 {
		t.Errorf("%v allocations in an epoch's steps", n)
	}
}
