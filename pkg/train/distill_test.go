package train

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"dnn/pkg/model"
	"dnn/pkg/spec"
)

// teacherOf trains the net of a spec for a moment and returns the folder of its run.
func teacherOf(t *testing.T, text string, sets ...string) string {
	dir := t.TempDir()
	run(t, open(t, text, sets...), dir, 1, 0)
	return dir
}

// distillings are specs with a teacher, for each sort of target. The second %s is train.distill.
func distillings(t *testing.T) map[string]string {
	table := filepath.Join(t.TempDir(), "rows.csv")
	var rows strings.Builder
	rows.WriteString("a,b,kind,price,cost,big,tags\n")
	for i := range 24 {
		fmt.Fprintf(&rows, "%d,%d,%s,%d,%d,%s,%s\n", i%5, i%7, []string{"x", "y", "z"}[(i*i+i/4)%3], 100+3*i, i*i%11, []string{"no", "yes"}[i/5%2], []string{"red", "red;round", "sweet", ""}[i%4])
	}
	if err := os.WriteFile(table, []byte(rows.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	of := func(target, layers string) string {
		return "name: student\nseed: 5\ndataset: {path: " + table + ", inputs: [{columns: [a, b], type: number}], target: " + target + ", split: {validation: 0.2}}\nlayers: [{type: dense, units: 5, activation: tanh}, {type: dropout, rate: 0.2}, " +
			layers + "]\ntrain: {epochs: 3, batch_size: 8, early_stopping: null%s}\n"
	}
	all := map[string]string{
		"classes": of("{column: kind, type: category}", "{type: dense, units: classes}"),
		"numbers": of("[{column: price, type: number, normalize: zscore}, {column: cost, type: number, normalize: zscore}]", "{type: dense, units: targets}"),
		"binary":  of("{column: big, type: binary}", "{type: dense, units: 1}"),
		"labels":  of("{column: tags, type: labels, separator: \";\"}", "{type: dense, units: classes}"),
	}
	all["texts"] = strings.NewReplacer("train: {epochs: 3, batch_size: 3, teacher_forcing: {type: polynomial, power: 1, initial: 1, final: 0.2}}", "train: {epochs: 3, batch_size: 3%s}").Replace(writing(t))
	return all
}

// A training with a teacher ends in the same bits on all threads, when it is stopped and resumed, and with the teacher's predictions
// kept; and the teacher matters.
func TestDistill(t *testing.T) {
	for name, text := range distillings(t) {
		t.Run(name, func(t *testing.T) {
			plain := fmt.Sprintf(text, "")
			first, second := teacherOf(t, plain), teacherOf(t, plain, "seed=8", "dataset.split.seed=5")
			with := func(rest string) string { return fmt.Sprintf(text, ", distill: {teacher: "+rest+"}") }
			want := weightBits(run(t, open(t, with(first)), t.TempDir(), 1, 0))
			if slices.Equal(want, weightBits(run(t, open(t, plain), t.TempDir(), 1, 0))) {
				t.Error("the teacher changes nothing")
			}
			dir := t.TempDir()
			run(t, open(t, with(first)), dir, 2, 4)
			if got := weightBits(run(t, open(t, with(first)), dir, 3, 0)); !slices.Equal(got, want) {
				t.Error("stopped after 4 updates and resumed: other bits")
			}
			if got := weightBits(run(t, open(t, with(first+", cache: true")), t.TempDir(), 1, 0)); !slices.Equal(got, want) {
				t.Error("kept predictions: other bits")
			}
			if got := weightBits(run(t, open(t, with("["+first+", "+first+"]")), t.TempDir(), 1, 0)); !slices.Equal(got, want) {
				t.Error("the same teacher twice: other bits")
			}
			if got := weightBits(run(t, open(t, with("["+first+", "+second+"]")), t.TempDir(), 1, 0)); slices.Equal(got, want) {
				t.Error("a second teacher changes nothing")
			}
		})
	}
}

// taught is what the teachers tell of the rows of the first step.
func taught(t *testing.T, job *model.Job) []float32 {
	tr, err := New(job, Options{Dir: t.TempDir(), Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	tr.batches.begin(0)
	rows := tr.batches.rows(0)
	p, err := tr.program(key{shape: tr.batches.shape(rows)})
	if err == nil {
		err = tr.batches.fill(p, tr.state, 0)
	}
	if err == nil {
		err = teach(tr, p, tr.batches.shape(rows), rows, func(told *model.Program) { told.FeedBatch(p.batch) })
	}
	if err != nil {
		t.Fatal(err)
	}
	return slices.Clone(p.Teaching(0))
}

// Teachers tell probabilities, and numbers on the scale of the net that learns them.
func TestTaught(t *testing.T) {
	all := distillings(t)
	dir := teacherOf(t, fmt.Sprintf(all["classes"], ""))
	told := taught(t, open(t, fmt.Sprintf(all["classes"], ", distill: {teacher: "+dir+"}")))
	for i := 0; i < len(told); i += 3 {
		if sum := told[i] + told[i+1] + told[i+2]; sum < 0.999 || sum > 1.001 || told[i] == told[i+1] {
			t.Fatalf("no probabilities of three classes: %v", told[i:i+3])
		}
	}
	scaled := teacherOf(t, fmt.Sprintf(all["numbers"], ""))
	raw := teacherOf(t, fmt.Sprintf(strings.ReplaceAll(all["numbers"], "normalize: zscore", "normalize: none"), ""))
	job := open(t, fmt.Sprintf(all["numbers"], ", distill: {teacher: ["+scaled+", "+raw+"]}"))
	job.Teachers = job.Teachers[1:] // prices are around 135 ± 20, and it hardly learned to predict more than 0
	for i, x := range taught(t, job) {
		if i%2 == 0 && (x > -4 || x < -8) {
			t.Errorf("a price near 0 is told as %v", x)
		}
	}
}

// What a teacher cannot tell is said before anything is trained.
func TestDistillMistakes(t *testing.T) {
	all := distillings(t)
	plain := fmt.Sprintf(all["classes"], "")
	dir := teacherOf(t, plain)
	numbers := teacherOf(t, fmt.Sprintf(all["numbers"], ""))
	for _, c := range []struct{ distill, old, new, want string }{
		{"{teacher: none}", "", "", "train.distill.teacher_0_: .*none: no such file"},
		{"{teacher: " + numbers + "}", "", "", "is another kind of target"},
		{"{teacher: " + dir + "}", "columns: [a, b]", "columns: [a]", "has no input"},
		{"{teacher: " + dir + "}", "columns: [a, b]", "columns: [b, a]", "has no input"},
		{"{teacher: " + dir + "}", "column: kind", "column: tags", "does not know"},
		{"{teacher: " + dir + ", alpha: 0}", "", "", "train.distill.alpha: 0"},
		{"{teacher: " + dir + ", temperature: -1}", "", "", "train.distill.temperature"},
		{"{teacher: " + dir + ", temperature: 1e30}", "", "", "train.distill.temperature: 1e.?30 is out of range: .*100"},
		{"{temperature: 2}", "", "", "teacher is missing"},
		{"{teacher: " + dir + "}, stateful: true", "", "", "train.distill: does not go with stateful"},
		{"{teacher: " + dir + "}", "train:", "loss: hinge\ntrain:", "with the loss hinge"},
	} {
		text := strings.Replace(fmt.Sprintf(all["classes"], ", distill: "+c.distill), c.old, c.new, 1)
		doc, err := spec.Parse(filepath.Join(t.TempDir(), "spec.yaml"), []byte(text), nil)
		if err == nil {
			_, err = model.Open(doc)
		}
		if err == nil || !regexp.MustCompile(c.want).MatchString(strings.ReplaceAll(err.Error(), "[0]", "_0_")) {
			t.Errorf("%s: %v\nexpected %s", c.distill, err, c.want)
		}
	}
	text := strings.Replace(writing(t), "train: {", "train: {distill: {teacher: "+teacherOf(t, fmt.Sprintf(all["texts"], ""))+", cache: true}, ", 1)
	doc, err := spec.Parse(filepath.Join(t.TempDir(), "spec.yaml"), []byte(text), nil)
	if err == nil {
		_, err = model.Open(doc)
	}
	if err == nil || !strings.Contains(err.Error(), "train.distill.cache: keeps what teachers predict for a row") {
		t.Error(err)
	}
}

// Teachers read the rows as they were trained to, whatever the net's own scales; a training with them is resumed with the same bits.
func TestTeachersScaleForThemselves(t *testing.T) {
	text := strings.ReplaceAll(distillings(t)["classes"], "{columns: [a, b], type: number}", "{columns: [a, b], type: number, normalize: zscore}")
	plain := fmt.Sprintf(text, "")
	first, second := teacherOf(t, plain), teacherOf(t, plain, "seed=8", "dataset.split.seed=6")
	with := func(teachers string) *model.Job {
		return open(t, fmt.Sprintf(text, ", distill: {teacher: "+teachers+"}"))
	}
	want := taught(t, with(second)) // whose scales the net takes over
	both := with("[" + first + ", " + second + "]")
	if both.Teachers[0].Rows != nil || both.Teachers[1].Rows == nil {
		t.Fatal("the net does not have the scales of the first teacher")
	}
	both.Teachers = both.Teachers[1:]
	if got := taught(t, both); !slices.Equal(got, want) {
		t.Errorf("told %v, expected %v", got, want)
	}
	job := func() *model.Job { return with("[" + first + ", " + second + "]") }
	bits := weightBits(run(t, job(), t.TempDir(), 1, 0))
	dir := t.TempDir()
	run(t, job(), dir, 2, 4)
	if !slices.Equal(weightBits(run(t, job(), dir, 2, 0)), bits) {
		t.Error("stopped after 4 updates and resumed: other bits")
	}
}

// The only targets of both may have other names, where their classes are the same: that is told. Numbers are of one column.
func TestOtherTarget(t *testing.T) {
	table := filepath.Join(t.TempDir(), "rows.csv")
	var rows strings.Builder
	rows.WriteString("a,kind,sort,other,big,old,new,price,cost\n")
	for i := range 24 {
		fmt.Fprintf(&rows, "%d,%s,%s,%s,%s,%s,%s,%d,%d\n", i%5, []string{"x", "y", "z"}[i%3], []string{"z", "x", "y"}[i/3%3], []string{"x", "y", "v"}[i%3], []string{"no", "yes"}[i%2], []string{"no", "yes"}[i/2%2],
			[]string{"maybe", "yes"}[i/2%2], i, 2*i)
	}
	if err := os.WriteFile(table, []byte(rows.String()), 0o666); err != nil {
		t.Fatal(err)
	}
	of := func(target, kind, units, distill string) string {
		return "name: net\ndataset: {path: " + table + ", inputs: [{columns: [a], type: number}], target: {column: " + target + ", type: " + kind + "}}\nlayers: [{type: dense, units: " + units + "}]\ntrain: {epochs: 1" + distill + "}\n"
	}
	for _, c := range []struct{ own, theirs, kind, units, warns, wrong string }{
		{"kind", "sort", "category", "classes", "predicts sort, and this net learns that as kind, because the classes are the same", ""},
		{"kind", "kind", "category", "classes", "", ""},
		{"kind", "other", "category", "classes", "", "the model does not know z of target kind"},
		{"big", "old", "binary", "1", "predicts old, and this net learns that as big", ""},
		{"big", "new", "binary", "1", "", "its target new has the classes [maybe yes], and big [no yes]; they must be the same"},
		{"price", "cost", "number", "1", "", "the model does not know price of target price"},
	} {
		teacher := teacherOf(t, of(c.theirs, c.kind, c.units, ""))
		doc, err := spec.Parse(filepath.Join(t.TempDir(), "spec.yaml"), []byte(of(c.own, c.kind, c.units, ", distill: {teacher: "+teacher+"}")), nil)
		if err != nil {
			t.Fatal(err)
		}
		job, err := model.Open(doc)
		if c.wrong != "" {
			if err == nil || !strings.Contains(err.Error(), c.wrong) {
				t.Errorf("%s of %s: %v, expected %s", c.own, c.theirs, err, c.wrong)
			}
			continue
		}
		if err != nil {
			t.Fatalf("%s of %s: %v", c.own, c.theirs, err)
		}
		warned := slices.ContainsFunc(job.Beginning, func(n spec.Note) bool {
			return n.Severity == spec.Warning && c.warns != "" && strings.Contains(n.Text, c.warns)
		})
		told := slices.ContainsFunc(job.Notes, func(n spec.Note) bool { return strings.Contains(n.Text, "because the classes") })
		if warned != (c.warns != "") || told != warned {
			t.Errorf("%s of %s: %v", c.own, c.theirs, job.Notes.Texts())
		}
	}
}
