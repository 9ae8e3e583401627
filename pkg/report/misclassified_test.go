package report

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"dnn/pkg/metrics"
	"dnn/pkg/model"
	"dnn/pkg/spec"
	"dnn/pkg/task"
	"dnn/pkg/train"
)

func TestMostConfidentMistakesComeFirst(t *testing.T) {
	m := &misclassified{task: task.Head{Kind: task.Category, Classes: []string{"a", "b", "c"}}}
	m.add(metrics.Batch{Rows: 3, Class: []int{0, 1, 2}, Pred: []float64{0.7, 0.2, 0.1, 0.6, 0.3, 0.1, 0.1, 0.8, 0.1}})
	m.add(metrics.Batch{Rows: 2, Class: []int{2, 2}, Pred: []float64{0.8, 0.1, 0.1, 0, 0, 1}})
	m.sort()
	want := []mistake{{row: 2, truth: 2, predicted: 1, p: 0.8, own: 0.1}, {row: 3, truth: 2, predicted: 0, p: 0.8, own: 0.1}, {row: 1, truth: 1, predicted: 0, p: 0.6, own: 0.3}}
	if fmt.Sprint(m.list) != fmt.Sprint(want) || m.count != 3 || m.rows != 5 {
		t.Errorf("%d of %d rows: %v, want %v", m.count, m.rows, m.list, want)
	}
	b := &misclassified{task: task.Head{Kind: task.Binary, Classes: []string{"no", "yes"}}}
	b.add(metrics.Batch{Rows: 4, Class: []int{0, 0, 1, 1}, Pred: []float64{0.25, 0.5, 0.125, 0.9}})
	b.sort()
	want = []mistake{{row: 2, truth: 1, predicted: 0, p: 0.875, own: 0.125}, {row: 1, truth: 0, predicted: 1, p: 0.5, own: 0.5}}
	if fmt.Sprint(b.list) != fmt.Sprint(want) {
		t.Errorf("%v, want %v", b.list, want)
	}
	many := &misclassified{task: b.task}
	for i := range 5000 {
		many.add(metrics.Batch{Rows: 1, Class: []int{0}, Pred: []float64{0.5 + float64(i%500)/1000}})
	}
	many.sort()
	if len(many.list) != maxListed || many.count != 5000 || many.list[maxListed-1].p != 0.5+400.0/1000 {
		t.Errorf("%d of %d are kept, the last %v", len(many.list), many.count, many.list[len(many.list)-1])
	}
	numbers := &misclassified{task: task.Head{Kind: task.Number, Columns: []string{"y"}}}
	numbers.add(metrics.Batch{Rows: 1, Pred: []float64{1}, Labels: []float64{2}})
	if numbers.count != 0 {
		t.Error("a number was taken for a wrong class")
	}
}

// open checks a spec against its data.
func open(t *testing.T, text string, sets ...string) *model.Job {
	t.Helper()
	doc, err := spec.Parse(filepath.Join(t.TempDir(), "spec.yaml"), []byte(text), sets)
	if err != nil {
		t.Fatal(err)
	}
	job, err := model.Open(doc)
	if err != nil {
		t.Fatal(err)
	}
	return job
}

// reported trains in dir and writes the report.
func reported(t *testing.T, job *model.Job, dir string) (*train.Result, *Files, *Report) {
	t.Helper()
	tr, err := train.New(job, train.Options{Dir: dir, Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	if err := tr.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	r := New(job)
	res, err := tr.Finish(t.Context(), nil, r.See)
	if err != nil {
		t.Fatal(err)
	}
	files, err := r.Write(res)
	if err != nil {
		t.Fatal(err)
	}
	return res, files, r
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// writeIDX writes an array of bytes in the format of MNIST.
func writeIDX(t *testing.T, path string, data []byte, shape ...int) {
	t.Helper()
	head := []byte{0, 0, 8, byte(len(shape))}
	for _, d := range shape {
		head = append(head, byte(d>>24), byte(d>>16), byte(d>>8), byte(d))
	}
	if err := os.WriteFile(path, append(head, data...), 0o666); err != nil {
		t.Fatal(err)
	}
}

// TestMistakesOfARun: the list has a line for each row that the confusion matrix counts beside its diagonal, images are
// drawn when there are any, and none is left of a run that makes no mistakes.
func TestReportOfARun(t *testing.T) {
	dir := t.TempDir()
	var pixels, labels []byte
	for i := range 60 {
		label := byte(i % 3)
		labels = append(labels, label)
		if i%10 == 9 {
			label = byte(i / 10 % 3) // an image of another class, now and then
		}
		for k := range 9 {
			pixels = append(pixels, byte(80*int(label)*(k%3))+byte(i%7))
		}
	}
	writeIDX(t, filepath.Join(dir, "x.idx"), pixels, 60, 3, 3)
	writeIDX(t, filepath.Join(dir, "y.idx"), labels, 60)
	job := open(t, fmt.Sprintf(`
name: tiny
dataset: {format: idx, path: {images: %s/x.idx, labels: %[1]s/y.idx}, split: {train: 0.5, validation: 0, test: 0.5}}
layers: [flatten, {type: dense, units: classes}]
train: {epochs: 1}
`, dir))
	res, files, r := reported(t, job, dir)
	wrong, matrix := 0.0, res.Parts[len(res.Parts)-1].Scores.Heads[0].Confusion.Matrix()
	for i, row := range matrix {
		for k, n := range row {
			if i != k {
				wrong += n
			}
		}
	}
	f, err := os.Open(files.Misclassified[0])
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || wrong == 0 || len(rows) != int(wrong)+1 {
		t.Fatalf("%d lines for %v mistakes (%v)", len(rows), wrong, err)
	}
	last := 1.0
	for _, row := range rows[1:] {
		p, _ := strconv.ParseFloat(row[3], 64)
		own, _ := strconv.ParseFloat(row[4], 64)
		if !strings.Contains(row[0], "x.idx row ") || row[1] == row[2] || p > last || own > p {
			t.Errorf("%v after %v", row, last)
		}
		last = p
	}
	if !exists(filepath.Join(dir, "misclassified.png")) || !exists(filepath.Join(dir, "misclassified.svg")) || files.Plots[len(files.Plots)-1] != filepath.Join(dir, "misclassified.png") {
		t.Errorf("no plot of the misclassified images among %v", files.Plots)
	}
	former, err := os.ReadFile(filepath.Join(dir, "mistakes.csv"))
	if err != nil || !strings.HasPrefix(string(former), "row,truth,prediction,probability,probability_of_truth\n") || strings.Count(string(former), "\n") != len(rows) {
		t.Errorf("the list under its former name: %s (%v)", former, err)
	}
	r.heads[0].wrong = &misclassified{}
	none, err := r.writeMisclassified(&painter{}, r.heads[0], dir, res.Parts[len(res.Parts)-1])
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"misclassified.csv", "mistakes.csv", "misclassified.png", "misclassified.svg"} {
		if exists(filepath.Join(dir, name)) || none != "" {
			t.Errorf("%s is left", name)
		}
	}
}

// Of sequences the list tells the step too; those without steps have no mistakes.
func TestMistakesOfSteps(t *testing.T) {
	m := &misclassified{task: task.Head{Kind: task.Binary, Classes: []string{"no", "yes"}, Axis: &task.Axis{}}}
	m.add(metrics.Batch{Rows: 3, Class: []int{1, 0, 0}, Pred: []float64{0.25, 0.1, 0.625}, Steps: []int{2, 0, 1, 0}})
	m.add(metrics.Batch{Rows: 1, Class: []int{0}, Pred: []float64{0.875}, Steps: []int{0, 1}})
	m.sort()
	want := []mistake{{row: 5, step: 1, predicted: 1, p: 0.875, own: 0.125}, {row: 0, step: 1, truth: 1, p: 0.75, own: 0.25}, {row: 2, step: 1, predicted: 1, p: 0.625, own: 0.375}}
	if fmt.Sprint(m.list) != fmt.Sprint(want) || m.rows != 6 {
		t.Errorf("of %d rows %v, want %v", m.rows, m.list, want)
	}
}
