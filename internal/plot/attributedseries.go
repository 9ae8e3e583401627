package plot

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"

	"dnn/internal/plot/canvas"
)

// mostStripes is how many steps are shaded one by one; of more, neighbours share the colour of the strongest.
const mostStripes = 800

// drawSeries draws the channels from y on, one panel below the other, and returns where they end.
func (a *Attribution) drawSeries(p *canvas.Drawing, y float64) float64 {
	list := strongest(a.Series)
	var all [][]float64
	for _, s := range list {
		all = append(all, s.Attributions)
	}
	full := fullest(all...)
	panels, labels := make([]panel, len(list)), 0.0
	tall := max(90, 260-40*float64(len(list)-1))
	for i, s := range list {
		d := &panels[i]
		*d = panel{name: canvas.Clean(s.Name), height: tall, series: []series{{values: s.Values, color: canvas.Ink}}}
		d.top = y + panelHeader
		lo, hi, any := span(s.Values)
		if !any {
			lo, hi = 0, 1
		}
		d.y = linear(lo, hi, int(max(3, tall/42)))
		d.y.from, d.y.to = d.top+d.height, d.top
		for _, t := range d.y.ticks {
			labels = max(labels, canvas.TextWidth(t.text, tickSize, false))
		}
		y = d.top + d.height + 34
		if i < len(list)-1 {
			y += 12
		}
	}
	for i := range list {
		x := list[i].axis()
		x.from, x.to = sideMargin+labels+8, attributionWidth-sideMargin-barRoom
		list[i].draw(p, &panels[i], &x, full)
	}
	if n := len(a.Series) - len(list); n > 0 {
		p.Text(sideMargin, y+2, fmt.Sprintf("%d more %s, with smaller attributions", n, plural("channel", n)), tickSize, canvas.Left, canvas.Soft)
		y += 20
	}
	return y
}

// strongest keeps the channels whose attributions have the largest sums, in their own order.
func strongest(list []AttributedSeries) []AttributedSeries {
	if len(list) <= mostChannels {
		return list
	}
	places := make([]int, len(list))
	for i := range places {
		places[i] = i
	}
	weight := func(i int) (sum float64) {
		for _, v := range list[i].Attributions {
			if finite(v) {
				sum += v
			}
		}
		return math.Abs(sum)
	}
	slices.SortStableFunc(places, func(i, k int) int { return cmp.Compare(weight(k), weight(i)) })
	places = places[:mostChannels]
	slices.Sort(places)
	out := make([]AttributedSeries, len(places))
	for i, at := range places {
		out[i] = list[at]
	}
	return out
}

// axis is the axis along the steps, half a step wider at both ends. Ticks are whole numbers.
func (s *AttributedSeries) axis() axis {
	n := len(s.Values)
	a := axis{lo: float64(s.First) - 0.5, hi: float64(s.First+max(1, n)) - 0.5}
	step := max(1, niceStep(float64(n)/12))
	for v := math.Ceil(a.lo/step) * step; v <= a.hi; v += step {
		a.ticks = append(a.ticks, tick{v, minus(strconv.Itoa(int(v)))})
	}
	return a
}

func (s *AttributedSeries) draw(p *canvas.Drawing, d *panel, x *axis, full float64) {
	bottom := d.top + d.height
	each := (len(s.Attributions) + mostStripes - 1) / mostStripes
	for i := 0; i < len(s.Attributions); i += max(1, each) {
		end := min(i+each, len(s.Attributions))
		v := s.Attributions[i]
		for _, other := range s.Attributions[i:end] {
			if math.Abs(other) > math.Abs(v) {
				v = other
			}
		}
		from, to := x.at(float64(s.First+i)-0.5), x.at(float64(s.First+end)-0.5)
		p.Rect(from, d.top, to-from+0.25, d.height, shade(v, full), fmt.Sprintf("step %d, %s: %s", s.First+i, short(roundDigits(s.Values[i], 4)), short(roundDigits(v, 3))))
	}
	for _, t := range d.y.ticks {
		y := d.y.at(t.value)
		p.Line(x.from-4, y, x.from, y, canvas.Frame, 1)
		p.Text(x.from-8, y+4.2, t.text, tickSize, canvas.Right, canvas.Soft)
	}
	for _, t := range x.ticks {
		at := x.at(t.value)
		p.Line(at, bottom, at, bottom+4, canvas.Frame, 1)
		p.Text(at, bottom+18, t.text, tickSize, canvas.Middle, canvas.Soft)
	}
	p.Add(canvas.Polyline{Points: canvas.Path(x.from, d.top, x.from, bottom, x.to, bottom), Stroke: canvas.Frame, Width: 1})
	steps := make([]float64, len(s.Values))
	for i := range steps {
		steps[i] = float64(s.First + i)
	}
	if switches(s.Values) {
		steps, d.series[0].values = edges(steps, s.Values)
	}
	for i := range d.series { // an outline, visible on dark colours
		rim := d.series[i]
		rim.color = canvas.Alpha(canvas.White, 0.7)
		d.drawWide(p, x, steps, rim, 5)
		d.drawLine(p, x, steps, d.series[i])
	}
	d.header(p, x, 0, 0)
}

// switches reports whether there are at most two values, as of a flag: such a curve has no slopes.
func switches(values []float64) bool {
	var seen []float64
	for _, v := range values {
		if finite(v) && !slices.Contains(seen, v) {
			if seen = append(seen, v); len(seen) > 2 {
				return false
			}
		}
	}
	return true
}

// edges holds each value for the whole of its step.
func edges(steps, values []float64) (ends, twice []float64) {
	for i, v := range values {
		ends, twice = append(ends, steps[i]-0.5, steps[i]+0.5), append(twice, v, v)
	}
	return ends, twice
}

// drawWide draws a line of a given width, broken at values that are not finite.
func (d *panel) drawWide(p *canvas.Drawing, x *axis, steps []float64, s series, width float64) {
	var run []canvas.Point
	end := func() {
		if len(run) > 1 {
			p.Add(canvas.Polyline{Points: thin(run), Stroke: s.color, Width: width})
		}
		run = nil
	}
	for i, v := range s.values {
		if finite(v) {
			run = append(run, canvas.Point{X: x.at(steps[i]), Y: d.y.at(v)})
		} else {
			end()
		}
	}
	end()
}
