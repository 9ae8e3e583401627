package model

import (
	"path/filepath"
	"slices"
	"testing"

	"dnn/pkg/graph/exec"
	"dnn/pkg/spec"
)

// What a teacher knows is found by the names of classes, whatever their order.
func TestTeacherByName(t *testing.T) {
	const text = "dataset: {format: synthetic, generator: blobs, rows: 60, classes: 3}\nlayers: [{type: dense, units: classes}]\ntrain: {epochs: 1}\n"
	doc, err := spec.Parse(filepath.Join(t.TempDir(), "spec.yaml"), []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	job, err := Open(doc)
	if err != nil {
		t.Fatal(err)
	}
	state := exec.NewState()
	if err := job.Bind(state, false); err != nil {
		t.Fatal(err)
	}
	teacher := Teacher{File: &File{Net: &job.Network, State: state}}
	n := job.Network
	n.Heads = slices.Clone(n.Heads)
	classes := n.Heads[0].Classes
	n.Heads[0].Classes = []string{classes[2], classes[0], classes[1]}
	if err := teacher.match(&n); err != nil {
		t.Fatal(err)
	}
	g, err := teacher.Graph(Rows(2), 1)
	if err != nil {
		t.Fatal(err)
	}
	pool := exec.NewPool(1)
	defer pool.Close()
	p, err := job.Compile(g, state, pool, exec.Options{})
	if err != nil {
		t.Fatal(err)
	}
	batch := job.Schema.NewBatch(2)
	if err := job.Data.Train.Fill(batch, []int{0, 1}); err != nil {
		t.Fatal(err)
	}
	p.FeedBatch(batch)
	p.Run()
	told, said := make([]float32, 6), p.Prediction(0)
	teacher.Tell(0, p, told, 1, true)
	for i := range 6 {
		if from := i/3*3 + []int{2, 0, 1}[i%3]; told[i] != said[from] || said[0] == said[1] {
			t.Errorf("%v of %v", told, said)
			break
		}
	}
	teacher.Tell(0, p, told, 1, false)
	if told[0] != 2*said[2] {
		t.Errorf("a second teacher is not added: %v of %v", told, said)
	}
	for _, wrong := range [][]string{{"a", classes[0], classes[1]}, classes[:2]} {
		if n.Heads[0].Classes = wrong; (&Teacher{File: teacher.File}).match(&n) == nil {
			t.Errorf("%v of %v are taken", wrong, classes)
		}
	}
}
