package dataset

import (
	"math"

	"dnn/pkg/dataset/column"
)

// A net cannot follow a series beyond what it has seen: its units saturate. So a window's level can be taken off before the
// net sees it, and given back to what it predicts of the same column (Kim et al. 2022, Reversible instance normalization,
// without the scale). Both happen on the scale of normalize: with a logarithm, the net predicts a growth.

// Based reports whether the net's numbers count from a level that each row has of its own: Batch.Base.
func (cs LabelColumns) Based() bool {
	if len(cs) == 0 {
		return false
	}
	e, ok := cs[0].Encoder.(column.Ahead)
	if !ok {
		return false
	}
	_, _, based := e.Base()
	return based
}

// giveLevel writes what a level means to the targets that count from it into row i of a batch.
func (b *Batch) giveLevel(i, input, channel int, level float64) {
	if b.Base == nil {
		return
	}
	from := b.schema.Inputs[input].StepEncoder.(column.Channeled).ChannelScale(channel)
	own := math.FMA(level, from.Scale, from.Shift)
	for k := range b.schema.LabelColumns {
		e, ok := b.schema.LabelColumns[k].Encoder.(column.Ahead)
		if !ok {
			continue
		}
		if in, of, based := e.Base(); based && in == input && of == channel {
			to, _ := b.schema.LabelColumns[k].Scaling()
			b.Base[i*b.schema.Heads[0].Width+k] = float32((own - to.Shift) / to.Scale)
		}
	}
}

// settleLevels decides which windows lose their level, and which targets count from it.
func (l *fitter) settleLevels(s *Schema, columns *resolved, f *column.Fitting) {
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
			level := set.Recentring()
			if level == "auto" {
				share := f.Trend(c, channels.ChannelScale(k))
				if share < column.TrendShare {
					continue
				}
				level = "mean"
				l.Note("%s: a straight line explains %.0f %% of its variance in the training split: windows count from their mean, and so does what is predicted (level: keep leaves them as they are)", c.Name, 100*share)
			}
			e.Recentre(k, level)
			l.countFrom(s, in.path, at-1, k, c.Name, set.Recentring() == "auto")
		}
	}
}

// countFrom lets targets count from the level of a channel that has the same column.
func (l *fitter) countFrom(s *Schema, path string, input, channel int, col string, quiet bool) {
	scale := s.Inputs[input].Encoder.(column.Channeled).ChannelScale(channel)
	for k := range s.LabelColumns {
		e, ok := s.LabelColumns[k].Encoder.(column.Ahead)
		if !ok {
			continue
		}
		of, ahead := e.Source()
		if _, _, based := e.Base(); of != col || based {
			continue
		}
		if to, _ := s.LabelColumns[k].Scaling(); to.Log != scale.Log {
			s.Inputs[input].Encoder.(column.Recentred).Recentre(channel, "")
			if !quiet && ahead == 0 {
				l.p.Add(path+".level", "wants the input and the target to be normalized with the same logarithm, or both without; the level of one is none of the other")
			}
			continue
		}
		e.SetBase(input, channel)
	}
}
