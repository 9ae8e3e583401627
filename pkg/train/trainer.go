// Package train runs the training of a net: batches, updates, validation, early stopping, checkpoints and resuming.
//
// A training is settled by spec, data and seed alone. The order of rows in an epoch, what dropout drops and the learning
// rate of an update follow from the seed and from counters that every checkpoint holds, so a training that was stopped
// anywhere and resumed ends in the same bits as one that was not.
package train

import (
	"math"
	"time"

	"dnn/pkg/cluster"
	"dnn/pkg/graph/exec"
	"dnn/pkg/infer"
	"dnn/pkg/model"
	"dnn/pkg/train/schedule"
)

// Options are what a run is given besides its spec.
type Options struct {
	Dir     string      // the run's folder; it exists
	Threads int         // 0: as many as the machine gives
	Engine  exec.Engine // of the device that steps and validations run on; nil for the processor
	Fast    bool        // a few batches of everything: a trial of every step
	Resume  *model.File
	Refit   *Refit // how long it takes, if that is not what the spec says
	Watch   Watcher
	// Comm connects the ranks of the job, all of which train; nil: there are none. Rank 0 alone writes files, and is watched.
	Comm cluster.Comm
}

// Watcher follows a training. Calls come from the training's own goroutine.
type Watcher interface {
	Start(length Length)
	Step(now Progress)
	Epoch(e Epoch)
}

// Progress is how far a training is within an epoch.
type Progress struct {
	Epoch, Step, Batch int     // all count from 1; Step is the number of updates
	Loss               float64 // mean over the epoch so far
	Rate               float64
}

// Trainer is one run.
type Trainer struct {
	job      *model.Job
	opts     Options
	state    *exec.State
	pool     *exec.Pool
	programs model.Programs[key, *program]
	runner   *infer.Runner // for validations
	batches  *batches
	pos      Position
	length   Length
	planned  int // updates of the whole training, by which the schedule goes
	rate     schedule.Schedule
	log      *log
	saver    saver
	content  *model.Template
	former   string // the figure that decided which weights are the best when the run that is resumed monitored another one
}

// New prepares a run. With Options.Resume it continues from that checkpoint.
func New(job *model.Job, o Options) (*Trainer, error) {
	if o.Watch == nil {
		o.Watch = silent{}
	}
	t := &Trainer{
		job: job, opts: o, state: exec.NewState(), pool: exec.NewPool(o.Threads), programs: newPrograms(),
		batches: newBatches(job, o.Fast), rate: job.Config.Optimizer.Learning(),
		saver: saver{every: time.Duration(job.Config.Train.Checkpoint.EverySeconds * float64(time.Second))},
	}
	if o.Engine != nil {
		t.state.Use(o.Engine)
	}
	if o.Comm == nil {
		t.opts.Comm = cluster.Alone
	}
	t.batches.shards = newShards(t)
	err := compareData(t)
	if err != nil {
		return nil, err
	}
	if leads(t) {
		t.content, err = model.NewTemplate(&job.Network, o.Dir)
	}
	if err := cluster.Agree(t.opts.Comm, err, 1); err != nil {
		return nil, err
	}
	t.pos = Position{Best: math.NaN(), Reference: math.NaN(), Digest: job.Data.Digest, Fast: o.Fast}
	if o.Resume != nil {
		if err := t.resume(o.Resume); err != nil {
			return nil, err
		}
		t.saver.began, t.saver.sure = time.Now(), true
	}
	t.length = lengthOf(&job.Config.Train, t.batches.count(), o.Fast, t.pos)
	t.length, t.planned = o.Refit.within(t.length, job.Config.Train.Steps > 0)
	if t.former != "" && t.Ended() {
		t.former, t.pos.Done = "", true // there is nothing left to compare, and nothing changes on the disk
	}
	if t.former != "" {
		if err := compareAnew(t, t.former); err != nil {
			return nil, err
		}
	}
	if leads(t) {
		if t.log, err = openLog(o.Dir, o.Resume != nil, t.pos); err != nil {
			return nil, err
		}
	}
	keepOwn(t)
	t.runner = infer.NewRunner(model.AsQuantized(&job.Network), t.state, t.pool, true)
	return t, nil
}

// Close ends the run's threads.
func (t *Trainer) Close() { t.pool.Close() }

// State holds the weights.
func (t *Trainer) State() *exec.State { return t.state }

// Position is how far the training is.
func (t *Trainer) Position() Position { return t.pos }

// Former is the figure that decided which weights are the best before the run was resumed with another train.monitor, "" where
// the comparison goes on. The weights that were the best by it are in the file that FormerBest names.
func (t *Trainer) Former() string { return t.former }

// Ended reports whether nothing is left to do.
func (t *Trainer) Ended() bool { return t.pos.Stopped || t.pos.Epoch >= t.length.Epochs }

type silent struct{}

func (silent) Start(Length)  {}
func (silent) Step(Progress) {}
func (silent) Epoch(Epoch)   {}
