package model

import (
	"slices"

	"dnn/internal/parallel"
	"dnn/pkg/dataset"
	"dnn/pkg/graph/exec"
)

// Runner runs a net in evaluation on batches of rows. Rows of a batch that differ much in length, or are very long, go through
// the net in groups of similar length: a row's answer does not depend on the rows beside it.
type Runner struct {
	net      *Network
	state    *exec.State
	pool     *parallel.Pool
	scoring  bool
	programs programs
	batch    *dataset.Batch
	pick     []int // a group
	heads    []Output
}

// Output is what a head puts out for a batch.
type Output struct {
	// Prediction is [predictions, width]: one for each row, or one for each step, of which Predictions tells those of a row.
	Prediction   []float32
	Loss, Weight float64 // when scoring: Σ weight·loss and Σ weight

	packed []float32 // of a batch that goes through the net piece by piece: the predictions for its rows, none for padding
	ends   []int     // of its rows among those; empty where the predictions lie as in the batch
	room   int       // for predictions
}

// NewRunner prepares to predict, or to score when truth will be at hand. Where the state has a moving average of the
// weights, that is used in their place.
func NewRunner(net *Network, state *exec.State, pool *parallel.Pool, scoring bool) *Runner {
	return &Runner{net: net, state: state, pool: pool, scoring: scoring, batch: net.Schema.NewBatch(net.ScoreRows())}
}

// Batch is the buffer to fill with up to the net's ScoreRows before Run.
func (r *Runner) Batch() *dataset.Batch { return r.batch }

// Run computes the batch and returns what each head puts out. It is good until the next Run.
func (r *Runner) Run() ([]Output, error) {
	r.heads = resize(r.heads, len(r.net.Heads))
	for k := range r.heads {
		h := &r.heads[k]
		h.ends, h.Loss, h.Weight = h.ends[:0], 0, 0
		h.room = r.batch.Rows * r.net.Schema.LabelRoom(r.batch, k)
	}
	if r.net.Config.Train.Stateful {
		return r.heads, r.runStretches()
	}
	if groups := r.groups(); len(groups) > 1 {
		return r.heads, r.runGroups(groups)
	}
	p, err := r.program(ExtentOf(r.batch))
	if err != nil {
		return nil, err
	}
	r.net.Feed(p, r.batch)
	p.Run()
	for k := range r.heads {
		r.addLoss(p, k)
		r.heads[k].Prediction = p.Output(r.net.headName(OutPrediction, k)).F
	}
	return r.heads, nil
}

// addLoss adds the loss of head k that a program computed.
func (r *Runner) addLoss(p *exec.Program, k int) {
	if !r.scoring {
		return
	}
	h := &r.heads[k]
	h.Loss += float64(p.Output(r.net.headName(OutLoss, k)).F[0])
	h.Weight += float64(p.Output(r.net.headName(OutLossWeight, k)).F[0])
}

// runGroups runs group after group.
func (r *Runner) runGroups(groups []group) error {
	r.pack()
	for _, g := range groups {
		p, err := r.program(g.extent)
		if err != nil {
			return err
		}
		r.net.feed(p, r.batch, g.rows, 0)
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
			from, to := r.net.Schema.LabelsOf(r.batch, k, i)
			h.room += to - from
			h.ends = append(h.ends, h.room)
		}
		h.packed = resize(h.packed, h.room*r.net.Heads[k].Width)
		h.Prediction = h.packed
	}
}

// take puts what a program says of some rows, all where pick is nil, from a step on, where the predictions for these rows lie,
// and adds its losses.
func (r *Runner) take(p *exec.Program, pick []int, step int) {
	rows := picks(pick, r.batch.Rows)
	for k := range r.heads {
		r.addLoss(p, k)
		out := p.Output(r.net.headName(OutPrediction, k)).F
		room, width := len(out)/rows, r.net.Heads[k].Width // numbers of a row, and of a prediction
		skip := step * width
		if !r.net.Heads[k].Sequence() {
			skip = 0
		}
		for place := range rows {
			from, to := r.Predictions(k, picked(pick, place))
			own := r.heads[k].packed[from*width : to*width]
			copy(own[min(skip, len(own)):], out[place*room:(place+1)*room])
		}
	}
}

// Predictions are the places of what head k predicts for row i of the batch among all its predictions: one, or one for each
// step.
func (r *Runner) Predictions(k, i int) (from, to int) {
	ends := r.heads[k].ends
	switch {
	case len(ends) == 0:
		return r.net.Schema.LabelsOf(r.batch, k, i)
	case i > 0:
		from = ends[i-1]
	}
	return from, ends[i]
}

// A group goes through the net together; its rows have the order in which they do.
type group struct {
	rows   []int
	extent Extent
}

// What a group has at most: so many rows, and so many steps, padding included.
const (
	groupRows  = 64
	groupSteps = 1 << 16
)

// groups shares the rows of the batch out; one group stands for all rows in their order. Longer rows go first, and those longer
// than any of the training part only with such as are at least half as long.
func (r *Runner) groups() []group {
	s, b := r.net.Schema, r.batch
	whole := 0
	for i := range s.Blocks {
		if s.Blocks[i].Sequence {
			whole += b.Steps[i]
		}
	}
	if whole == 0 || b.Rows < 2 {
		return nil
	}
	r.pick = r.pick[:0]
	for i := range b.Rows {
		r.pick = append(r.pick, i)
	}
	length := func(row int) (n int) {
		for i := range s.Blocks {
			if s.Blocks[i].Sequence {
				n += s.Room(i, int(b.Lengths[i][row]))
			}
		}
		return n
	}
	slices.SortStableFunc(r.pick, func(x, y int) int { return length(y) - length(x) })
	var list []group
	steps := make([]int, len(s.Blocks))
	cost, odd := 0, false // steps; whether some rows can never go with others
	for rest := r.pick; len(rest) > 0; {
		first := length(rest[0])
		most := max(1, min(len(rest), groupRows, groupSteps/first))
		n := 1
		for n < most && r.odd(rest[n]) == r.odd(rest[0]) && (!r.longer(rest[0]) || 2*length(rest[n]) >= first) {
			n++
		}
		odd = odd || r.odd(rest[0]) != r.odd(r.pick[0])
		all := 0
		for i := range s.Blocks {
			if steps[i] = 0; s.Blocks[i].Sequence {
				for _, row := range rest[:n] {
					steps[i] = max(steps[i], s.Room(i, int(b.Lengths[i][row])))
				}
				all += steps[i]
			}
		}
		list = append(list, group{rest[:n], ExtentFor(n, steps)})
		cost += n * all
		rest = rest[n:]
	}
	if !odd && b.Rows*whole <= 2*groupSteps && 4*cost > 3*b.Rows*whole {
		return nil // not worth it
	}
	return list
}

// odd tells, as bits, in which blocks of even sequences a row is longer or shorter than all others: what these need no lengths
// for, it does.
func (r *Runner) odd(row int) (bits uint) {
	for i := range r.net.Schema.Blocks {
		if r.net.Schema.Even(i) && r.net.Schema.Room(i, int(r.batch.Lengths[i][row])) != r.net.Schema.Blocks[i].Shape[0] {
			bits |= 1 << i
		}
	}
	return bits
}

// longer reports whether a row is longer than any of the training part.
func (r *Runner) longer(row int) bool {
	for i := range r.net.Schema.Blocks {
		if block := &r.net.Schema.Blocks[i]; block.Sequence && int(r.batch.Lengths[i][row]) > r.net.Schema.Usual(i) {
			return true
		}
	}
	return false
}
