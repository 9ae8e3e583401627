package train

import (
	"math"

	"dnn/pkg/dataset"
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
	unrounded bool
}

// net is the one that a step trains.
func (k key) net(job *model.Job) *model.Network {
	if k.unrounded {
		return model.Unrounded(&job.Network)
	}
	return &job.Network
}

// step runs one batch. updated reports whether it ended an accumulation and changed the weights.
func (t *Trainer) step() (updated bool, err error) {
	c := &t.job.Config.Train
	rows := t.batches.rows(t.pos.Batch)
	role := model.Alone
	if c.Accumulate > 1 {
		role = model.Adding
		if (t.pos.Batch+1)%c.Accumulate == 0 || t.pos.Batch+1 == t.batches.count() {
			role = model.Ending
		}
	}
	quantize := c.Quantize
	at := key{t.batches.shape(rows), role, quantize != nil && t.pos.Step < quantize.Begins(t.planned)}
	p, err := t.program(at)
	if err != nil {
		return false, err
	}
	if t.pos.Seen == 0 {
		prune(t)
	}
	rate := t.rate.Rate(t.scheduled())
	if err := t.batches.fill(p, t.state, t.pos.Batch); err != nil {
		return false, err
	}
	if err := t.force(p, at.shape, rows); err != nil {
		return false, err
	}
	if err := teach(t, p, at.shape, rows); err != nil {
		return false, err
	}
	feedScalars(p.Program, t.pos, rate)
	feedPruned(t, p.Program)
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
	t.pos.Rate = rate
	prune(t)
	t.opts.Watch.Step(Progress{Epoch: t.pos.Epoch + 1, Step: t.pos.Step, Batch: t.pos.Batch, Loss: t.pos.LossSum / t.pos.LossWeight, Rate: rate})
	return true, nil
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
	g, err := k.net(t.job).TrainGraph(k.shape, k.role)
	if err != nil {
		return nil, err
	}
	p, err := t.job.Compile(g, t.state, t.pool, exec.Options{})
	if err != nil {
		return nil, err
	}
	c := &program{p, p.NewBatch(k.shape)}
	t.programs.Put(k, c)
	return c, nil
}
