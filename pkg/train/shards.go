package train

import (
	"encoding/binary"
	"math"

	"dnn/internal/kernel/vec"
	"dnn/pkg/cluster"
	"dnn/pkg/dataset"
	"dnn/pkg/model"
)

// shards is what steps need with train.shards. The rows of a batch are cut into shards, as many as the spec says unless there are
// fewer rows, and a rank computes those of its share. What a shard gives is one array: its gradients and behind them the states that
// layers keep, each times the shard's part of the rows, so that the sum over all shards is what they are on average.
type shards struct {
	*Trainer
	summer cluster.Summer
	free   [][]float32 // arrays that are not in use
	sum    []float32   // over all shards
	states []string    // that steps change
	grads  int         // numbers of the gradients
	most   int         // shards of a batch
	weighs bool        // whether shards are told the weights of their batch
	spare  *dataset.Batch
	stop   func() bool // asked of this rank; nil where there are no others
	end    func()      // has all ranks end that have agreed to
}

// newShards prepares for them; nil without train.shards.
func newShards(t *Trainer) *shards {
	c := &t.job.Config.Train
	if c.Shards == 0 {
		return nil
	}
	s := &shards{Trainer: t, most: c.Shards, summer: cluster.Summer{Comm: t.opts.Comm}}
	return s
}

// shard is one of a batch: its number, and its rows.
type shard struct{ number, from, to int }

// of are the shards that this rank computes of a batch of so many rows, and how many there are in all.
func (s *shards) of(rows int) (own cluster.Node, all int) {
	all = min(s.most, rows)
	return cluster.Share(all, s.opts.Comm.Size(), s.opts.Comm.Rank()), all
}

// filled are the rows that this rank needs of a batch: those of its shards, or all where training mixes the rows of a batch.
func (s *shards) filled(rows int) (from, to int) {
	if s.job.Config.Dataset.Mixes() {
		return 0, rows
	}
	own, all := s.of(rows)
	return own.Lo * rows / all, own.Hi * rows / all
}

// work is what is known of a batch while its shards go through the net.
type work struct {
	*shards
	at     key
	rows   []int
	rate   float64
	all    int // shards
	update *program
	batch  *dataset.Batch // that shards are fed from; nil where each is filled by itself
	offset int            // of its first row in the batch
	told   []float32      // of the whole batch: the weights of the heads, then of the rows
	losses []byte         // of the own shards so far
	bad    *Diverged      // of the first own shard whose loss is not finite
}

// sharded is what whole is without train.shards.
func sharded(t *Trainer, at key, rows []int, rate float64) (loss, weight float64, err error) {
	w := &work{shards: t.batches.shards, at: at, rows: rows, rate: rate}
	var own cluster.Node
	own, w.all = w.of(len(rows))
	if w.update, err = w.updater(); err != nil {
		return 0, 0, err
	}
	if t.pos.Seen == 0 {
		prune(t)
	}
	release, err := w.fill()
	if err != nil {
		return 0, 0, err
	}
	defer release()
	if w.weighs {
		if err := w.weigh(own); err != nil {
			return 0, 0, err
		}
	}
	var sums [][]float32
	defer func() { w.free = append(w.free, sums...) }()
	for _, node := range cluster.Cover(w.all, own) {
		sum, err := w.compute(node)
		if err != nil {
			return 0, 0, err
		}
		sums = append(sums, sum)
	}
	if loss, weight, err = w.exchangeLosses(); err != nil {
		return 0, 0, err
	}
	return loss, weight, w.apply(sums, weight)
}

// updater is the program of the update.
func (w *work) updater() (*program, error) {
	c := &w.job.Config.Train
	k := w.at
	k.kind = updating
	k.shape.Rows = c.StepRows(min(c.BatchSize, w.job.Data.Train.Rows()))
	k.shape.Steps = w.job.TrainingShape(1).Steps
	p, err := w.program(k)
	if err != nil || w.sum != nil {
		return p, err
	}
	size := 0
	if p.HasFeed(model.FeedGradient) {
		w.grads = len(p.Feed(model.FeedGradient).F)
		size = w.grads
	}
	for _, name := range w.state.Names() {
		if p.HasFeed(model.NextState + name) {
			w.states = append(w.states, name)
			size += len(p.Feed(model.NextState + name).F)
		}
	}
	w.sum = make([]float32, size)
	g, err := model.WeightsGraph(&w.job.Network, w.job.TrainingShape(1))
	w.weighs = g != nil
	return p, err
}

// fill fills the rows that this rank needs of a batch, where that is not done shard by shard: it was done ahead, training mixes the
// rows of a batch, or they are needed twice.
func (w *work) fill() (release func(), err error) {
	from, to := w.filled(len(w.rows))
	w.offset = from
	if f, batch := w.batches.feeder, w.pos.Batch; f != nil {
		w.batch, err = f.take(batch)
		return func() { f.giveBack(batch) }, err
	}
	if w.weighs || w.job.Config.Dataset.Mixes() {
		if w.spare == nil {
			w.spare = w.job.Schema.NewBatch(min(w.job.Config.Train.BatchSize, w.batches.part.Rows()))
		}
		w.batch = w.spare
		err = w.batches.part.FillTraining(w.batch, w.rows[from:to], w.job.Config.Seed, w.batches.epoch)
	}
	return func() {}, err
}

// shard is one of the batch by its number.
func (w *work) shard(number int) shard {
	return shard{number, number * len(w.rows) / w.all, (number + 1) * len(w.rows) / w.all}
}

// shape is what programs for a shard are compiled for.
func (w *work) shape(s shard) model.BatchShape {
	shape := w.at.shape
	shape.Rows = s.to - s.from
	return shape
}

// feed puts the rows of a shard into a program, from the batch that holds them.
func (w *work) feed(p *model.Program, s shard) {
	pick := make([]int, s.to-s.from)
	for i := range pick {
		pick[i] = s.from - w.offset + i
	}
	p.FeedRows(w.batch, pick, 0)
}

// compute takes the shards of a node through the net, and returns the sum of what they give.
func (w *work) compute(node cluster.Node) ([]float32, error) {
	if node.Hi-node.Lo == 1 {
		return w.one(w.shard(node.Lo))
	}
	left, right := node.Split()
	a, err := w.compute(left)
	if err != nil {
		return nil, err
	}
	b, err := w.compute(right)
	if err != nil {
		return nil, err
	}
	const piece = 1 << 14
	w.pool.Run((len(a)+piece-1)/piece, func(_, lo, hi int) {
		x := a[lo*piece : min(hi*piece, len(a))]
		vec.Add(x, x, b[lo*piece:])
	})
	w.free = append(w.free, b)
	return a, nil
}

// one takes a shard through the net.
func (w *work) one(s shard) ([]float32, error) {
	k, rows := w.at, w.rows[s.from:s.to]
	k.kind, k.shape, k.role = ofShard, w.shape(s), model.Alone
	p, err := w.program(k)
	if err != nil {
		return nil, err
	}
	feed := func(told *model.Program) { told.FeedBatch(p.batch) }
	if w.batch != nil {
		feed = func(told *model.Program) { w.feed(told, s) }
		feed(p.Program)
		p.batch.Rows = len(rows)
	} else if err := w.batches.part.FillTraining(p.batch, rows, w.job.Config.Seed, w.batches.epoch); err != nil {
		return nil, err
	}
	if err := w.force(p, k.shape, rows); err != nil {
		return nil, err
	}
	if err := teach(w.Trainer, p, k.shape, rows, feed); err != nil {
		return nil, err
	}
	scalars := func(p *model.Program) {
		feedScalars(p, w.pos, w.rate)
		if p.HasFeed(model.FeedStep) {
			at := p.Feed(model.FeedStep).I
			at[1], at[2] = int32(s.from), int32(len(rows))
		}
		w.tell(p)
	}
	scalars(p.Program)
	p.Run()
	loss, weight := weightedLoss(p)
	w.losses = binary.LittleEndian.AppendUint64(w.losses, math.Float64bits(loss))
	w.losses = binary.LittleEndian.AppendUint64(w.losses, math.Float64bits(weight))
	if !finite(loss) && w.bad == nil {
		w.bad = w.diverged(k, p.batch, rows, loss/weight, scalars)
	}
	return w.given(p, float32(float64(len(rows))/float64(len(w.rows)))), nil
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// given is what a shard gives that has that part of the rows.
func (w *work) given(p *program, part float32) (x []float32) {
	if last := len(w.free) - 1; last >= 0 {
		x, w.free = w.free[last], w.free[:last]
	} else {
		x = make([]float32, len(w.sum))
	}
	if w.grads > 0 {
		copy(x, p.Output(model.OutGradient).F)
	}
	rest := x[w.grads:]
	for _, name := range w.states {
		next := w.state.Data(name) // of a shard that is too small to measure
		if p.HasOutput(model.NextState + name) {
			next = p.Output(model.NextState + name).F
		}
		vec.Scale(rest[:len(next)], next, part)
		rest = rest[len(next):]
	}
	return x
}
