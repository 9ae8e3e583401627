package column

import (
	"math"
	"slices"

	"dnn/pkg/dataset/table"
)

// TrendShare is the share of its variance, explained by a straight line, from which on a series has a trend.
const TrendShare = 0.5

// Recentres reports whether any channel is shifted.
func (e *SeriesEncoder) Recentres() bool {
	return slices.ContainsFunc(e.Channels, func(c SeriesChannel) bool { return c.Level != "" })
}

// TakeOffsets subtracts its offset from each channel of a window, and appends it, NaN for none.
func (e *SeriesEncoder) TakeOffsets(floats []float32, offsets []float64) []float64 {
	width := len(e.Channels)
	for k := range e.Channels {
		offset := 0.0
		switch e.Channels[k].Level {
		case "last":
			offset = float64(floats[len(floats)-width+k])
		case "mean":
			for i := k; i < len(floats); i += width {
				offset += float64(floats[i])
			}
			offset /= float64(len(floats) / width)
		default:
			offsets = append(offsets, math.NaN())
			continue
		}
		offset = float64(float32(offset))
		for i := k; i < len(floats); i += width {
			floats[i] = float32(float64(floats[i]) - offset)
		}
		offsets = append(offsets, offset)
	}
	return offsets
}

// offsetChannel is the channel of an input whose offset a step of the target is relative to.
type base struct {
	Input   int `json:"input"`
	Channel int `json:"channel"`
}

// Trend is the share of a column's variance, on its scale, that straight lines explain, one per group.
func (f *Fitting) Trend(c *table.Column, scale *Scaling) float64 {
	line := f.Table.Time
	var explained, total float64
	for from := 0; from < len(f.History); {
		to := from
		for to < len(f.History) && line.Group[f.History[to]] == line.Group[f.History[from]] {
			to++
		}
		var x, y []float64
		for _, row := range f.History[from:to] {
			if v, ok := c.Number(row); ok {
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
