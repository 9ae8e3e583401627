package train

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"dnn/pkg/model"
)

// imageFolder makes two classes of 20 images each.
func imageFolder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for c, class := range []string{"dark", "light"} {
		if err := os.Mkdir(filepath.Join(dir, class), 0o777); err != nil {
			t.Fatal(err)
		}
		for i := range 20 {
			m := image.NewGray(image.Rect(0, 0, 5, 4))
			for k := range m.Pix {
				m.Pix[k] = byte(100*c + 7*i*(k+1)%90)
			}
			m.SetGray(0, 0, color.Gray{byte(i)})
			f, err := os.Create(filepath.Join(dir, class, fmt.Sprintf("%02d.png", i)))
			if err != nil {
				t.Fatal(err)
			}
			if err := png.Encode(f, m); err != nil {
				t.Fatal(err)
			}
			f.Close()
		}
	}
	return dir
}

const folderSpec = `
seed: 3
dataset: {format: image_folder, path: FOLDER, split: {validation: 0.2}}
layers: [flatten, {type: dense, units: 5, activation: tanh}, {type: dropout, rate: 0.2}, {type: dense, units: classes}]
optimizer: {type: sgd, learning_rate: 0.05, momentum: 0.9}
train: {epochs: 3, batch_size: 5}
`

func openFolder(t *testing.T, folder string, sets ...string) *model.Job {
	t.Helper()
	return open(t, strings.Replace(folderSpec, "FOLDER", folder, 1), sets...)
}

// TestImagesReadAheadGiveTheSameBits: in memory, from the cache and decoded when they are needed, filled by the training
// or ahead of it, and resumed in mid-epoch.
func TestImagesReadAheadGiveTheSameBits(t *testing.T) {
	folder, cache := imageFolder(t), t.TempDir()
	want := weightBits(run(t, openFolder(t, folder), t.TempDir(), 1, 0))
	for i, sets := range [][]string{
		{"dataset.memory=0", "dataset.cache=none"},
		{"dataset.memory=0", "dataset.cache=" + cache},
		{"dataset.memory=0", "dataset.cache=" + cache}, // now it is there
		{"dataset.cache=" + cache},
	} {
		for threads := 2 - (i+1)%2; threads <= 2; threads++ {
			if !slices.Equal(weightBits(run(t, openFolder(t, folder, sets...), t.TempDir(), threads, 0)), want) {
				t.Errorf("%v, %d threads: other bits", sets, threads)
			}
		}
		if i > 1 {
			continue
		}
		dir := t.TempDir()
		run(t, openFolder(t, folder, sets...), dir, 2, 9) // of 7 steps an epoch
		if !slices.Equal(weightBits(run(t, openFolder(t, folder, sets...), dir, 2, 0)), want) {
			t.Errorf("%v, stopped and resumed: other bits", sets)
		}
	}
}

// TestVanishedImageEndsTheTraining with its name, the checkpoint whole, and nothing left running.
func TestVanishedImageEndsTheTraining(t *testing.T) {
	for _, threads := range []int{1, 2} {
		before := runtime.NumGoroutine()
		folder, dir := imageFolder(t), t.TempDir()
		job := openFolder(t, folder, "dataset.memory=0", "dataset.cache=none", "train.epochs=200")
		tr, err := New(job, Options{Dir: dir, Threads: threads, Watch: &vanisher{silent{}, filepath.Join(folder, "dark")}})
		if err != nil {
			t.Fatal(err)
		}
		err = tr.Run(context.Background())
		tr.Close()
		if err == nil || !strings.Contains(err.Error(), "dark/") || !strings.Contains(err.Error(), "can no longer be read") {
			t.Errorf("got %v", err)
		}
		f, err := model.Load(filepath.Join(dir, LastFile))
		if err != nil || f.Position == nil {
			t.Errorf("the checkpoint: %v", err)
		}
		for wait := 0; runtime.NumGoroutine() > before && wait < 200; wait++ {
			time.Sleep(time.Millisecond)
		}
		if after := runtime.NumGoroutine(); after > before {
			t.Errorf("%d goroutines before, %d after", before, after)
		}
	}
}

// vanisher removes a folder after the second epoch.
type vanisher struct {
	silent
	folder string
}

func (v *vanisher) Epoch(e Epoch) {
	if e.Epoch == 2 {
		os.RemoveAll(v.folder)
	}
}

func TestFeedingAheadAllocatesNothingInAStep(t *testing.T) {
	job := openFolder(t, imageFolder(t), "dataset.memory=0", "dataset.cache="+t.TempDir(), "train.batch_size=4", "train.epochs=1")
	tr, err := New(job, Options{Dir: t.TempDir(), Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	tr.batches.begin(0)
	if !job.Data.Train.Ahead() {
		t.Fatal("images from a cache are not read ahead")
	}
	const steps = 6
	allocations := func(count int) float64 {
		return testing.AllocsPerRun(5, func() {
			tr.pos.Batch = 0
			tr.batches.readAhead(0)
			for range count {
				if _, err := tr.step(); err != nil {
					t.Fatal(err)
				}
			}
			tr.batches.stopReading()
		})
	}
	if few, many := allocations(2), allocations(2+steps); many > few+1 {
		t.Errorf("%v allocations for 2 steps, %v for %d", few, many, 2+steps)
	}
}

// Rows of many columns are filled ahead too, with the same bits as without.
func TestWideTablesReadAheadGiveTheSameBits(t *testing.T) {
	const wide = `
seed: 5
dataset: {format: synthetic, generator: blobs, rows: 203, features: 70, classes: 3, split: {validation: 0.2}}
layers: [{type: dense, units: 6, activation: tanh}, {type: dropout, rate: 0.2}, {type: dense, units: classes}]
optimizer: {type: adam, learning_rate: 0.01}
train: {epochs: 3, batch_size: 16}
`
	weights := func(threads int) []float32 {
		job := open(t, wide)
		if !job.Data.Train.Ahead() {
			t.Fatal("rows of 70 numbers are not read ahead")
		}
		tr, err := New(job, Options{Dir: t.TempDir(), Threads: threads})
		if err != nil {
			t.Fatal(err)
		}
		defer tr.Close()
		if err := tr.Run(context.Background()); err != nil {
			t.Fatal(err)
		}
		return slices.Clone(tr.State().Data("weights"))
	}
	if alone, ahead := weights(1), weights(2); !slices.Equal(alone, ahead) {
		t.Error("the weights differ")
	}
	if open(t, strings.Replace(wide, "features: 70", "features: 7", 1)).Data.Train.Ahead() {
		t.Error("rows of 7 numbers are read ahead")
	}
}
