package model

import (
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"dnn/internal/parallel"
	"dnn/pkg/dataset"
	"dnn/pkg/graph/exec"
	"dnn/pkg/spec"
)

// imageFiles writes 12 images of 3×2 pixels and their labels, 0 to classes-1, and returns the folder.
func imageFiles(t *testing.T, classes int) string {
	dir := t.TempDir()
	images, labels := []byte{0, 0, 8, 3}, []byte{0, 0, 8, 1}
	for _, d := range []uint32{12, 3, 2} {
		images = binary.BigEndian.AppendUint32(images, d)
	}
	labels = binary.BigEndian.AppendUint32(labels, 12)
	for i := range 12 {
		labels = append(labels, byte(i%classes))
		for k := range 6 {
			images = append(images, byte(37*i*i+91*k))
		}
	}
	for name, data := range map[string][]byte{"i": images, "l": labels} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestMixedLoss: the loss of a mixed row is the mixture of its losses for both targets, for every kind of target and loss.
func TestMixedLoss(t *testing.T) {
	for target, losses := range map[string][]string{
		"category": {"cross_entropy", "{type: cross_entropy, label_smoothing: 0.1}", "{type: cross_entropy, class_weights: {0: 3, 2: 0}}", "{type: cross_entropy, label_smoothing: 0.2, class_weights: {1: 2}}", "focal", "hinge", "kl_divergence"},
		"binary":   {"binary_cross_entropy", "{type: binary_cross_entropy, class_weights: {0: 4}}", "hinge", "focal"},
		"number":   {"mse", "mae", "huber", "log_cosh"},
	} {
		classes := map[string]int{"category": 3, "binary": 2, "number": 5}[target]
		dir := imageFiles(t, classes)
		for _, loss := range losses {
			units := map[string]string{"category": "classes", "binary": "targets", "number": "targets"}[target]
			if loss == "kl_divergence" && target != "category" {
				continue
			}
			doc, err := spec.Parse(filepath.Join(dir, "s.yaml"), fmt.Appendf(nil, `
dataset: {train: {images: i, labels: l}, target: {column: label, type: %s}, augment: [mixup]}
layers: [flatten, {type: dense, units: %s}]
loss: %s
`, target, units, loss), nil)
			if err != nil {
				t.Fatal(err)
			}
			job, err := Open(doc)
			if err != nil {
				t.Fatal(err)
			}
			tryMixed(t, target+" "+loss, job)
		}
	}
}

func tryMixed(t *testing.T, what string, job *Job) {
	pool, state := parallel.New(1), exec.NewState()
	defer pool.Close()
	train, err := job.TrainGraph(Rows(1), Alone)
	if err != nil {
		t.Fatal(err)
	}
	step, err := job.Compile(train, state, pool, exec.Options{})
	if err != nil {
		t.Fatal(err)
	}
	score, err := job.ScoreGraph(Rows(1))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := job.Compile(score, state, pool, exec.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if plain.HasFeed(FeedShare) {
		t.Errorf("%s: scoring wants shares", what)
	}
	b := job.Schema.NewBatch(1)
	of := func(feed func(*dataset.Batch)) (loss, weight float64) {
		feed(b)
		plain.FeedBatch(b)
		plain.Run()
		return float64(plain.Output(OutLoss).F[0]), float64(plain.Output(OutLossWeight).F[0])
	}
	for row := range 4 {
		for _, share := range []float32{0, 0.3, 1} {
			if err := job.Data.Train.FillTraining(b, []int{row}, 1, 1); err != nil {
				t.Fatal(err)
			}
			other := job.Schema.NewBatch(1)
			if err := job.Data.Train.Fill(other, []int{row + 1}); err != nil {
				t.Fatal(err)
			}
			first, w1 := of(func(*dataset.Batch) {})
			b.Share[0] = share
			copy(b.Heads[0].SecondInts, other.Heads[0].Ints)
			copy(b.Heads[0].SecondFloats, other.Heads[0].Floats)
			step.FeedBatch(b)
			step.Forward()
			second, w2 := of(func(b *dataset.Batch) {
				copy(b.Heads[0].Ints, other.Heads[0].Ints)
				copy(b.Heads[0].Floats, other.Heads[0].Floats)
			})
			s := float64(share)
			got, weight := float64(step.Output(OutLoss).F[0]), float64(step.Output(OutLossWeight).F[0])
			if want := s*first + (1-s)*second; math.Abs(got-want) > 1e-5*max(1, want) {
				t.Errorf("%s: row %d with share %v has loss %v, want %v", what, row, share, got, want)
			}
			if want := s*w1 + (1-s)*w2; math.Abs(weight-want) > 1e-5 {
				t.Errorf("%s: row %d with share %v weighs %v, want %v", what, row, share, weight, want)
			}
		}
	}
}
