// Package infer runs compiled nets: predictions and scores of batches and of whole splits.
package infer

import (
	"dnn/pkg/dataset"
	"dnn/pkg/graph/exec"
	"dnn/pkg/model"
)

// Runner runs a net in evaluation on batches of rows. Rows of a batch that differ much in length, or are very long, go through
// the net in groups of similar length: a row's prediction does not depend on the other rows.
type Runner struct {
	net      *model.Network
	state    *exec.State
	pool     *exec.Pool
	scoring  bool
	programs model.Programs[model.BatchShape, *model.Program]
	batch    *dataset.Batch
	pick     []int // a group
	heads    []Output
}

// Output is what a head puts out for a batch.
type Output struct {
	// Prediction is [predictions, width]: one for each row, or one for each step, of which Predictions tells those of a row.
	Prediction []float32
	// Aligned is, by row, what a head whose labels are aligned puts out in the place of a Prediction: the logarithms of the classes'
	// probabilities at each of its steps, [steps, width].
	Aligned      [][]float32
	Loss, Weight float64 // when scoring: Σ weight·loss and Σ weight

	packed []float32 // of a batch that goes through the net piece by piece: the predictions for its rows, none for padding
	ends   []int     // of its rows among those; empty where the predictions lie as in the batch
	room   int       // for predictions
}

// NewRunner prepares to predict, or to score when labels will be at hand. Where the state has a moving average of the
// weights, that is used in their place. One goroutine at a time uses a Runner, its state and its pool; others take their own.
func NewRunner(net *model.Network, state *exec.State, pool *exec.Pool, scoring bool) *Runner {
	return &Runner{net: net, state: state, pool: pool, scoring: scoring, batch: net.Schema.NewBatch(net.ScoreRows()),
		programs: model.Programs[model.BatchShape, *model.Program]{MaxCount: keptPrograms, MaxBytes: keptBytes}}
}

// Batch is the buffer to fill with up to the net's ScoreRows before Run.
func (r *Runner) Batch() *dataset.Batch { return r.batch }

// Run computes the batch and returns what each head puts out. It is good until the next Run.
func (r *Runner) Run() ([]Output, error) {
	r.heads = resize(r.heads, len(r.net.Heads))
	for k := range r.heads {
		h := &r.heads[k]
		h.ends, h.Loss, h.Weight = h.ends[:0], 0, 0
		h.room = r.batch.Rows * r.batch.MaxLabels(k)
		h.Aligned = resize(h.Aligned, r.batch.Rows)
	}
	if r.net.Config.Train.Stateful {
		return r.heads, r.runChunks()
	}
	if groups := r.groups(); len(groups) > 1 {
		return r.heads, r.runGroups(groups)
	}
	p, err := r.program(model.BatchShapeOf(r.batch))
	if err != nil {
		return nil, err
	}
	p.FeedBatch(r.batch)
	p.Run()
	for k := range r.heads {
		r.addLoss(p, k)
		if r.net.Heads[k].Aligned() {
			r.takeAligned(p, k, r.everyRow())
		} else {
			r.heads[k].Prediction = p.Prediction(k)
		}
	}
	return r.heads, nil
}

// addLoss adds the loss of head k that a program computed.
func (r *Runner) addLoss(p *model.Program, k int) {
	if !r.scoring {
		return
	}
	sum, weight := p.Loss(k)
	r.heads[k].Loss += sum
	r.heads[k].Weight += weight
}

// runGroups runs group after group.
func (r *Runner) runGroups(groups []group) error {
	r.pack()
	for _, g := range groups {
		p, err := r.program(g.shape)
		if err != nil {
			return err
		}
		p.FeedRows(r.batch, g.rows, 0)
		p.Run()
		r.take(p, g.rows, 0)
	}
	return nil
}

// pack makes the predictions lie one after the other, without padding.
func (r *Runner) pack() {
	for k := range r.heads {
		h := &r.heads[k]
		h.room = 0
		for i := range r.batch.Rows {
			from, to := r.batch.LabelsOf(k, i)
			h.room += to - from
			h.ends = append(h.ends, h.room)
		}
		h.packed = resize(h.packed, h.room*r.net.Heads[k].Width)
		h.Prediction = h.packed
	}
}

// take puts what a program says of some rows, all where pick is nil, from a step on, where the predictions for these rows lie,
// and adds its losses.
func (r *Runner) take(p *model.Program, pick []int, step int) {
	if pick == nil {
		pick = r.everyRow()
	}
	for k := range r.heads {
		r.addLoss(p, k)
		if r.net.Heads[k].Aligned() {
			r.takeAligned(p, k, pick)
			continue
		}
		out := p.Prediction(k)
		room, width := len(out)/len(pick), r.net.Heads[k].Width // numbers of a row, and of a prediction
		skip := step * width
		if !r.net.Heads[k].Sequence() {
			skip = 0
		}
		for place, row := range pick {
			from, to := r.Predictions(k, row)
			own := r.heads[k].packed[from*width : to*width]
			copy(own[min(skip, len(own)):], out[place*room:(place+1)*room])
		}
	}
}

// takeAligned copies what head k puts out for the steps of some rows.
func (r *Runner) takeAligned(p *model.Program, k int, rows []int) {
	own := r.heads[k].Aligned
	for place, row := range rows {
		own[row] = append(own[row][:0], p.AlignedSteps(k, place, len(rows))...)
	}
}

// everyRow lists the rows of the batch.
func (r *Runner) everyRow() []int {
	r.pick = r.pick[:0]
	for i := range r.batch.Rows {
		r.pick = append(r.pick, i)
	}
	return r.pick
}

// Predictions are the places of what head k predicts for row i of the batch among all its predictions: one, or one for each
// step.
func (r *Runner) Predictions(k, i int) (from, to int) {
	ends := r.heads[k].ends
	switch {
	case len(ends) == 0:
		return r.batch.LabelsOf(k, i)
	case i > 0:
		from = ends[i-1]
	}
	return from, ends[i]
}
