package infer

import (
	"slices"

	"dnn/pkg/model"
)

// A group goes through the net together; its rows have the order in which they do.
type group struct {
	rows  []int
	shape model.BatchShape
}

// What a group has at most: so many rows, and so many steps, padding included.
const (
	groupRows  = 64
	groupSteps = 1 << 16
)

// groups shares the rows of the batch out; one group stands for all rows in their order. Longer rows go first, and those longer
// than any of the training split only with such as are at least half as long.
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
	r.pick = r.everyRow()
	length := func(row int) (n int) {
		for i := range s.Blocks {
			if s.Blocks[i].Sequence {
				n += s.Bucket(i, int(b.Lengths[i][row]))
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
					steps[i] = max(steps[i], s.Bucket(i, int(b.Lengths[i][row])))
				}
				all += steps[i]
			}
		}
		list = append(list, group{rest[:n], model.BatchShapeFor(n, steps)})
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
		if r.net.Schema.Even(i) && r.net.Schema.Bucket(i, int(r.batch.Lengths[i][row])) != r.net.Schema.Blocks[i].Shape[0] {
			bits |= 1 << i
		}
	}
	return bits
}

// longer reports whether a row is longer than any of the training split.
func (r *Runner) longer(row int) bool {
	for i := range r.net.Schema.Blocks {
		if block := &r.net.Schema.Blocks[i]; block.Sequence && int(r.batch.Lengths[i][row]) > r.net.Schema.LongestTraining(i) {
			return true
		}
	}
	return false
}
