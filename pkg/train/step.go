package train

import (
	"math"

	"dnn/pkg/dataset"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/model"
	"dnn/pkg/train/schedule"
)

// program is a compiled step and the batch that lies in its inputs.
type program struct {
	*model.Program
	batch *dataset.Batch
}

// key distinguishes the programs of a run: one for each shape of a batch and each role in an accumulation, and one before
// train.quantize begins to round.
type key struct {
	shape     model.BatchShape
	role      model.Accumulation
	kind      kind
	unrounded bool
}

// kind is what a program of a training computes.
type kind uint8

const (
	wholeStep  kind = iota // of a batch, the update with it
	predicting             // what the net would write itself
	ofShard                // of a shard, without the update
	weighing               // what shards are told of their batch
	updating               // the update with what the shards of a batch give
)

// net is the one that a step trains.
func (k key) net(job *model.Job) *model.Network {
	if k.unrounded {
		return model.Unrounded(&job.Network)
	}
	return &job.Network
}

// graph is that of the program.
func (k key) graph(job *model.Job) (*graph.Graph, error) {
	n := k.net(job)
	switch k.kind {
	case predicting:
		return model.AsQuantized(&job.Network).PredictGraph(k.shape)
	case ofShard:
		return model.ShardGraph(n, k.shape)
	case weighing:
		return model.WeightsGraph(n, k.shape)
	case updating:
		return model.UpdateGraph(n, k.shape, k.role)
	}
	return n.TrainGraph(k.shape, k.role)
}

// step runs one batch. updated reports whether it ended an accumulation and changed the weights.
func (t *Trainer) step() (updated bool, err error) {
	rows, at := t.batches.rows(t.pos.Batch), keyOf(t, t.pos.Batch, t.pos.Step)
	rate := t.rate.Rate(t.scheduled())
	run := whole
	if t.batches.shards != nil {
		run = sharded
	}
	loss, weight, err := run(t, at, rows, rate)
	if err != nil {
		return false, err
	}
	t.pos.LossSum, t.pos.LossWeight = t.pos.LossSum+loss, t.pos.LossWeight+weight
	t.pos.Batch++
	t.pos.Seen++
	if at.role == model.Adding {
		return false, nil
	}
	t.pos.Step++
	t.pos.Rate = rate
	prune(t)
	t.opts.Watch.Step(Progress{Epoch: t.pos.Epoch + 1, Step: t.pos.Step, Batch: t.pos.Batch, Loss: t.pos.LossSum / t.pos.LossWeight, Rate: rate})
	return true, nil
}

// whole takes a batch through the net as a whole, and updates the weights as its role says. A loss that is not finite updates nothing.
func whole(t *Trainer, at key, rows []int, rate float64) (loss, weight float64, err error) {
	p, err := t.program(at)
	if err != nil {
		return 0, 0, err
	}
	if t.pos.Seen == 0 {
		prune(t)
	}
	if err := t.batches.fill(p, t.state, t.pos.Batch); err != nil {
		return 0, 0, err
	}
	if err := t.force(p, at.shape, rows); err != nil {
		return 0, 0, err
	}
	if err := teach(t, p, at.shape, rows, func(told *model.Program) { told.FeedBatch(p.batch) }); err != nil {
		return 0, 0, err
	}
	feed := func(p *model.Program) {
		feedScalars(p, t.pos, rate)
		feedPruned(t, p)
	}
	feed(p.Program)
	p.Forward()
	if err := sendNext(t, p, at.role); err != nil {
		return 0, 0, err
	}
	if loss, weight = weightedLoss(p); math.IsNaN(loss) || math.IsInf(loss, 0) {
		if err := t.batches.again(p, rows); err != nil {
			return 0, 0, err
		}
		return 0, 0, t.diverged(at, p.batch, rows, loss/weight, feed)
	}
	p.Update()
	return loss, weight, nil
}

// weightedLoss is Σ weight·loss and Σ weight of what a program took through the net.
func weightedLoss(p *program) (loss, weight float64) {
	return float64(p.Output(model.OutLoss).F[0]), float64(p.Output(model.OutLossWeight).F[0])
}

// keyOf is that of the program for a batch of the epoch, after so many updates.
func keyOf(t *Trainer, batch, step int) key {
	c := &t.job.Config.Train
	role := model.Alone
	if c.Accumulate > 1 {
		role = model.Adding
		if (batch+1)%c.Accumulate == 0 || batch+1 == t.batches.count() {
			role = model.Ending
		}
	}
	shape := t.batches.shape(t.batches.rows(batch))
	return key{shape: shape, role: role, unrounded: c.Quantize != nil && step < c.Quantize.Begins(t.planned)}
}

// scheduled is the position for the schedule.
func (t *Trainer) scheduled() schedule.Position {
	return schedule.Position{
		Step: t.pos.Step, StepsPerEpoch: t.length.StepsPerEpoch, TotalSteps: t.planned, Observed: t.pos.Schedule,
	}
}

// feedScalars fills the inputs that are not data, where the program has them.
func feedScalars(p *model.Program, pos Position, rate float64) {
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
func (t *Trainer) program(k key) (*program, error) {
	if p, ok := t.programs.Get(k); ok {
		return p, nil
	}
	g, err := k.graph(t.job)
	if err != nil {
		return nil, err
	}
	o := exec.Options{}
	if k.kind == wholeStep {
		o.Guard = model.OutLoss
	}
	p, err := t.job.Compile(g, t.state, t.pool, o)
	if err != nil {
		return nil, err
	}
	c := &program{Program: p}
	if k.kind == wholeStep || k.kind == ofShard {
		c.batch = p.NewBatch(k.shape)
	}
	t.programs.Put(k, c)
	return c, nil
}
