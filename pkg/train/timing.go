package train

import (
	"slices"
	"time"

	"dnn/internal/kernel/cpu"
	"dnn/internal/parallel"
	"dnn/pkg/dataset"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/graph/plan"
	"dnn/pkg/model"
)

// TimingOptions say what is timed.
type TimingOptions struct {
	Threads int
	Engine  exec.Engine // of the device that computes; nil for the processor
	Batch   int         // rows; 0: the spec's
	Steps   int         // steps measured; at least 1
	// Predict times predictions instead of training steps, FoldNorms with the batch norms folded into the weights.
	Predict, FoldNorms bool
}

// NodeTime is the time that one node of the graph takes in a step.
type NodeTime struct {
	Op, Layer string
	Stage     graph.Stage
	Time      time.Duration
	Flops     float64
}

// Timing is where the time of a training step goes.
type Timing struct {
	Batch, Threads int
	Kernels        string        // the variant of the kernels
	Device         string        // "" for the processor
	Step           time.Duration // median of a whole step, nothing measured within it
	Nodes          []NodeTime    // mean of each node, in order of execution; measuring adds some 50 ns to each; none of another device
	Flops          float64       // of a step
	Peak           float64       // fused multiply-adds of all threads, measured: floating-point operations a second; 0 for another device
	Memory         plan.Memory
	Parameters     int
	Folded, Left   int // batch norms folded, and not folded, when they were to be
}

// Time measures training steps, or predictions, on the first rows of the training split. No weights are kept.
func Time(job *model.Job, o TimingOptions) (*Timing, error) {
	if o.Batch == 0 {
		o.Batch = job.Config.Train.BatchSize
	}
	pool := parallel.New(o.Threads)
	defer pool.Close()
	t := &Timing{Batch: o.Batch, Threads: pool.Threads(), Kernels: cpu.Variant()}
	state := exec.NewState()
	t.use(state, o.Engine)
	g, err := t.graph(job, o, state)
	if err != nil {
		return nil, err
	}
	p, err := job.Compile(g, state, pool, exec.Options{Guard: model.OutLoss})
	if err != nil {
		return nil, err
	}
	batch := job.Schema.NewBatch(o.Batch)
	rows := make([]int, o.Batch)
	for i := range rows {
		rows[i] = i % job.Data.Train.Rows()
	}
	if err := job.Data.Train.FillTraining(batch, rows, job.Config.Seed, 0); err != nil {
		return nil, err
	}
	p.FeedBatch(batch)
	feedScalars(p, Position{}, 0) // a rate of zero: timing must not diverge
	t.Memory = p.Plan.Memory()
	for _, q := range state.Params("weights") {
		t.Parameters += q.Shape.Size()
	}
	t.measure(p, pool, max(1, o.Steps))
	return t, nil
}

// graph is the step to be measured.
func (t *Timing) graph(job *model.Job, o TimingOptions, state *exec.State) (*graph.Graph, error) {
	rows := job.ChunkShape(o.Batch)
	if !o.Predict {
		return job.TrainGraph(rows, model.Alone)
	}
	g, err := job.PredictGraph(rows)
	if err != nil || !o.FoldNorms {
		return g, err
	}
	if err := state.Bind(g); err != nil {
		return nil, err
	}
	for _, name := range state.Names() { // all alike, as at first, the biases that are folded would be one number
		if data := state.Data(name); state.Class(name) == graph.State {
			for i := range data {
				data[i] += float32(i%7) / 1024
			}
		}
	}
	net, folded, left, err := job.Folded(state)
	if err != nil {
		return nil, err
	}
	t.Folded, t.Left = folded, left
	return net.PredictGraph(rows)
}

// medianStep runs a few steps to warm up and returns the median of the others.
func medianStep(p *model.Program, steps int) time.Duration {
	for range 3 {
		p.Run()
		p.Wait()
	}
	times := make([]time.Duration, steps)
	for i := range times {
		start := time.Now()
		p.Run()
		p.Wait()
		times[i] = time.Since(start)
	}
	slices.Sort(times)
	return times[steps/2]
}

// use has the programs of a state run on the device that is timed.
func (t *Timing) use(state *exec.State, e exec.Engine) {
	if e != nil {
		state.Use(e)
		t.Device = e.Device()
	}
}

// measure takes the time of steps, and on the processor that of each node.
func (t *Timing) measure(p *model.Program, pool *parallel.Pool, steps int) {
	t.Step = medianStep(p, steps)
	if p.Remote() {
		for _, n := range p.Plan.Order {
			if n.Op.Cost != nil {
				t.Flops += n.Op.Cost(n).Flops
			}
		}
		return
	}
	t.Peak = peak(pool)
	t.measureNodes(p, steps)
}

func (t *Timing) measureNodes(p *model.Program, steps int) {
	p.StartProfile()
	for range steps {
		p.Run()
	}
	for _, n := range p.Profile() {
		x := NodeTime{Op: n.Node.Op.Name, Layer: n.Node.Scope, Stage: n.Node.Stage, Time: n.Time / time.Duration(steps)}
		if n.Node.Op.Cost != nil {
			x.Flops = n.Node.Op.Cost(n.Node).Flops
		}
		t.Flops += x.Flops
		t.Nodes = append(t.Nodes, x)
	}
}

// peak measures what the threads can do at most: fused multiply-adds on registers, the best of several tries.
func peak(pool *parallel.Pool) float64 {
	const iterations = 200_000
	flops := make([]float64, pool.Threads())
	run := func(_, lo, hi int) {
		for i := lo; i < hi; i++ {
			flops[i] = cpu.FMAFlops(iterations)
		}
	}
	best := 0.0
	for range 40 { // the first ones find threads that still sleep and a processor that is still slow
		start := time.Now()
		pool.Run(len(flops), run)
		seconds := time.Since(start).Seconds()
		total := 0.0
		for _, f := range flops {
			total += f
		}
		best = max(best, total/seconds)
	}
	return best
}

// timed is for how long predictions are measured, and leastTimed and mostTimed how many are.
const (
	timed      = 300 * time.Millisecond
	leastTimed = 11
	mostTimed  = 2000
)

// TimeModel measures predictions of a model, of rows that are made up: so it needs no data.
func TimeModel(f *model.File, o TimingOptions) (*Timing, error) {
	if o.Batch == 0 {
		o.Batch = f.Net.Config.Train.BatchSize
	}
	pool := parallel.New(o.Threads)
	defer pool.Close()
	t, net := &Timing{Batch: o.Batch, Threads: pool.Threads(), Kernels: cpu.Variant()}, f.Net
	t.use(f.State, o.Engine)
	var err error
	if o.FoldNorms {
		if net, t.Folded, t.Left, err = net.Folded(f.State); err != nil {
			return nil, err
		}
	}
	g, err := net.PredictGraph(net.ChunkShape(o.Batch))
	if err != nil {
		return nil, err
	}
	p, err := net.Compile(g, f.State, pool, model.Evaluation(f.State))
	if err != nil {
		return nil, err
	}
	batch := net.Schema.NewBatch(o.Batch)
	batch.Rows = o.Batch
	for i := range net.Schema.Blocks {
		batch.FillProbe(i, batch.Steps[i])
	}
	p.FeedBatch(batch)
	feedScalars(p, Position{}, 0)
	t.Memory = p.Plan.Memory()
	params, err := f.Parameters()
	for _, q := range params {
		t.Parameters += len(q.Values)
	}
	t.measure(p, pool, max(1, o.Steps))
	return t, err
}

// TimePredictions measures the prediction of a batch of so many rows, the first of a split, by a model.
func TimePredictions(f *model.File, part *dataset.Part, rows, threads int) (*Timing, error) {
	pool := parallel.New(threads)
	defer pool.Close()
	t := &Timing{Batch: rows, Threads: pool.Threads(), Kernels: cpu.Variant()}
	g, err := f.Net.PredictGraph(f.Net.ChunkShape(rows))
	if err != nil {
		return nil, err
	}
	p, err := f.Net.Compile(g, f.State, pool, model.Evaluation(f.State))
	if err != nil {
		return nil, err
	}
	batch, list := f.Net.Schema.NewBatch(rows), make([]int, rows)
	for i := range list {
		list[i] = i % part.Rows()
	}
	if err := part.Fill(batch, list); err != nil {
		return nil, err
	}
	p.FeedBatch(batch)
	feedScalars(p, Position{}, 0)
	t.Memory = p.Plan.Memory()
	start := time.Now()
	p.Run()
	t.Step = medianStep(p, min(mostTimed, max(leastTimed, int(timed/max(1, time.Since(start))))))
	return t, nil
}
