package infer

import (
	"cmp"
	"slices"

	"dnn/pkg/dataset"
	"dnn/pkg/graph/exec"
	"dnn/pkg/model"
)

// Writer writes the texts of all heads that generate some. One goroutine at a time uses a Writer, its state and its pool.
type Writer struct {
	net      *model.Network
	decoders []*Decoder // by head; nil for those that write nothing
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
	Score      float64 // of Sequence
}

// Write writes the texts of head k for some rows of a batch, in their order.
func (w *Writer) Write(k int, b *dataset.Batch, rows []int) ([]Written, error) {
	d := w.decoders[k]
	text := w.net.Schema.LabelColumns[w.net.Schema.Heads[k].First].Generated()
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
			one := Written{Row: rest[i], Text: text.Text(s.Tokens), Score: s.Score}
			if texts := b.Labels(k).Texts; texts != nil {
				one.References = []string{texts[rest[i]]}
			}
			byRow[rest[i]] = one
		}
		rest = rest[n:]
	}
	list := make([]Written, len(rows))
	for i, row := range rows {
		list[i] = byRow[row]
	}
	return list, nil
}
