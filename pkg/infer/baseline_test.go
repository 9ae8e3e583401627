package infer

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dnn/pkg/graph/exec"
	"dnn/pkg/metrics"
	"dnn/pkg/model"
	"dnn/pkg/spec"
	"dnn/pkg/task"
)

// scored opens a spec beside a table, in which {target} stands for its target, and scores an untrained net on its test split.
func scored(t *testing.T, rows, target, rest string) *Scores {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "d.csv"), []byte(rows), 0o666); err != nil {
		t.Fatal(err)
	}
	text := "dataset: {path: d.csv, inputs: [x], target: " + target + ", split: {order: true, validation: 0, test: 20}}\n" + rest
	doc, err := spec.Parse(filepath.Join(dir, "spec.yaml"), []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	job, err := model.Open(doc)
	if err != nil {
		t.Fatal(err)
	}
	pool, state := exec.NewPool(1), exec.NewState()
	defer pool.Close()
	if err := job.Bind(state, false); err != nil {
		t.Fatal(err)
	}
	scores, err := Score(NewRunner(&job.Network, state, pool, true), job.Data.Test, Scoring{Compare: true})
	if err != nil {
		t.Fatal(err)
	}
	return scores
}

func get(t *testing.T, b Baseline, name string) float64 {
	t.Helper()
	for _, m := range b.Metrics {
		if m.Name == name {
			return m.Result.Value
		}
	}
	t.Fatalf("%s has no %s", b.Name, name)
	return 0
}

func near(a, b float64) bool { return math.Abs(a-b) < 1e-6 }

// The baseline of classes says what the training split alone tells: its shares, of which the largest is predicted.
func TestMajorityClass(t *testing.T) {
	rows := "x,y,z\n"
	for i := range 100 { // 60 a, 20 b among the first 80; 14 a, 6 b among the last 20
		y := "a"
		if i%4 == 3 && i < 80 || i >= 94 {
			y = "b"
		}
		rows += fmt.Sprintf("%d,%s,%d\n", i%7, y, 1000+i%10)
	}
	for _, target := range []string{"{column: y, type: category}", "{column: y, type: binary, positive: [b]}"} {
		units, entropy := "classes", -(14*math.Log(.75)+6*math.Log(.25))/20
		if strings.Contains(target, "binary") {
			units = "1"
		}
		s := scored(t, rows, target, "layers: [{type: dense, units: "+units+"}]\nmetrics: [accuracy, roc_auc, log_loss, confusion_matrix]\n")
		if len(s.Heads[0].Baselines) != 1 {
			t.Fatalf("%s: %+v", target, s.Heads[0].Baselines)
		}
		b := s.Heads[0].Baselines[0]
		if b.Name != "majority_class" || !near(get(t, b, "accuracy"), .7) || !near(get(t, b, "roc_auc"), .5) || !near(get(t, b, "log_loss"), entropy) {
			t.Errorf("%s: %+v", target, b)
		}
		text, err := json.Marshal(s)
		if err != nil || !strings.Contains(string(text), `"baselines":{"majority_class":{"accuracy":0.7,`) {
			t.Errorf("%s (%v)", text, err)
		}
	}
}

// The baseline of numbers is the mean of the training split, in their unit, on whatever scale they are learned.
func TestMean(t *testing.T) {
	rows := "x,y\n"
	for i := range 100 { // the mean of the first 80 is 1004.5, and so is that of the last 20
		rows += fmt.Sprintf("%d,%d\n", i%7, 1000+i%10)
	}
	for _, normalize := range []string{"none", "zscore", "minmax"} {
		s := scored(t, rows, "{column: y, type: number, normalize: "+normalize+"}", "layers: [{type: dense, units: targets}]\nmetrics: [rmse, mae, r2]\n")
		b := s.Heads[0].Baselines[0]
		if b.Name != "mean" || !near(get(t, b, "r2"), 0) || math.Abs(get(t, b, "rmse")-math.Sqrt(8.25)) > 1e-4 || math.Abs(get(t, b, "mae")-2.5) > 1e-4 {
			t.Errorf("%s: %+v", normalize, b)
		}
		if ours := s.Heads[0].Metrics[2].Result.Value; b.Beaten != (ours > 0) {
			t.Errorf("%s: the net has R² %v, and the mean is beaten: %v", normalize, ours, b.Beaten)
		}
	}
}

// Rows that are all of one class do not tell whether a net is better than always predicting it, but whether it is worse.
func TestBaselineOfRowsThatAreAlike(t *testing.T) {
	rows := "x,y\n"
	for i := range 60 {
		rows += fmt.Sprintf("%d,%s\n", i%7, []string{"a", "a", "b"}[i%3*min(1, max(0, 40-i))])
	}
	s := scored(t, rows, "{column: y, type: category}", "layers: [{type: dense, units: classes}]\nmetrics: [accuracy]\n")
	if b := s.Heads[0].Baselines[0]; !near(get(t, b, "accuracy"), 1) || b.Beaten != near(s.Heads[0].Metrics[0].Result.Value, 1) {
		t.Errorf("%+v next to %+v", b, s.Heads[0].Metrics)
	}
}

// A net is compared in the metrics that are defined for both.
func TestBeaten(t *testing.T) {
	h := task.Head{Kind: task.Binary, Width: 1, Classes: []string{"no", "yes"}, Columns: []string{"y"}}
	list := []metrics.Metric{spec.New[metrics.Metric]("accuracy"), spec.New[metrics.Metric]("roc_auc")}
	for p, want := range map[float64]bool{0.9: false, 0.1: true} { // all labels are no
		m := metrics.Batch{Rows: 20, Pred: make([]float64, 20), Labels: make([]float64, 20), Class: make([]int, 20)}
		for i := range m.Pred {
			m.Pred[i] = p
		}
		b := &baselines{names: []string{"majority_class"}, does: []string{""}, constant: []float64{0.2}, goals: []metrics.Goal{metrics.Higher, metrics.Higher},
			sets: []*metrics.Set{metrics.NewSet(list, h)}}
		own := metrics.NewSet(list, h)
		own.Add(m)
		if b.add(m, 1, nil); b.results(own.Results())[0].Beaten != want {
			t.Errorf("a net that says %v: %+v", p, own.Results())
		}
	}
}
