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
	pick     []int     // a group
	out      []float32 // of a batch that goes through the net piece by piece: the answers of its rows, none for padding
	ends     []int     // of its rows among those; empty where the answers lie as in the batch
	answers  int       // that there is room for in what the last Run returned
}

// NewRunner prepares to predict, or to score when truth will be at hand. Where the state has a moving average of the
// weights, that is used in their place.
func NewRunner(net *Network, state *exec.State, pool *parallel.Pool, scoring bool) *Runner {
	return &Runner{net: net, state: state, pool: pool, scoring: scoring, batch: net.Schema.NewBatch(net.ScoreRows())}
}

// Batch is the buffer to fill with up to the net's ScoreRows before Run.
func (r *Runner) Batch() *dataset.Batch { return r.batch }

// Run computes the batch and returns predictions [rows, width] and, when scoring, the loss and its weight. Where each step
// has an answer, predictions are [answers, width]; Answers tells which are those of a row.
func (r *Runner) Run() (prediction []float32, loss, weight float64, err error) {
	r.ends = r.ends[:0]
	r.answers = r.batch.Rows * r.net.Schema.AnswerRoom(r.batch)
	if r.net.Config.Train.Stateful {
		return r.runStretches()
	}
	if groups := r.groups(); len(groups) > 1 {
		return r.runGroups(groups)
	}
	p, err := r.program(ExtentOf(r.batch))
	if err != nil {
		return nil, 0, 0, err
	}
	r.net.Feed(p, r.batch)
	p.Run()
	if r.scoring {
		loss, weight = float64(p.Output(OutLoss).F[0]), float64(p.Output(OutLossWeight).F[0])
	}
	return p.Output(OutPrediction).F, loss, weight, nil
}

// runGroups runs group after group.
func (r *Runner) runGroups(groups []group) (prediction []float32, loss, weight float64, err error) {
	r.packAnswers()
	for _, g := range groups {
		p, err := r.program(g.extent)
		if err != nil {
			return nil, 0, 0, err
		}
		r.net.feed(p, r.batch, g.rows, 0)
		p.Run()
		if r.scoring {
			loss, weight = loss+float64(p.Output(OutLoss).F[0]), weight+float64(p.Output(OutLossWeight).F[0])
		}
		r.take(p.Output(OutPrediction).F, g.rows, 0)
	}
	return r.out, loss, weight, nil
}

// packAnswers makes the answers lie one after the other, without padding.
func (r *Runner) packAnswers() {
	r.answers = 0
	for i := range r.batch.Rows {
		from, to := r.net.Schema.Answers(r.batch, i)
		r.answers += to - from
		r.ends = append(r.ends, r.answers)
	}
}

// take puts what a program says of some rows, all where pick is nil, from a step on, where the answers to these rows lie.
func (r *Runner) take(out []float32, pick []int, step int) {
	rows := picks(pick, r.batch.Rows)
	room := len(out) / rows // numbers of a row
	width := room
	if r.net.head().Sequence() {
		width = r.net.outputs
	}
	r.out = resize(r.out, r.answers*width)
	for place := range rows {
		from, to := r.Answers(picked(pick, place))
		own := r.out[from*width : to*width]
		copy(own[min(step*width, len(own)):], out[place*room:(place+1)*room])
	}
}

// Answers are the places of the answers to row i of the batch among all predictions: one, or one for each of its steps.
func (r *Runner) Answers(i int) (from, to int) {
	switch {
	case len(r.ends) == 0:
		return r.net.Schema.Answers(r.batch, i)
	case i > 0:
		from = r.ends[i-1]
	}
	return from, r.ends[i]
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
