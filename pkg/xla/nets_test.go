package xla

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	_ "dnn/pkg/compress" // the steps in configs/compress.yaml
	"dnn/pkg/dataset"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/model"
	"dnn/pkg/spec"
)

// How far nets on the device may be from the kernels' results: root mean squares of the difference over those of the value. The
// weights are those after ten updates, and what they are compared with is how far they went.
const (
	mostOfOutput   = 5e-6
	mostOfGradient = 1e-5
	mostOfUpdates  = 0.01
	updates        = 10
)

// openNet opens a spec and one batch of its training rows.
func openNet(t *testing.T, path string, sets ...string) (*model.Job, model.BatchShape, *dataset.Batch) {
	t.Helper()
	doc, err := spec.Load(path, append([]string{"train.batch_size=16"}, sets...))
	if err != nil {
		t.Fatal(err)
	}
	job, err := model.Open(doc)
	if err != nil {
		t.Fatal(err)
	}
	part := job.Data.Train
	rows := make([]int, min(16, part.Rows()))
	for i := range rows {
		rows[i] = i
	}
	shape := model.BatchShapeFor(len(rows), part.Steps(nil, rows))
	if job.Config.Train.Stateful {
		shape = job.ChunkShape(len(rows))
	}
	batch := job.Schema.NewBatch(len(rows))
	if err := part.FillTraining(batch, rows, job.Config.Seed, 0); err != nil {
		t.Fatal(err)
	}
	return job, shape, batch
}

// side is a net with its state on one device.
type side struct {
	state *exec.State
	train *model.Program
}

func newSide(t *testing.T, job *model.Job, g *graph.Graph, batch *dataset.Batch, e exec.Engine, pool *exec.Pool) side {
	t.Helper()
	s := side{state: exec.NewState()}
	if e != nil {
		s.state.Use(e)
	}
	var err error
	if s.train, err = job.Compile(g, s.state, pool, exec.Options{Guard: model.OutLoss}); err != nil {
		t.Fatal(err)
	}
	s.train.FeedBatch(batch)
	return s
}

// step runs an update and returns its loss and gradient.
func (s side) step(k int) (loss float64, gradient []float32) {
	p := s.train
	if p.HasFeed(model.FeedStep) {
		p.Feed(model.FeedStep).I[0] = int32(k)
	}
	if p.HasFeed(model.FeedUpdate) {
		p.Feed(model.FeedUpdate).I[0] = int32(k + 1)
	}
	if p.HasFeed(model.FeedRate) {
		p.Feed(model.FeedRate).F[0] = 1e-3
	}
	p.Forward()
	loss = float64(p.Output(model.OutLoss).F[0])
	if p.HasOutput(model.OutGradient) {
		gradient = append(gradient, p.Output(model.OutGradient).Floats()...)
	}
	p.Update()
	return loss, gradient
}

// distance is the root mean square of the difference of two arrays over that of the second.
func distance(got, want []float32) float64 {
	diff, size := 0.0, 0.0
	for i, w := range want {
		d := float64(got[i]) - float64(w)
		diff, size = diff+d*d, size+float64(w)*float64(w)
	}
	if diff == 0 {
		return 0
	}
	return math.Sqrt(diff / size)
}

// quick are the nets that are tried with -short: one of each sort.
var quick = []string{"mlp", "cnn", "lstm", "names", "gpt", "two_heads"}

// TestNets runs each net of configs/ on the device and by the kernels: predictions, loss, gradient and ten updates.
func TestNets(t *testing.T) {
	e := testDevice(t)
	specs, err := filepath.Glob("../../configs/*.yaml")
	if err != nil || len(specs) == 0 {
		t.Fatal("no specs in configs/", err)
	}
	pool := exec.NewPool(1)
	defer pool.Close()
	for _, path := range specs {
		name := strings.TrimSuffix(filepath.Base(path), ".yaml")
		if testing.Short() && !slices.Contains(quick, name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			job, shape, batch := openNet(t, path)
			comparePredictions(t, job, shape, batch, e, pool)
			compareTraining(t, job, shape, batch, e, pool)
		})
	}
}

func comparePredictions(t *testing.T, job *model.Job, shape model.BatchShape, batch *dataset.Batch, e exec.Engine, pool *exec.Pool) {
	t.Helper()
	g, err := job.PredictGraph(shape)
	if err != nil {
		t.Fatal(err)
	}
	var outs [2][][]float32
	for i, engine := range []exec.Engine{nil, e} {
		state := exec.NewState()
		if engine != nil {
			state.Use(engine)
		}
		p, err := job.Compile(g, state, pool, exec.Options{})
		if err != nil {
			t.Fatal(err)
		}
		p.FeedBatch(batch)
		p.Run()
		for k := range job.Heads {
			outs[i] = append(outs[i], append([]float32{}, p.Prediction(k)...))
		}
	}
	worst := 0.0
	for k, want := range outs[0] {
		worst = max(worst, distance(outs[1][k], want))
	}
	t.Logf("predictions differ by %.2g", worst)
	if !(worst <= mostOfOutput) {
		t.Errorf("predictions differ by %.2g, at most %g", worst, mostOfOutput)
	}
}

func compareTraining(t *testing.T, job *model.Job, shape model.BatchShape, batch *dataset.Batch, e exec.Engine, pool *exec.Pool) {
	t.Helper()
	g, err := job.TrainGraph(shape, model.Alone)
	if err != nil {
		t.Fatal(err)
	}
	here, there := newSide(t, job, g, batch, nil, pool), newSide(t, job, g, batch, e, pool)
	before := append([]float32{}, here.state.Data(model.VarWeights)...)
	for k := range updates {
		want, gradient := here.step(k)
		got, other := there.step(k)
		if k == 0 {
			d := distance(other, gradient)
			t.Logf("loss %.6g and %.6g, gradients differ by %.2g", want, got, d)
			if !(d <= mostOfGradient) {
				t.Errorf("gradients differ by %.2g, at most %g", d, mostOfGradient)
			}
		}
		if !(math.Abs(got-want) <= 1e-3*math.Abs(want)) {
			t.Fatalf("after %d updates the loss is %v, want %v", k, got, want)
		}
	}
	after, other := here.state.Data(model.VarWeights), there.state.Data(model.VarWeights)
	way, off := make([]float32, len(after)), make([]float32, len(after))
	for i := range after {
		way[i], off[i] = after[i]-before[i], other[i]-before[i]
	}
	d := distance(off, way)
	t.Logf("after %d updates, weights differ by %.2g of their way", updates, d)
	if !(d <= mostOfUpdates) {
		t.Errorf("after %d updates, weights differ by %.2g of their way, at most %g", updates, d, mostOfUpdates)
	}
}

// TestEqualRuns: the same steps give the same bits on one plugin, and on each of its devices.
func TestEqualRuns(t *testing.T) {
	first := testDevice(t)
	job, shape, batch := openNet(t, "../../configs/mlp.yaml")
	g, err := job.TrainGraph(shape, model.Alone)
	if err != nil {
		t.Fatal(err)
	}
	engines := []exec.Engine{first, first}
	if second, err := exec.Open("xla:cpu:1", ""); err == nil {
		engines = append(engines, second)
	}
	var want []byte
	for _, e := range engines {
		s := newSide(t, job, g, batch, e, nil)
		for k := range updates {
			s.step(k)
		}
		got := graph.BytesOf(s.state.Data(model.VarWeights))
		if want == nil {
			want = bytes.Clone(got)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("two equal runs on %s give other bits", e.Device())
		}
	}
}

// TestDivergedStepKeepsTheState: a step whose loss is not finite leaves weights and slots as they were.
func TestDivergedStepKeepsTheState(t *testing.T) {
	e := testDevice(t)
	job, shape, batch := openNet(t, "../../configs/mlp.yaml")
	g, err := job.TrainGraph(shape, model.Alone)
	if err != nil {
		t.Fatal(err)
	}
	s := newSide(t, job, g, batch, e, nil)
	s.step(0)
	var before [][]byte
	for _, name := range s.state.Names() {
		before = append(before, bytes.Clone(s.state.Memory(name)))
		copy(before[len(before)-1], bytesOf(s.state.Buffer(name)))
	}
	for _, n := range g.Nodes {
		if n.Leaf == graph.Input && n.Outputs[0].DType == graph.F32 && n.Outputs[0].Shape.Rank() > 1 {
			s.train.Feed(n.Name).F[0] = float32(math.NaN())
		}
	}
	if loss, _ := s.step(1); loss == loss {
		t.Fatalf("the loss of a NaN is %v", loss)
	}
	for i, name := range s.state.Names() {
		if !bytes.Equal(bytesOf(s.state.Buffer(name)), before[i]) {
			t.Errorf("a step that diverged changed %s", name)
		}
	}
	s.train.FeedBatch(batch)
	if loss, _ := s.step(1); loss != loss {
		t.Error("the step after it diverges, too")
	}
}

func bytesOf(b graph.Buffer) []byte {
	switch {
	case b.F != nil:
		return graph.BytesOf(b.F)
	case b.I != nil:
		return graph.BytesOf(b.I)
	}
	return graph.BytesOf(b.H)
}

// TestInputsSentAhead: what was sent before a run is what it computes on, unless it was recalled.
func TestInputsSentAhead(t *testing.T) {
	b := graph.NewBuilder()
	b.SetOutput("y", b.Input("x", graph.Floats(3)))
	g, err := b.Finish()
	if err != nil {
		t.Fatal(err)
	}
	state := exec.NewState()
	state.Use(testDevice(t))
	p, err := exec.Compile(g, state, nil, exec.Options{})
	if err != nil {
		t.Fatal(err)
	}
	x := p.Feed("x").F
	copy(x, []float32{1, 2, 3})
	p.Send()
	x[0] = 7
	p.Run()
	if got := p.Output("y").F; got[0] != 1 {
		t.Errorf("the run computes on %v, not on what was sent", got)
	}
	copy(x, []float32{1, 2, 3})
	p.Send()
	x[0] = 7
	p.Recall()
	p.Run()
	if got := p.Output("y").F; got[0] != 7 {
		t.Errorf("after a recall, the run computes on %v", got)
	}
}

// TestPlugins: the environment and the user name a plugin; others are found in the folders of Python packages.
func TestPlugins(t *testing.T) {
	root := t.TempDir()
	file := filepath.Join(root, "lib/python3.13/site-packages/jax_plugins/xla_cuda13/xla_cuda_plugin.so")
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	t.Setenv("VIRTUAL_ENV", root)
	t.Setenv(Variable, "")
	for _, c := range []struct{ named, variable, want string }{{"", "", file}, {"", "/b.so", "/b.so"}, {"/a.so", "/b.so", "/a.so"}} {
		t.Setenv(Variable, c.variable)
		if got, err := pluginOf("cuda", c.named); got != c.want || err != nil {
			t.Errorf("with --plugin %q and %s=%q it is %q, %v; want %q", c.named, Variable, c.variable, got, err, c.want)
		}
	}
	t.Setenv(Variable, "")
	if list := found(""); len(list) == 0 || list[len(list)-1] != file {
		t.Errorf("the plugins that are found are %v", list)
	}
}

// TestDeviceNames: names are a platform and a number.
func TestDeviceNames(t *testing.T) {
	for name, want := range map[string]struct {
		platform string
		number   int
		known    bool
	}{
		"cuda": {"cuda", 0, true}, "cuda:3": {"cuda", 3, true}, "xla:cpu": {"xla:cpu", 0, true}, "xla:cpu:2": {"xla:cpu", 2, true},
		"tpu:0": {"tpu", 0, true}, "gpu": {}, "cuda:x": {}, "cuda:-1": {},
	} {
		platform, number, err := split(name)
		if (err == nil) != want.known || want.known && (platform != want.platform || number != want.number) {
			t.Errorf("%s is device %d of %q, %v", name, number, platform, err)
		}
	}
}
