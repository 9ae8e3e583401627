package infer

import (
	"io"
	"slices"
	"strings"
	"testing"

	"dnn/internal/parallel"
	"dnn/pkg/dataset/stream"
	"dnn/pkg/graph/exec"
	"dnn/pkg/model"
)

// Programs do not pile up, and rows of a million steps are cut to what a gigabyte is enough for.
func TestMemoryOfLongRows(t *testing.T) {
	j := mustOpen(t, strings.Replace(classifying, "LAYERS", "{type: gru, units: 200, sequences: true}, global_max_pool1d", 1), namedRows)
	_, most, why := j.Schema.Longest(0)
	if most < 10_000 || most > 1_000_000 || !strings.Contains(why, "bytes of memory for each step") {
		t.Fatalf("%d steps: %s", most, why)
	}
	if g, err := j.PredictGraph(model.BatchShapeFor(1, []int{most})); err != nil || model.FloatsOf(g) > model.MaxRowFloats*5/4 {
		t.Errorf("%d numbers, %v", model.FloatsOf(g), err)
	}
	pool := parallel.New(1)
	defer pool.Close()
	r := NewRunner(&j.Network, exec.NewState(), pool, false)
	for n := 1; n < 3*keptPrograms; n++ {
		if _, err := r.program(model.BatchShapeFor(1, []int{16 * n})); err != nil {
			t.Fatal(err)
		}
	}
	latest, _ := r.program(model.BatchShapeFor(1, []int{16}))
	again, _ := r.program(model.BatchShapeFor(1, []int{16}))
	if r.programs.Len() > keptPrograms || latest != again {
		t.Errorf("%d programs are kept", r.programs.Len())
	}
	// Beside a row of 100 000 steps there are few others in a batch.
	st, err := stream.Open(j.Schema, strings.NewReader(longRows(3, append(make([]int, 300), 100_000, 3, 3, 2000, 1001, 999)...)), "x.csv", stream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	all := 0
	for {
		n, err := st.Next(r.Batch(), 256)
		if err == io.EOF {
			break
		}
		b := r.Batch()
		if all += n; n*b.Steps[0] > 1<<22 || len(b.Ints[0]) > 1<<22 {
			t.Errorf("%d rows of %d steps, a buffer of %d", n, b.Steps[0], len(b.Ints[0]))
		}
		for _, g := range r.groups() {
			if len(g.rows)*g.shape.Steps[0] > 1<<17 {
				t.Errorf("a group of %d rows of %d steps", len(g.rows), g.shape.Steps[0])
			}
			for _, row := range g.rows {
				if length := j.Schema.Bucket(0, int(b.Lengths[0][row])); g.shape.Steps[0] > 7 && 2*length < g.shape.Steps[0] {
					t.Errorf("a row of %d steps in a group of %d", length, g.shape.Steps[0])
				}
			}
		}
	}
	if all != 306 {
		t.Errorf("%d rows", all)
	}
}

// A bound far beyond the data takes no memory, and changes no prediction to rows below a lower one.
func TestMemoryOfABoundBeyondTheData(t *testing.T) {
	text := longRows(6, 3, 7, 40, 1, 33)
	var want [][]float32
	for _, bound := range []string{"40", "1000000000"} {
		spec := strings.NewReplacer("LAYERS", "{type: gru, units: 6, bidirectional: true}", "tokenizer: char", "tokenizer: char, max_length: "+bound).Replace(classifying)
		j := mustOpen(t, spec, namedRows)
		if e := j.TrainingShape(4); e.Steps[0] != 7 {
			t.Errorf("usual steps %d", e.Steps[0])
		}
		got, cut := predictionsOf(t, j, text, 9)
		if cut.Rows > 0 {
			t.Errorf("%+v", cut)
		}
		if want == nil {
			want = got
		}
		for i := range want {
			if !slices.Equal(got[i], want[i]) {
				t.Errorf("with a bound of %s row %d has the prediction %v, not %v", bound, i, got[i], want[i])
			}
		}
	}
}
