package dataset

import (
	"math"
)

// A net cannot follow a series beyond what it has seen: its units saturate. So a window's level can be taken off before the
// net sees it, and given back to what it predicts of the same column (Kim et al. 2022, Reversible instance normalization,
// without the scale). Both happen on the scale of normalize: with a logarithm, the net predicts a growth.

// trendShare is from which share of its variance on, explained by a straight line, a series has a trend.
const trendShare = 0.5

// takeLevel subtracts from each channel of a window the level that it is to lose, and calls give with it.
func (e *SeriesEncoder) takeLevel(floats []float32, give func(channel int, level float64)) {
	width := len(e.Channels)
	for k := range e.Channels {
		level := 0.0
		switch e.Channels[k].Level {
		case "last":
			level = float64(floats[len(floats)-width+k])
		case "mean":
			for i := k; i < len(floats); i += width {
				level += float64(floats[i])
			}
			level /= float64(len(floats) / width)
		default:
			continue
		}
		level = float64(float32(level))
		for i := k; i < len(floats); i += width {
			floats[i] = float32(float64(floats[i]) - level)
		}
		give(k, level)
	}
}

// leveled reports whether a channel loses its level.
func (e *SeriesEncoder) leveled() bool {
	for _, c := range e.Channels {
		if c.Level != "" {
			return true
		}
	}
	return false
}

// based is what a step of the target counts from: the level that a channel of an input lost.
type based struct {
	Input   int `json:"input"`
	Channel int `json:"channel"`
}

// Based reports whether the net's numbers count from a level that each row has of its own: Batch.Base.
func (t *Target) Based() bool {
	e, ok := t.first()
	return ok && e.Base != nil
}

// giveLevel writes what a level means to the targets that count from it into row i of a batch.
func (s *Schema) giveLevel(b *Batch, i, input, channel int, level float64) {
	if b.Base == nil {
		return
	}
	from := &s.Inputs[input].steps.(*SeriesEncoder).Channels[channel].Scaling
	own := math.FMA(level, from.Scale, from.Shift)
	for k := range s.Target.Columns {
		e, ok := s.Target.Columns[k].Encoder.(*SeriesTargetEncoder)
		if ok && e.Base != nil && e.Base.Input == input && e.Base.Channel == channel {
			b.Base[i*s.Target.Width+k] = float32((own - e.Scaling.Shift) / e.Scaling.Scale)
		}
	}
}

// settleLevels decides which windows lose their level, and which targets count from it.
func (l *loader) settleLevels(s *Schema, columns *resolved, f *fitting) {
	if s.Target.Horizon() == 0 {
		return
	}
	own := columns.in(f.table)
	at := 0 // in the schema's inputs, which lack those with mistakes
	for i, in := range columns.inputs {
		if at >= len(s.Inputs) || s.Inputs[at].Name != in.name {
			continue
		}
		at++
		set, ok := in.kind.(*Series)
		e, _ := s.Inputs[at-1].Encoder.(*SeriesEncoder)
		if !ok || e == nil || set.Window == 0 || set.Level == "keep" {
			continue
		}
		for k, c := range own.inputs[i] {
			level := set.Level
			if level == "auto" {
				share := f.trend(c, &e.Channels[k].Scaling)
				if share < trendShare {
					continue
				}
				level = "mean"
				l.note("%s: a straight line explains %.0f %% of its variance in the training part: windows count from their mean, and so does what is predicted (level: keep leaves them as they are)", c.Name, 100*share)
			}
			e.Channels[k].Level = level
			l.countFrom(s, in.path, at-1, k, c.Name, set.Level == "auto")
		}
	}
}

// countFrom lets targets count from the level of a channel that has the same column.
func (l *loader) countFrom(s *Schema, path string, input, channel int, column string, quiet bool) {
	c := &s.Inputs[input].Encoder.(*SeriesEncoder).Channels[channel]
	for k := range s.Target.Columns {
		e, ok := s.Target.Columns[k].Encoder.(*SeriesTargetEncoder)
		if !ok || e.Column != column || e.Base != nil {
			continue
		}
		if e.Scaling.Log != c.Scaling.Log {
			if c.Level = ""; !quiet && e.Ahead == 0 {
				l.p.Add(path+".level", "wants the input and the target to be normalized with the same logarithm, or both without; the level of one is none of the other")
			}
			continue
		}
		e.Base = &based{input, channel}
	}
}

// trend is the share of a column's variance, on its scale, that straight lines explain, one for each group.
func (f *fitting) trend(c *Column, scale *Scaling) float64 {
	line := f.table.time
	var explained, total float64
	for from := 0; from < len(f.past); {
		to := from
		for to < len(f.past) && line.group[f.past[to]] == line.group[f.past[from]] {
			to++
		}
		var x, y []float64
		for _, row := range f.past[from:to] {
			if v, ok := parseNumber(c.field(row)); ok {
				if v, ok = scale.log(v); ok {
					x, y = append(x, float64(row)), append(y, v)
				}
			}
		}
		from = to
		mx, my := mean(x), mean(y)
		var xx, xy, yy float64
		for i := range x {
			dx, dy := x[i]-mx, y[i]-my
			xx, xy, yy = math.FMA(dx, dx, xx), math.FMA(dx, dy, xy), math.FMA(dy, dy, yy)
		}
		if xx > 0 {
			explained += float64(xy / xx * xy)
		}
		total += yy
	}
	if total == 0 {
		return 0
	}
	return explained / total
}
