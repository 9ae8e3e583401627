package train

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dnn/pkg/graph/exec"
	"dnn/pkg/model"
	"dnn/pkg/spec"
)

// matching are specs whose layers can learn from those of a teacher: of vectors, images and sequences of different lengths. "width"
// stands for the width of the layer called hidden, the second %s for train.distill.
func matching(t *testing.T) map[string]string {
	words := filepath.Join(t.TempDir(), "words.csv")
	if err := os.WriteFile(words, []byte("word,kind\nwalking,x\nas,y\nhouses,x\ni,y\nrunner,x\nsun,y\nno,x\nunder,y\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	return map[string]string{
		"vectors": "name: net\nseed: 5\ndataset: {format: synthetic, generator: moons, rows: 90}\nlayers: [{type: dense, name: hidden, units: width, activation: tanh}, {type: dropout, rate: 0.2}, {type: dense, units: classes}]\n" +
			"train: {epochs: 2, batch_size: 16, accumulate: 3, gradient_clip: {norm: 1}, weight_average: {decay: 0.9}%s}\n",
		"images": "name: net\nseed: 5\ndataset: {format: synthetic, generator: blobs, features: 36, rows: 60}\nlayers: [{type: reshape, shape: [6, 6, 1]}, {type: conv2d, name: hidden, filters: width, kernel: 3, activation: relu}, flatten, {type: dense, units: classes}]\n" +
			"train: {epochs: 2, batch_size: 16, recompute: [hidden]%s}\n",
		"sequences": "name: net\nseed: 5\ndataset: {train: " + words + ", inputs: [{column: word, type: text, tokenizer: char}], target: {column: kind, type: category}}\n" +
			"layers: [{type: embedding, size: 4}, {type: gru, name: hidden, units: width, sequences: true}, {type: gru, name: end, units: 3}, {type: dense, units: classes}]\ntrain: {epochs: 3, batch_size: 3%s}\n",
	}
}

func narrow(text, distill string) string {
	return fmt.Sprintf(strings.ReplaceAll(text, "width", "5"), distill)
}

func wide(text string) string { return fmt.Sprintf(strings.ReplaceAll(text, "width", "8"), "") }

// A net whose layer learns from one of the teacher ends in the same bits on all threads, when it is stopped and resumed, and with the
// teacher's values kept. What brings the layer to the teacher's width is in checkpoints alone.
func TestMatch(t *testing.T) {
	for name, text := range matching(t) {
		t.Run(name, func(t *testing.T) {
			teacher := teacherOf(t, wide(text))
			with := func(rest string) string { return narrow(text, ", distill: {teacher: "+teacher+", "+rest+"}") }
			whole := t.TempDir()
			want := weightBits(run(t, open(t, with("match: {hidden: hidden}")), whole, 1, 0))
			if slices.Equal(want, weightBits(run(t, open(t, with("match: [{layer: hidden, teacher: hidden, weight: 0.1}]")), t.TempDir(), 1, 0))) {
				t.Error("the weight of the match changes nothing")
			}
			dir := t.TempDir()
			run(t, open(t, with("match: {hidden: hidden}")), dir, 2, 2)
			if got := weightBits(run(t, open(t, with("match: {hidden: hidden}")), dir, 3, 0)); !slices.Equal(got, want) {
				t.Error("stopped after 2 updates and resumed: other bits")
			}
			if got := weightBits(run(t, open(t, with("match: {hidden: hidden}, cache: true")), t.TempDir(), 1, 0)); !slices.Equal(got, want) {
				t.Error("kept values: other bits")
			}
			best, err := model.Load(filepath.Join(whole, BestFile))
			if err != nil {
				t.Fatal(err)
			}
			last, err := model.Load(filepath.Join(whole, LastFile))
			if err != nil {
				t.Fatal(err)
			}
			in := func(f *model.File) bool {
				return slices.ContainsFunc(f.State.Names(), func(name string) bool { return strings.HasPrefix(name, "projection") })
			}
			if in(best) || !in(last) {
				t.Errorf("a projection: in the model %v, in the checkpoint %v", in(best), in(last))
			}
		})
	}
}

// lessonLoss is the loss of the first step where the teacher puts out x at each valid step, and far beside it in the padding.
func lessonLoss(t *testing.T, job *model.Job, x float32) (loss, rows float64) {
	tr, err := New(job, Options{Dir: t.TempDir(), Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	tr.batches.begin(0)
	list := tr.batches.rows(0)
	p, err := tr.program(key{shape: tr.batches.shape(list)})
	if err == nil {
		err = tr.batches.fill(p, tr.state, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	steps := 1
	var lengths []int32
	if name := model.FeedLengths + job.Schema.Blocks[0].Name; p.HasFeed(name) {
		lengths, steps = p.Feed(name).I, tr.batches.shape(list).Steps[0]
	}
	values := p.Lessons()[1]
	each := len(values) / len(list) / steps
	for i := range values {
		row, step := i/each/steps, i/each%steps
		if values[i] = x; lengths != nil && step >= int(lengths[row]) {
			values[i] = 1e6 * x
		}
	}
	feedScalars(p.Program, tr.pos, 0)
	p.Forward()
	return float64(p.Output(model.OutLoss).F[0]), float64(len(list))
}

// The distance is the mean of squares over all values of a row but padding: its second difference by the teacher's value is 2.
func TestMatchIsMeanSquare(t *testing.T) {
	for name, text := range matching(t) {
		teacher := teacherOf(t, wide(text))
		text = strings.Replace(text, ", accumulate: 3", "", 1)
		job := func() *model.Job {
			return open(t, narrow(text, ", distill: {teacher: "+teacher+", match: [{layer: hidden, teacher: hidden, weight: 3}]}"))
		}
		at0, rows := lessonLoss(t, job(), 0)
		at1, _ := lessonLoss(t, job(), 1)
		at2, _ := lessonLoss(t, job(), 2)
		if got, want := at2-2*at1+at0, 2*3*rows; math.Abs(got-want) > 1e-3*want {
			t.Errorf("%s: %v, expected %v", name, got, want)
		}
	}
}

// What cannot be matched is said before anything is trained.
func TestMatchMistakes(t *testing.T) {
	all := matching(t)
	teachers := map[string]string{}
	for name, text := range all {
		teachers[name] = teacherOf(t, wide(text))
	}
	for _, c := range []struct{ of, distill, old, new, want string }{
		{"vectors", "match: {hiden: hidden}", "", "", `train.distill.match[0].layer: no layer of this net is called "hiden" (did you mean hidden?); its layers are: hidden, dropout_1, dense_1`},
		{"vectors", "match: {hidden: first}", "", "", `train.distill.match[0].teacher: no layer of the teacher is called "first"`},
		{"vectors", "match: [{layer: hidden}]", "", "", "train.distill.match[0]: teacher is missing"},
		{"vectors", "match: [{layer: hidden, teacher: hidden, weight: 0}]", "", "", "train.distill.match[0].weight: 0"},
		{"vectors", "match: [{layer: hidden, teacher: hidden, width: 9}]", "", "", "train.distill.match[0].width: is 9, and the last axis of hidden of the teacher has 8"},
		{"vectors", "match: hidden", "", "", "train.distill.match: "},
		{"images", "match: {hidden: hidden}", "kernel: 3", "kernel: 4", "for a row, one puts out [3x3x5] and the other [4x4x8], which may differ in the last axis alone"},
		{"images", "match: {hidden: flatten_1}", "", "", "one puts out [4x4x5] and the other [128]"},
		{"sequences", "match: {end: hidden}", "", "", "which may differ in the last axis alone"},
		{"vectors", "match: {hidden: hidden}", "batch_size: 16", "batch_size: 16, shards: 2", "train.shards: does not go with distill.match"},
		{"vectors", "match: {hidden: hidden}", ", distill: {teacher: ", ", distill: {teacher: [a, b], temperature: ", "names layers of one teacher, and there are 2"},
	} {
		text := strings.Replace(narrow(all[c.of], ", distill: {teacher: "+teachers[c.of]+", "+c.distill+"}"), c.old, c.new, 1)
		text = strings.Replace(text, "[a, b], temperature: "+teachers[c.of], "[a, b]", 1)
		doc, err := spec.Parse(filepath.Join(t.TempDir(), "spec.yaml"), []byte(text), nil)
		if err == nil {
			_, err = model.Open(doc)
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v\nexpected %s", c.distill, err, c.want)
		}
	}
}

// Values that would fill the memory of the machine are not kept.
func TestMatchCacheMemory(t *testing.T) {
	const text = "dataset: {format: synthetic, generator: blobs, features: 36, rows: 60}\nlayers: [{type: reshape, shape: [6, 6, 1]}, {type: upsample2d, name: big, size: 20000}, global_avg_pool2d, {type: dense, units: classes}]\n" +
		"train: {epochs: 2%s}\n"
	job := open(t, fmt.Sprintf(text, ""))
	state := exec.NewState()
	path := filepath.Join(t.TempDir(), BestFile)
	if err := job.Bind(state, false); err != nil {
		t.Fatal(err)
	}
	if err := model.Save(path, &job.Network, state, nil); err != nil {
		t.Fatal(err)
	}
	open(t, fmt.Sprintf(text, ", distill: {teacher: "+path+", match: {big: big}}"))
	doc, err := spec.Parse(filepath.Join(t.TempDir(), "spec.yaml"), fmt.Appendf(nil, text, ", distill: {teacher: "+path+", match: {big: big}, cache: true}"), nil)
	if err == nil {
		_, err = model.Open(doc)
	}
	if err == nil || !strings.Contains(err.Error(), "train.distill.cache: keeps 1.44e+10 numbers of the layers in match for each of ") {
		t.Error(err)
	}
}
