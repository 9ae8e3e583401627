package model

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dnn/internal/parallel"
	"dnn/pkg/dataset"
	"dnn/pkg/graph/exec"
	"dnn/pkg/metrics"
	"dnn/pkg/spec"
)

const classifying = `
seed: 3
dataset:
  train: words.csv
  inputs: [{column: word, type: text, tokenizer: char}]
  target: w
layers: [{type: embedding, size: 5}, LAYERS, {type: dense, units: classes}]
metrics: []
train: {batch_size: 4}
`

const namedRows = "word,w\nwalking,a\nas,b\nhouses,a\ni,c\nrun,b\n"

// What a net takes is found out from the net.
func TestWhichNetsTakeLongerRows(t *testing.T) {
	for layers, want := range map[string]string{
		"{type: gru, units: 4}": "",
		"{type: rnn, units: 4, sequences: true, bidirectional: true}, attention_pool":                             "",
		"{type: conv1d, filters: 4, kernel: 3, stride: 2}, batch_norm, global_max_pool1d":                         "",
		"{type: repeat, times: 2, layers: [{type: dense, units: 5}]}, global_avg_pool1d":                          "",
		"{type: residual, layers: [{type: conv1d, filters: 5, kernel: 3, padding: same}]}, {type: gru, units: 3}": "",
		"flatten": "layers[2] (dense) takes sequences of one length alone: its weight would have another shape for others",
		"flatten, {type: dense, units: 3, trainable: false}":                     "layers[2] (dense) takes sequences of one length alone: its weight",
		"flatten, batch_norm, {type: reshape, shape: [7, 5]}, global_max_pool1d": "layers[3].shape: a row of shape [80] has 80 elements",
	} {
		j, err := openText(t, strings.Replace(classifying, "LAYERS", layers, 1), namedRows)
		if err != nil {
			t.Errorf("%s: %v", layers, err)
			continue
		}
		trained, most, why := j.Schema.Longest(0)
		if trained != 7 || (want == "") != (most > 10_000) || want != "" && (most != 7 || !strings.Contains(why, want)) {
			t.Errorf("%s: %d of %d: %s", layers, most, trained, why)
		}
	}
}

// answersTo runs the rows of a file through a net, as a model that was written and read again does, so many at most at once.
func answersTo(t *testing.T, j *Job, text string, atOnce int) (list [][]float32, cut dataset.Cut) {
	t.Helper()
	data, err := json.Marshal(j.Schema)
	if err != nil {
		t.Fatal(err)
	}
	n := &Network{Config: j.Config, Target: j.Target, Schema: &dataset.Schema{}}
	if err := json.Unmarshal(data, n.Schema); err != nil {
		t.Fatal(err)
	}
	n.askSteps()
	st, err := n.Schema.Open(strings.NewReader(text), "new.csv", dataset.StreamOptions{})
	if err != nil {
		t.Fatal(err)
	}
	pool := parallel.New(2)
	defer pool.Close()
	r := NewRunner(n, exec.NewState(), pool, false)
	for {
		rows, err := st.Next(r.Batch(), min(atOnce, n.ScoreRows()))
		if err == io.EOF {
			return list, st.Cut()
		}
		if err != nil {
			t.Fatal(err)
		}
		out, _, _, err := r.Run()
		if err != nil {
			t.Fatal(err)
		}
		for i := range rows {
			if err := st.Errors()[i]; err != nil {
				t.Fatal(err)
			}
			from, to := r.Answers(i)
			list = append(list, slices.Clone(out[from*n.outputs:to*n.outputs]))
		}
	}
}

// longRows are texts of the letters of namedRows, most short and some far longer than any of these.
func longRows(seed uint64, lengths ...int) string {
	r := rand.New(rand.NewPCG(seed, 1))
	var b strings.Builder
	b.WriteString("word\n")
	for _, n := range lengths {
		b.WriteByte('"')
		for range n {
			b.WriteByte("walkinghousesr"[r.IntN(14)])
		}
		b.WriteString("\"\n")
	}
	return b.String()
}

// A row has the same answer alone and in any batch, to the bit, however long it and the others are.
func TestLongRowsAreAnsweredAlike(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	lengths := []int{3000, 0, 1, 7, 8}
	for range 90 {
		lengths = append(lengths, 1+r.IntN(12), 1+r.IntN(200))
	}
	lengths = append(lengths, 1500, 1499)
	text := longRows(1, lengths...)
	for _, spec := range []string{
		strings.Replace(classifying, "LAYERS", "{type: gru, units: 6, bidirectional: true}", 1),
		strings.Replace(classifying, "LAYERS", "{type: conv1d, filters: 6, kernel: 5, padding: same, activation: relu}, {type: lstm, units: 4, sequences: true}, attention_pool", 1),
		strings.Replace(classifying, "LAYERS", "{type: conv1d, filters: 4, kernel: 5, stride: 2}, global_avg_pool1d", 1),
		taggingSpec,
		strings.Replace(strings.Replace(taggingSpec, "bidirectional: true, ", "", 1), "  - {type: conv1d, filters: 7, kernel: 3, padding: same, activation: relu}\n", "", 1) + "  stateful: true\n  unroll: 5\n",
	} {
		rows := namedRows
		if strings.Contains(spec, "type: tags") {
			rows, spec = wordRows, strings.Replace(spec, "train: {batch_size: 4}", "train:\n  batch_size: 4", 1)
		}
		j := mustOpen(t, spec, rows)
		together, cut := answersTo(t, j, text, 1000)
		alone, _ := answersTo(t, j, text, 1)
		some, _ := answersTo(t, j, text, 13)
		if len(together) != len(lengths) || cut.Rows > 0 {
			t.Fatalf("%d rows of %d, %d cut", len(together), len(lengths), cut.Rows)
		}
		for i, want := range alone {
			if size := len(want); j.Target.Steps && size != lengths[i]*2 || !j.Target.Steps && size != 3 {
				t.Fatalf("row %d of %d steps has %d numbers", i, lengths[i], size)
			}
			if !slices.Equal(want, together[i]) || !slices.Equal(want, some[i]) {
				t.Errorf("%s: row %d of %d steps is another in a batch", spec, i, lengths[i])
			}
		}
	}
}

// Series of which all rows of the data have the same number of steps need no lengths, and rows that have more do.
func TestRowsLongerThanEvenSeries(t *testing.T) {
	const text = `
seed: 3
dataset:
  train: words.csv
  inputs: [{column: s, type: series}]
  target: TARGET
layers: [LAYERS, {type: dense, units: targets}]
train: {batch_size: 2}
`
	each := strings.NewReplacer("TARGET", "{column: y, type: tags, each: number}", "LAYERS", "{type: gru, units: 3, sequences: true, bidirectional: true}").Replace(text)
	one := strings.NewReplacer("TARGET", "z", "LAYERS", "{type: conv1d, filters: 4, kernel: 3}, batch_norm, global_avg_pool1d").Replace(text)
	flat := strings.NewReplacer("TARGET", "z", "LAYERS", "flatten").Replace(text)
	steps := func(digits string) string { return strings.TrimSpace(strings.Repeat(digits, 5)) }
	rows := "s,y,z\n" + steps("1 2 3 4 ") + "," + steps("4 5 6 7 ") + ",1.5\n" + steps("3 2 1 0 ") + "," + steps("6 5 4 5 ") + ",3\n"
	r := rand.New(rand.NewPCG(5, 5))
	file := "s\n"
	for i := range 150 {
		n := 20
		if i%3 == 0 {
			n += 1 + r.IntN(60)
		}
		for range n {
			file += fmt.Sprintf("%d.%d ", r.IntN(5), r.IntN(9))
		}
		file += "\n"
	}
	for _, spec := range []string{each, one, flat} {
		j := mustOpen(t, spec, rows)
		if g, err := j.PredictGraph(Rows(2)); err != nil || g.Input(feedLengths+"s") != nil {
			t.Errorf("even rows have lengths: %v", err)
		}
		together, cut := answersTo(t, j, file, 1000)
		alone, _ := answersTo(t, j, file, 1)
		if (spec == flat) != (cut.Rows > 0) {
			t.Errorf("%s: %+v", spec, cut)
		}
		for i, want := range alone {
			if !slices.Equal(want, together[i]) {
				t.Errorf("row %d is another in a batch", i)
			}
		}
		if spec == each && (len(alone[0]) <= 20 || len(alone[1]) != 20) {
			t.Errorf("%d and %d answers", len(alone[0]), len(alone[1]))
		}
		if spec != flat {
			evenApart(t, j, file)
		}
	}
}

// evenApart wants rows without lengths to go through the net by themselves, for the same bits as in training.
func evenApart(t *testing.T, j *Job, file string) {
	t.Helper()
	st, err := j.Schema.Open(strings.NewReader(file), "new.csv", dataset.StreamOptions{})
	if err != nil {
		t.Fatal(err)
	}
	r := NewRunner(&j.Network, exec.NewState(), nil, false)
	if _, err := st.Next(r.Batch(), 150); err != nil {
		t.Fatal(err)
	}
	even, rows := 0, 0
	for _, g := range r.groups() {
		for _, row := range g.rows {
			rows++
			if is := r.batch.Lengths[0][row] == 20; is == g.extent.uneven(j.Schema, 0) {
				t.Errorf("a row of %d steps in a group of %d", r.batch.Lengths[0][row], g.extent.Steps[0])
			} else if is {
				even++
			}
		}
	}
	if even != 100 || rows != 150 {
		t.Errorf("%d even rows of %d", even, rows)
	}
}

// A part with rows that the net cuts is told when the spec is opened.
func TestPartsThatAreCutAreTold(t *testing.T) {
	for layers, want := range map[string]string{
		"flatten": "validation: rows with more than 6 steps in word, cut to that: 1 (layers[2] (dense) takes", "{type: gru, units: 3}": "",
	} {
		text := strings.Replace(strings.Replace(classifying, "LAYERS", layers, 1), "  target: w", "  target: w\n  split: {validation: 1, order: true}", 1)
		j, err := openText(t, strings.Replace(text, "train: words.csv", "path: words.csv", 1), "word,w\nas,b\nhouses,a\ni,c\nrun,b\nwalking,a\n")
		if err != nil {
			t.Fatal(err)
		}
		if notes := strings.Join(j.Data.Notes, "; "); want == "" && strings.Contains(notes, "cut to") || !strings.Contains(notes, want) {
			t.Errorf("%s: %s", layers, notes)
		}
	}
}

// Where the net takes rows of one length alone, or the spec says so, they are cut, and the stream says why.
func TestRowsThatAreCut(t *testing.T) {
	for layers, want := range map[string]string{"flatten": "layers[2] (dense)", "{type: gru, units: 3}": "max_length"} {
		spec := strings.Replace(classifying, "LAYERS", layers, 1)
		if want == "max_length" {
			spec = strings.Replace(spec, "tokenizer: char", "tokenizer: char, max_length: 7", 1)
		}
		j := mustOpen(t, spec, namedRows)
		got, cut := answersTo(t, j, "word\nhouseshouses\nhousesh\nas\n", 9)
		if !slices.Equal(got[0], got[1]) || cut.Rows != 1 || cut.Steps != 7 || !strings.Contains(cut.Why, want) {
			t.Errorf("%s: %v, %+v", layers, got, cut)
		}
	}
}

// Long rows count in scores with all their steps, in whatever batch, and files are scored as parts are.
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
	j, err := Open(doc)
	if err != nil {
		t.Fatal(err)
	}
	pool := parallel.New(2)
	defer pool.Close()
	runner := NewRunner(&j.Network, exec.NewState(), pool, true)
	var seen []int
	part, err := ScorePart(runner, j.Data.Test, func(b metrics.Batch) { seen = append(seen, b.Steps...) })
	if err != nil {
		t.Fatal(err)
	}
	st, err := j.Schema.Open(strings.NewReader(rows), "x.csv", dataset.StreamOptions{WithTarget: true})
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
	if part.Rows != 60 || part.Steps != steps || len(seen) != 60 || file.Steps != steps {
		t.Errorf("%d rows, %d steps of %d, in a file %d", part.Rows, part.Steps, steps, file.Steps)
	}
	if part.Loss != file.Loss || part.Get("accuracy") != file.Get("accuracy") || part.Get("sequence_accuracy") != file.Get("sequence_accuracy") {
		t.Errorf("part %v %v, file %v %v", part.Loss, part.Get("accuracy"), file.Loss, file.Get("accuracy"))
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

// Programs do not pile up, and rows of a million steps are cut to what a gigabyte is enough for.
func TestMemoryOfLongRows(t *testing.T) {
	j := mustOpen(t, strings.Replace(classifying, "LAYERS", "{type: gru, units: 200, sequences: true}, global_max_pool1d", 1), namedRows)
	_, most, why := j.Schema.Longest(0)
	if most < 10_000 || most > 1_000_000 || !strings.Contains(why, "bytes of memory for each step") {
		t.Fatalf("%d steps: %s", most, why)
	}
	if n := j.floats(ExtentFor(1, []int{most})); n > longestFloats*5/4 {
		t.Errorf("%d numbers", n)
	}
	pool := parallel.New(1)
	defer pool.Close()
	r := NewRunner(&j.Network, exec.NewState(), pool, false)
	for n := 1; n < 3*keptPrograms; n++ {
		if _, err := r.program(ExtentFor(1, []int{16 * n})); err != nil {
			t.Fatal(err)
		}
	}
	latest, _ := r.program(ExtentFor(1, []int{16}))
	again, _ := r.program(ExtentFor(1, []int{16}))
	if len(r.programs.list) > keptPrograms || latest != again {
		t.Errorf("%d programs are kept", len(r.programs.list))
	}
	// Beside a row of 100 000 steps there are few others in a batch.
	st, err := j.Schema.Open(strings.NewReader(longRows(3, append(make([]int, 300), 100_000, 3, 3, 2000, 1001, 999)...)), "x.csv", dataset.StreamOptions{})
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
			if len(g.rows)*g.extent.Steps[0] > 1<<17 {
				t.Errorf("a group of %d rows of %d steps", len(g.rows), g.extent.Steps[0])
			}
			for _, row := range g.rows {
				if length := j.Schema.Room(0, int(b.Lengths[0][row])); g.extent.Steps[0] > 7 && 2*length < g.extent.Steps[0] {
					t.Errorf("a row of %d steps in a group of %d", length, g.extent.Steps[0])
				}
			}
		}
	}
	if all != 306 {
		t.Errorf("%d rows", all)
	}
}

// A net of windows that leads back to the number of steps takes only lengths it can halve, and one behind flatten only one.
func TestRoomsThatTheNetTakes(t *testing.T) {
	halving := strings.NewReplacer("kernel: 3, padding: same", "kernel: 3, padding: same, stride: 2", "  - {type: dense,", "  - {type: upsample1d, size: 2}\n  - {type: dense,").Replace(taggingSpec)
	j := mustOpen(t, halving, "word,parts,w\n"+strings.Repeat("house", 4)+","+strings.Repeat("sesss", 4)+",1\nas,ss,1\n")
	if got := j.Schema.Rooms(0); !slices.Equal(got, []int{6, 12, 18, 20}) { // of 3, 6, 9, … 20
		t.Errorf("rooms %v", got)
	}
	answers, cut := answersTo(t, j, longRows(4, 1, 2, 5, 20, 21, 47, 1000, 3), 100)
	if cut.Rows > 0 || len(answers[6]) != 2000 {
		t.Errorf("%d numbers, %+v", len(answers[6]), cut)
	}
	j = mustOpen(t, strings.Replace(classifying, "LAYERS", "flatten", 1), namedRows)
	if got := j.Schema.Rooms(0); !slices.Equal(got, []int{7}) {
		t.Errorf("rooms %v", got)
	}
	if got := j.Data.Train.Steps(nil, []int{1}); got[0] != 7 {
		t.Errorf("a batch of a short row has room for %d steps", got[0])
	}
}
