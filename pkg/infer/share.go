package infer

import (
	"encoding/binary"
	"errors"
	"math"

	"dnn/pkg/cluster"
	"dnn/pkg/dataset"
)

// share scores a split whose batches ranks deal out among themselves, by turns. Each takes what all have computed in the order of the
// batches, so the scores have the bits of a single process.
func (s *Scorer) share(part *dataset.Part, how Scoring) (*Scores, error) {
	s.stop = nil // texts are of one rank alone
	for from := 0; from < part.Rows(); {
		if how.Stop != nil {
			if err := how.Stop(); err != nil {
				return nil, err
			}
		}
		var starts []int
		for len(starts) < how.Comm.Size() && from < part.Rows() {
			starts = append(starts, from)
			from += dataset.Fits(part, from, s.net.ScoreRows())
		}
		var own []byte
		if r := how.Comm.Rank(); r < len(starts) {
			if _, err := part.FillFrom(s.batch, starts[r], s.net.ScoreRows()); err != nil {
				return nil, err
			}
			b, err := s.compute(starts[r])
			if err != nil {
				return nil, err
			}
			own = b.encode()
		}
		all, err := cluster.Gather(how.Comm, own)
		if err != nil {
			return nil, err
		}
		for i := range starts {
			b := &seen{heads: make([]seenHead, len(s.heads))}
			if err := b.decode(all[i]); err != nil {
				return nil, err
			}
			s.take(b, how.Each)
		}
	}
	return s.Result(), nil
}

// encode writes a batch for another rank.
func (b *seen) encode() []byte {
	var w writing
	w.whole(b.rows)
	for i := range b.heads {
		h := &b.heads[i]
		w.numbers([]float64{h.loss, h.mass})
		w.whole(h.steps, h.batch.Rows)
		w.numbers(h.batch.Pred)
		w.numbers(h.batch.Labels)
		w.numbers(h.batch.Weight)
		w.list(h.batch.Class)
		w.list(h.batch.Steps)
		w.numbers(h.weights)
		w.whole(len(h.written))
		for _, t := range h.written {
			exact := 0
			if t.Exact {
				exact = 1
			}
			w.whole(t.Row, exact, len(t.References))
			w.numbers([]float64{t.Score})
			w.text(t.Text)
			for _, r := range t.References {
				w.text(r)
			}
		}
	}
	return w
}

// decode reads what another rank wrote.
func (b *seen) decode(from []byte) (err error) {
	defer func() {
		if recover() != nil { // a rank of another version
			err = errForeign
		}
	}()
	r := reading(from)
	b.rows = r.whole()
	for i := range b.heads {
		h := &b.heads[i]
		sums := r.numbers()
		h.loss, h.mass = sums[0], sums[1]
		h.steps, h.batch.Rows = r.whole(), r.whole()
		h.batch.Pred, h.batch.Labels, h.batch.Weight = r.numbers(), r.numbers(), r.numbers()
		h.batch.Class, h.batch.Steps = r.list(), r.list()
		h.weights = r.numbers()
		for range r.whole() {
			t := Written{Row: r.whole(), Exact: r.whole() == 1}
			t.References = make([]string, r.whole())
			t.Score = r.numbers()[0]
			t.Text = r.text()
			for k := range t.References {
				t.References[k] = r.text()
			}
			h.written = append(h.written, t)
		}
	}
	return nil
}

var errForeign = errors.New("another process of the job wrote scores that cannot be read; all must run the same version of dnn")

// writing and reading are numbers and texts as bytes, each list behind its length, -1 for none.
type (
	writing []byte
	reading []byte
)

func (w *writing) whole(list ...int) {
	for _, x := range list {
		*w = binary.LittleEndian.AppendUint64(*w, uint64(x))
	}
}

func (w *writing) numbers(list []float64) {
	w.whole(length(list))
	for _, x := range list {
		*w = binary.LittleEndian.AppendUint64(*w, math.Float64bits(x))
	}
}

func (w *writing) list(list []int) {
	w.whole(length(list))
	w.whole(list...)
}

func (w *writing) text(s string) {
	w.whole(len(s))
	*w = append(*w, s...)
}

func length[T any](list []T) int {
	if list == nil {
		return -1
	}
	return len(list)
}

func (r *reading) whole() int {
	x := binary.LittleEndian.Uint64(*r)
	*r = (*r)[8:]
	return int(x)
}

func (r *reading) numbers() (list []float64) {
	n := r.whole()
	if n >= 0 {
		list = make([]float64, n)
	}
	for i := range list {
		list[i] = math.Float64frombits(uint64(r.whole()))
	}
	return list
}

func (r *reading) list() (list []int) {
	n := r.whole()
	if n >= 0 {
		list = make([]int, n)
	}
	for i := range list {
		list[i] = r.whole()
	}
	return list
}

func (r *reading) text() string {
	n := r.whole()
	s := string((*r)[:n])
	*r = (*r)[n:]
	return s
}
