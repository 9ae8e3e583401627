package infer

import (
	"cmp"
	"math"
	"slices"

	"dnn/pkg/dataset/tokenizer"
	"dnn/pkg/graph/exec"
	"dnn/pkg/infer/ctc"
	"dnn/pkg/model"
)

// Writer writes the texts of all heads that put out some. One goroutine at a time uses a Writer, its state and its pool.
type Writer struct {
	net      *model.Network
	decoders []*Decoder // by head; nil for those that generate nothing
	how      model.Predict
}

// sequencesAtOnce is how many unfinished texts are written together: a step of so many keeps all threads busy.
const sequencesAtOnce = 64

// NewWriter prepares to write as the spec's section predict says, or as `how` does where it is not nil.
func NewWriter(net *model.Network, state *exec.State, pool *exec.Pool, how *model.Predict) (*Writer, error) {
	if how == nil {
		settled := Writing(net)
		how = &settled
	}
	w := &Writer{net: net, how: *how}
	for k := range net.Heads {
		var d *Decoder
		if net.Writes(k) {
			var err error
			if d, err = NewDecoder(net, state, pool, k, how.MaxLength); err != nil {
				return nil, err
			}
		}
		w.decoders = append(w.decoders, d)
	}
	return w, nil
}

// StopWith has texts end with an error as soon as stop returns one.
func (w *Writer) StopWith(stop func() error) {
	for _, d := range w.decoders {
		if d != nil {
			d.Stop = stop
		}
	}
}

// Writing is how a net writes texts: as its spec says, else the most probable token at each step.
func Writing(net *model.Network) model.Predict {
	if how := net.Config.Predict; how != nil {
		return *how
	}
	return model.Predict{Beam: 1, LengthPenalty: 1}
}

// Written is a text that a head wrote for a row.
type Written struct {
	Row        int // of the batch, or of the split
	Text       string
	References []string
	Score      float64 // of Sequence; where labels are aligned, the logarithm of their probability
	Exact      bool    // where labels are aligned: they are those of the data
}

// Write writes the texts of head k for some rows of a runner's batch, in their order. Where labels are aligned, they are read from
// what the runner put out for it.
func (w *Writer) Write(k int, r *Runner, rows []int) ([]Written, error) {
	list := make([]Written, len(rows))
	if w.net.Heads[k].Aligned() {
		for i, row := range rows {
			list[i] = w.read(k, r, row)
		}
		return list, nil
	}
	d, b := w.decoders[k], r.batch
	order := slices.Clone(rows)
	long := func(row int) (n int) { // rows of similar length go together
		for i := range w.net.Schema.Blocks {
			if w.net.Schema.Blocks[i].Sequence && i != w.net.Prefix(k) {
				n += w.net.Schema.Bucket(i, max(1, int(b.Lengths[i][row])))
			}
		}
		return n
	}
	slices.SortStableFunc(order, func(x, y int) int { return cmp.Compare(long(x), long(y)) })
	byRow := map[int]Written{}
	most := max(1, sequencesAtOnce/max(1, w.how.Beam))
	for rest := order; len(rest) > 0; {
		n := min(most, len(rest))
		list, err := d.Search(b, rest[:n], w.how)
		if err != nil {
			return nil, err
		}
		for i, s := range list {
			byRow[rest[i]] = w.written(k, r, rest[i], s)
		}
		rest = rest[n:]
	}
	for i, row := range rows {
		list[i] = byRow[row]
	}
	return list, nil
}

// written is what head k wrote for a row.
func (w *Writer) written(k int, r *Runner, row int, s Sequence) Written {
	text := w.net.Schema.LabelColumns[w.net.Schema.Heads[k].First].Generated()
	one := Written{Row: row, Text: text.Text(s.Tokens), Score: s.Score}
	labels := r.batch.Labels(k)
	if labels.Texts != nil {
		one.References = []string{labels.Texts[row]}
	}
	if w.net.Heads[k].Aligned() {
		from, to := r.batch.LabelsOf(k, row)
		one.Exact = slices.Equal(s.Tokens, labels.Ints[from:to])
	}
	return one
}

// read reads the labels of a row from the steps of head k: from the most probable class of each, or by a beam search. None is a
// token that training never saw.
func (w *Writer) read(k int, r *Runner, row int) Written {
	steps, width := r.heads[k].Aligned[row], w.net.Heads[k].Width
	for at := tokenizer.Unknown; at < len(steps); at += width {
		steps[at] = float32(math.Inf(-1))
	}
	best := ctc.Greedy(steps, width)
	if w.how.Beam > 1 {
		best = ctc.Beam(steps, width, w.how.Beam)[0]
	}
	return w.written(k, r, row, Sequence{best.Classes, best.LogProbability})
}
