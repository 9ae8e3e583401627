package dataset

import (
	"math"

	"dnn/pkg/dataset/column"
)

// A net cannot follow a series beyond the range of its training data: its units saturate. So the offset of a window can be
// subtracted before the net sees it, and added to predictions of the same column (Kim et al. 2022, Reversible instance
// normalization, without the scale). Both happen on the scale of normalize: with a logarithm, the net predicts growth.

// HasOffset reports whether an offset per row is added to the net's numbers: Batch.Offset.
func (cs LabelColumns) HasOffset() bool {
	if len(cs) == 0 {
		return false
	}
	e, ok := cs[0].Encoder.(column.Ahead)
	if !ok {
		return false
	}
	_, _, ok = e.Offset()
	return ok
}

// setOffset writes the offset of a channel into row i of a batch, on the scale of the targets that are relative to it.
func (b *Batch) setOffset(i, input, channel int, offset float64) {
	if b.Offset == nil {
		return
	}
	from := b.schema.Inputs[input].StepEncoder.(column.Channeled).ChannelScale(channel)
	denormalized := math.FMA(offset, from.Scale, from.Shift)
	for k := range b.schema.LabelColumns {
		e, ok := b.schema.LabelColumns[k].Encoder.(column.Ahead)
		if !ok {
			continue
		}
		if in, of, ok := e.Offset(); ok && in == input && of == channel {
			to, _ := b.schema.LabelColumns[k].Scaling()
			b.Offset[i*b.schema.Heads[0].Width+k] = float32((denormalized - to.Shift) / to.Scale)
		}
	}
}

// fitOffsets decides which windows have their offset subtracted, and which targets are relative to it.
func (l *fitter) fitOffsets(s *Schema, columns *resolved, f *column.Fitting) {
	if s.Heads.Horizon() == 0 {
		return
	}
	own := columns.in(f.Table)
	at := 0 // in the schema's inputs, which lack those with mistakes
	for i, in := range columns.inputs {
		if at >= len(s.Inputs) || s.Inputs[at].Name != in.name {
			continue
		}
		at++
		set, ok := in.kind.(column.Temporal)
		e, recentred := s.Inputs[at-1].Encoder.(column.Recentred)
		if !ok || !recentred || set.Recentring() == "" {
			continue
		}
		channels := s.Inputs[at-1].Encoder.(column.Channeled)
		for k, c := range own.inputs[i] {
			how := set.Recentring()
			if how == "auto" {
				share := f.Trend(c, channels.ChannelScale(k))
				if share < column.TrendShare {
					continue
				}
				how = "mean"
				l.Note("%s: a straight line explains %.0f %% of its variance in the training split, so the mean of each window is subtracted from it and added to the prediction (level: keep turns this off)", c.Name, 100*share)
			}
			e.Recentre(k, how)
			l.addOffset(s, in.path, at-1, k, c.Name, set.Recentring() == "auto")
		}
	}
}

// addOffset makes targets relative to the offset of a channel of the same column.
func (l *fitter) addOffset(s *Schema, path string, input, channel int, col string, quiet bool) {
	scale := s.Inputs[input].Encoder.(column.Channeled).ChannelScale(channel)
	for k := range s.LabelColumns {
		e, ok := s.LabelColumns[k].Encoder.(column.Ahead)
		if !ok {
			continue
		}
		of, ahead := e.Source()
		if _, _, ok := e.Offset(); of != col || ok {
			continue
		}
		if to, _ := s.LabelColumns[k].Scaling(); to.Log != scale.Log {
			s.Inputs[input].Encoder.(column.Recentred).Recentre(channel, "")
			if !quiet && ahead == 0 {
				l.p.Add(path+".level", "the input and the target must both be normalized with the same logarithm, or both without, to share an offset")
			}
			continue
		}
		e.SetOffset(input, channel)
	}
}
