// Package train runs the training of a net: batches, updates, validation, early stopping, checkpoints and resuming.
//
// A training is settled by spec, data and seed alone. The order of rows in an epoch, what dropout drops and the learning
// rate of an update follow from the seed and from counters that every checkpoint holds, so a training that was stopped
// anywhere and resumed ends in the same bits as one that was not.
package train

import (
	"context"
	"errors"
	"fmt"
	"math"

	"dnn/internal/parallel"
	"dnn/pkg/dataset"
	"dnn/pkg/graph/exec"
	"dnn/pkg/infer"
	"dnn/pkg/model"
	"dnn/pkg/train/schedule"
)

// Options are what a run is given besides its spec.
type Options struct {
	Dir     string // the run's folder; it exists
	Threads int    // 0: as many as the machine gives
	Fast    bool   // a few batches of everything: a trial that each part works
	Resume  *model.File
	Watch   Watcher
}

// Watcher is told how a training goes. Calls come from the training's own goroutine.
type Watcher interface {
	Start(plan Extent)
	Step(now Progress)
	Epoch(e Epoch)
}

// Extent is how long a training will be at most.
type Extent struct {
	Epochs, StepsPerEpoch, TotalSteps int
	From                              Position
}

// Progress is where a training stands within an epoch.
type Progress struct {
	Epoch, Step, Batch int     // all count from 1; Step is the number of updates
	Loss               float64 // mean over the epoch so far
	Rate               float64
}

// ErrInterrupted ends a training whose context was cancelled; its checkpoint was written.
var ErrInterrupted = errors.New("interrupted; the checkpoint was written")

// Trainer is one run.
type Trainer struct {
	job      *model.Job
	opts     Options
	state    *exec.State
	pool     *parallel.Pool
	steps    map[key]*compiled
	runner   *infer.Runner
	order    []int
	pos      Position
	extent   Extent
	rate     schedule.Schedule
	log      *log
	saver    saver
	feeder   *feeder    // nil where batches are filled when they are needed
	spare    []slot     // the feeder's, kept from one epoch to the next
	roomy    []int      // the steps of a batch by block
	uneven   bool       // sequences differ in length
	pieces   *stretches // nil where sequences come as a whole
	ownSteps int        // updates made by this process
}

// compiled is a step's program and the batch that lies in its inputs.
type compiled struct {
	*exec.Program
	batch *dataset.Batch
}

// key tells apart the programs of a run: one for each shape of a batch and each part it plays in an accumulation.
type key struct {
	extent model.Extent
	role   model.Accumulation
}

// New prepares a run. With Options.Resume it continues where that checkpoint stands.
func New(job *model.Job, o Options) (*Trainer, error) {
	if o.Watch == nil {
		o.Watch = silent{}
	}
	t := &Trainer{
		job: job, opts: o, state: exec.NewState(), pool: parallel.New(o.Threads), steps: map[key]*compiled{},
		rate: job.Config.Optimizer.Learning(),
	}
	t.pos = Position{Best: math.NaN(), Digest: job.Data.Digest, Fast: o.Fast}
	t.pieces = t.newStretches()
	if o.Resume != nil {
		if err := t.resume(o.Resume); err != nil {
			return nil, err
		}
	}
	t.extent = t.measure()
	t.uneven = job.Data.Train.Uneven()
	var err error
	if t.log, err = openLog(o.Dir, o.Resume != nil, t.pos); err != nil {
		return nil, err
	}
	t.runner = infer.NewRunner(&job.Network, t.state, t.pool, true)
	return t, nil
}

// Close ends the run's threads.
func (t *Trainer) Close() { t.pool.Close() }

// State gives access to the weights; Position to where the training stands.
func (t *Trainer) State() *exec.State { return t.state }
func (t *Trainer) Position() Position { return t.pos }

// Ended reports whether nothing is left to do.
func (t *Trainer) Ended() bool { return t.pos.Stopped || t.pos.Epoch >= t.extent.Epochs }

// measure settles how long the training is.
func (t *Trainer) measure() Extent {
	c := &t.job.Config.Train
	batches := t.batches()
	e := Extent{StepsPerEpoch: (batches + c.Accumulate - 1) / c.Accumulate, From: t.pos}
	if c.Steps > 0 {
		e.TotalSteps = c.Steps
		e.Epochs = (c.Steps + e.StepsPerEpoch - 1) / e.StepsPerEpoch
	} else {
		e.Epochs, e.TotalSteps = c.Epochs, c.Epochs*e.StepsPerEpoch
	}
	if t.opts.Fast {
		e.Epochs = min(e.Epochs, fastEpochs)
		e.TotalSteps = min(e.TotalSteps, e.Epochs*e.StepsPerEpoch)
	}
	return e
}

// A fast run takes so many batches in so many epochs.
const (
	fastBatches = 3
	fastEpochs  = 2
)

// batches is the number of batches of an epoch.
func (t *Trainer) batches() int {
	rows, size := t.job.Data.Train.Rows(), t.job.Config.Train.BatchSize
	n := (rows + size - 1) / size
	if t.pieces != nil {
		n = t.pieces.total()
	}
	if t.opts.Fast {
		n = min(n, fastBatches)
	}
	return n
}

// Run trains to the end, or until ctx is cancelled: then the current step is finished, a checkpoint written and
// ErrInterrupted returned. A *Diverged error leaves the last good checkpoint as it was. When Run returns, all files are
// written.
func (t *Trainer) Run(ctx context.Context) error {
	err := t.run(ctx)
	if failed := t.saver.wait(); failed != nil && (err == nil || errors.Is(err, ErrInterrupted)) {
		return failed
	}
	return err
}

func (t *Trainer) run(ctx context.Context) error {
	t.opts.Watch.Start(t.extent)
	if t.pos.Done {
		return nil
	}
	for !t.Ended() {
		if err := t.epoch(ctx); err != nil {
			return err
		}
	}
	t.pos.Done = true
	return t.save(LastFile)
}

// epoch runs the rest of the current epoch.
func (t *Trainer) epoch(ctx context.Context) error {
	c := &t.job.Config.Train
	if t.pos.Batch == 0 {
		t.pos.LossSum, t.pos.LossWeight = 0, 0
	}
	t.shuffle()
	n := t.batches()
	if t.job.Data.Train.Ahead() && t.pool.Threads() > 1 && t.pieces == nil {
		t.feeder = t.feed(t.pos.Batch, n)
		defer func() { t.feeder.end(); t.feeder = nil }()
	}
	for t.pos.Batch < n && t.pos.Step < t.extent.TotalSteps {
		updated, err := t.step(n)
		if err != nil {
			return err
		}
		if !updated {
			continue
		}
		last := t.pos.Batch == n || t.pos.Step == t.extent.TotalSteps
		if !last && c.ValidateEvery > 0 && t.pos.Step%c.ValidateEvery == 0 {
			if err := t.validate(); err != nil {
				return err
			}
			if t.pos.Stopped { // the epoch ends here, in the same way whether or not someone asks to stop
				break
			}
		}
		if ctx.Err() != nil {
			return t.interrupted()
		}
		if !last && c.Checkpoint.EverySteps > 0 && t.pos.Step%c.Checkpoint.EverySteps == 0 {
			if err := t.save(LastFile); err != nil {
				return err
			}
			if err := t.saver.wait(); err != nil { // who asks for so many wants to lose no more than those steps
				return err
			}
		}
	}
	return t.endEpoch(ctx)
}

// endEpoch validates, logs and writes the checkpoint of a finished epoch, or of one that a validation stopped.
func (t *Trainer) endEpoch(ctx context.Context) error {
	epoch := t.pos.Epoch + 1
	if !t.pos.Stopped {
		if err := t.validate(); err != nil {
			return err
		}
	}
	t.pos.Epoch, t.pos.Batch = epoch, 0
	if err := t.save(LastFile); err != nil {
		return err
	}
	if k := t.job.Config.Train.Checkpoint.KeepEvery; k > 0 && epoch%k == 0 {
		if err := t.save(fmt.Sprintf("epoch-%04d.safetensors", epoch)); err != nil {
			return err
		}
	}
	if ctx.Err() != nil && t.pos.Epoch < t.extent.Epochs && !t.pos.Stopped {
		return ErrInterrupted
	}
	return nil
}

func (t *Trainer) interrupted() error {
	if err := t.save(LastFile); err != nil {
		return err
	}
	return ErrInterrupted
}

// step runs one batch. updated tells whether it ended an accumulation and changed the weights.
func (t *Trainer) step(batches int) (updated bool, err error) {
	c := &t.job.Config.Train
	rows := t.rows(t.pos.Batch)
	role := model.Alone
	if c.Accumulate > 1 {
		role = model.Adding
		if (t.pos.Batch+1)%c.Accumulate == 0 || t.pos.Batch+1 == batches {
			role = model.Ending
		}
	}
	at := key{t.extentOf(rows), role}
	p, err := t.program(at)
	if err != nil {
		return false, err
	}
	rate := t.rate.Rate(t.scheduled())
	if err := t.fill(p, rows); err != nil {
		return false, err
	}
	feedScalars(p.Program, t.pos, rate)
	p.Forward()
	loss, weight := float64(p.Output(model.OutLoss).F[0]), float64(p.Output(model.OutLossWeight).F[0])
	if math.IsNaN(loss) || math.IsInf(loss, 0) {
		return false, t.diverged(at, p.batch, rows, loss/weight)
	}
	p.Update()
	t.pos.LossSum, t.pos.LossWeight = t.pos.LossSum+loss, t.pos.LossWeight+weight
	t.pos.Batch++
	t.pos.Seen++
	if role == model.Adding {
		return false, nil
	}
	t.pos.Step++
	t.ownSteps++
	t.pos.Rate = rate
	t.opts.Watch.Step(Progress{Epoch: t.pos.Epoch + 1, Step: t.pos.Step, Batch: t.pos.Batch, Loss: t.pos.LossSum / t.pos.LossWeight, Rate: rate})
	return true, nil
}

// scheduled is the position for the schedule.
func (t *Trainer) scheduled() schedule.Position {
	return schedule.Position{
		Step: t.pos.Step, StepsPerEpoch: t.extent.StepsPerEpoch, TotalSteps: t.extent.TotalSteps, Observed: t.pos.Schedule,
	}
}

// extentOf is what the step for some rows is compiled for.
func (t *Trainer) extentOf(rows []int) model.Extent {
	if t.pieces != nil {
		return t.job.Stretch(len(rows))
	}
	t.roomy = t.job.Data.Train.Steps(t.roomy, rows)
	return model.ExtentFor(len(rows), t.roomy)
}

// feedScalars fills the inputs that are not data, where the program has them.
func feedScalars(p *exec.Program, pos Position, rate float64) {
	if p.HasFeed(model.FeedStep) {
		p.Feed(model.FeedStep).I[0] = int32(pos.Seen)
	}
	if p.HasFeed(model.FeedUpdate) {
		p.Feed(model.FeedUpdate).I[0] = int32(pos.Step + 1)
	}
	if p.HasFeed(model.FeedRate) {
		p.Feed(model.FeedRate).F[0] = float32(rate)
	}
}

// program compiles a step on first use.
func (t *Trainer) program(k key) (*compiled, error) {
	if p := t.steps[k]; p != nil {
		return p, nil
	}
	g, err := t.job.TrainGraph(k.extent, k.role)
	if err != nil {
		return nil, err
	}
	p, err := exec.Compile(g, t.state, t.pool, exec.Options{})
	if err != nil {
		return nil, err
	}
	c := &compiled{p, t.job.BatchOf(p, k.extent)}
	t.steps[k] = c
	return c, nil
}

// shuffle settles the order of the rows in the current epoch, from the seed and the epoch's number alone.
func (t *Trainer) shuffle() {
	n := t.job.Data.Train.Rows()
	if c := t.job.Config; t.pieces != nil {
		t.pieces.begin(c.Train.Shuffle, c.Seed, uint64(t.pos.Epoch), c.Train.Unroll)
		return
	}
	if !t.job.Config.Train.Shuffle {
		if t.order == nil {
			for i := range n {
				t.order = append(t.order, i)
			}
		}
		return
	}
	t.order = dataset.Permutation(t.order, n, t.job.Config.Seed, uint64(t.pos.Epoch))
	if t.job.Config.Train.GroupByLength && t.uneven {
		t.job.Data.Train.GroupByLength(t.order, t.job.Config.Train.BatchSize, t.job.Config.Seed, uint64(t.pos.Epoch))
	}
}

type silent struct{}

func (silent) Start(Extent)  {}
func (silent) Step(Progress) {}
func (silent) Epoch(Epoch)   {}
