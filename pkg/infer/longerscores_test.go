package infer

import (
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dnn/internal/parallel"
	"dnn/pkg/dataset/stream"
	"dnn/pkg/graph/exec"
	"dnn/pkg/metrics"
	"dnn/pkg/model"
	"dnn/pkg/spec"
)

// Long rows count in scores with all their steps, in whatever batch, and files are scored as splits are.
func TestLongRowsAreScored(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	rows := "word,parts,w\n"
	steps := 0
	for i := range 60 {
		n := 1 + r.IntN(9)
		if i%20 == 5 {
			n = 900 + r.IntN(2000)
		}
		steps += n
		rows += strings.Repeat("walking", n)[:n] + "," + strings.Repeat("sse", n)[:n] + ",2\n"
	}
	dir := t.TempDir()
	for name, text := range map[string]string{"words.csv": wordRows, "test.csv": rows} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	doc, err := spec.Parse(filepath.Join(dir, "spec.yaml"), []byte(strings.Replace(taggingSpec, "train: words.csv", "train: words.csv\n  test: test.csv\n  weight: w", 1)), nil)
	if err != nil {
		t.Fatal(err)
	}
	j, err := model.Open(doc)
	if err != nil {
		t.Fatal(err)
	}
	pool := parallel.New(2)
	defer pool.Close()
	runner := NewRunner(&j.Network, exec.NewState(), pool, true)
	var seen []int
	part, err := ScorePart(runner, j.Data.Test, func(_ int, b metrics.Batch) { seen = append(seen, b.Steps...) })
	if err != nil {
		t.Fatal(err)
	}
	st, err := stream.Open(j.Schema, strings.NewReader(rows), "x.csv", stream.Options{WithTarget: true})
	if err != nil {
		t.Fatal(err)
	}
	s := NewScorer(runner)
	for {
		if _, err := st.Next(runner.Batch(), 256); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if err := s.Add(); err != nil {
			t.Fatal(err)
		}
	}
	file := s.Result()
	if part.Rows != 60 || part.Heads[0].Steps != steps || len(seen) != 60 || file.Heads[0].Steps != steps {
		t.Errorf("%d rows, %d steps of %d, in a file %d", part.Rows, part.Heads[0].Steps, steps, file.Heads[0].Steps)
	}
	if part.Loss != file.Loss || part.Get("accuracy") != file.Get("accuracy") || part.Get("sequence_accuracy") != file.Get("sequence_accuracy") {
		t.Errorf("split %v %v, file %v %v", part.Loss, part.Get("accuracy"), file.Loss, file.Get("accuracy"))
	}
	sum, right := 0.0, 0.0
	one := NewRunner(&j.Network, exec.NewState(), pool, true)
	for i := range 60 { // row by row
		if err := j.Data.Test.Fill(one.Batch(), []int{i}); err != nil {
			t.Fatal(err)
		}
		n := float64(one.Batch().Lengths[0][0])
		single := NewScorer(one)
		if err := single.Add(); err != nil {
			t.Fatal(err)
		}
		sum, right = sum+single.Result().Loss*n, right+single.Result().Get("accuracy")*n
	}
	if math.Abs(sum/float64(steps)-part.Loss) > 1e-6 || math.Abs(right/float64(steps)-part.Get("accuracy")) > 1e-9 {
		t.Errorf("loss %v, accuracy %v; row by row %v, %v", part.Loss, part.Get("accuracy"), sum/float64(steps), right/float64(steps))
	}
}
