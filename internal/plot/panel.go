package plot

import (
	"fmt"
	"math"

	"dnn/internal/plot/canvas"
)

// scale chooses the axis. It is logarithmic for positive values that span a wide range, except shares, which 0 to 1
// suits, and learning rates that begin or end near zero, of which a logarithm would show little else.
func (d *panel) scale() {
	all := make([][]float64, len(d.series))
	for i, s := range d.series {
		all[i] = s.values
	}
	lo, hi, any := span(all...)
	ticks := int(max(3, d.height/42))
	switch {
	case !any:
		d.y = axis{lo: 0, hi: 1}
	case lo > 0 && d.widely(hi, hi/lo):
		d.y = logarithmic(lo, hi)
		d.name += " (log scale)"
	default:
		d.y = linear(lo, hi, ticks)
	}
	d.y.from, d.y.to = d.top+d.height, d.top
}

// widely reports whether positive values up to hi, the largest ratio times the smallest, span a wide range.
func (d *panel) widely(hi, ratio float64) bool {
	switch d.name {
	case "learning rate":
		return ratio >= 30 && ratio <= 1e4
	case "loss":
		return ratio >= 30
	}
	return ratio >= 30 && hi > 1.5
}

// draw adds the panel to the image.
func (d *panel) draw(p *canvas.Drawing, x *axis, epochs []float64, best float64) {
	bottom := d.top + d.height
	for _, v := range d.y.minor {
		p.Line(x.from, d.y.at(v), x.to, d.y.at(v), canvas.Alpha(canvas.Faint, 0.55), 0.75)
	}
	for _, t := range d.y.ticks {
		y := d.y.at(t.value)
		p.Line(x.from, y, x.to, y, canvas.Faint, 1)
		p.Text(x.from-8, y+4.2, t.text, tickSize, canvas.Right, canvas.Soft)
	}
	for _, t := range x.ticks {
		p.Line(x.at(t.value), d.top, x.at(t.value), bottom, canvas.Faint, 1)
	}
	p.Line(x.from, bottom, x.to, bottom, canvas.Frame, 1)
	if best != 0 && len(epochs) > 0 && best >= epochs[0] && best <= epochs[len(epochs)-1] {
		p.Add(canvas.Polyline{Points: canvas.Path(x.at(best), d.top, x.at(best), bottom), Stroke: canvas.Frame, Width: 1.25, Dash: 4})
	}
	lost, seen := 0, 0
	for _, s := range d.series {
		l, n := d.drawLine(p, x, epochs, s)
		lost, seen = lost+l, seen+n
	}
	for _, s := range d.series {
		for i, v := range s.values {
			if epochs[i] == best && finite(v) {
				p.Add(canvas.Disc{Center: canvas.Point{X: x.at(best), Y: d.y.at(v)}, Radius: 7.5, Fill: canvas.White})
				p.Add(canvas.Disc{Center: canvas.Point{X: x.at(best), Y: d.y.at(v)}, Radius: 5, Fill: canvas.White, Stroke: s.color, Width: 2.25})
			}
		}
	}
	if seen == 0 {
		p.Text((x.from+x.to)/2, d.top+d.height/2, "no finite values", legendSize, canvas.Middle, canvas.Soft)
	}
	d.header(p, x, lost, best)
}

// header writes the panel's name on the left and the legend on the right.
func (d *panel) header(p *canvas.Drawing, x *axis, lost int, best float64) {
	y := d.top - 11
	at := x.to
	for i := len(d.series) - 1; i >= 0; i-- {
		s := d.series[i]
		if s.name == "" {
			continue
		}
		p.Text(at, y, s.name, legendSize, canvas.Right, canvas.Soft)
		at -= canvas.TextWidth(s.name, legendSize, false) + 8
		p.Line(at-22, y-4.5, at, y-4.5, s.color, 3)
		at -= 22 + 20
	}
	if best != 0 && len(d.series) > 0 && d.series[0].name != "" {
		p.Text(at, y, "best epoch", legendSize, canvas.Right, canvas.Soft)
		at -= canvas.TextWidth("best epoch", legendSize, false) + 8
		p.Add(canvas.Disc{Center: canvas.Point{X: at - 5, Y: y - 4.5}, Radius: 4.5, Fill: canvas.White, Stroke: canvas.Frame, Width: 2})
		at -= 10 + 20
	}
	name := canvas.Shorten(d.name, 14, true, max(60, at-x.from-180))
	p.BoldText(x.from, y, name, 14, canvas.Ink)
	if lost > 0 {
		note := fmt.Sprintf("%d values not finite", lost)
		if lost == 1 {
			note = "1 value not finite"
		}
		p.Text(x.from+canvas.TextWidth(name, 14, true)+12, y, note, tickSize, canvas.Left, canvas.Orange)
	}
}

// drawLine draws a series, broken at values that are not finite, and returns how many are not finite and how many are.
func (d *panel) drawLine(p *canvas.Drawing, x *axis, epochs []float64, s series) (lost, seen int) {
	var run []canvas.Point
	width := 2.25
	if len(s.values) > 400 {
		width = 1
	}
	end := func() {
		switch {
		case len(run) == 1:
			p.Add(canvas.Disc{Center: run[0], Radius: 3.5, Fill: s.color})
		case len(run) > 1:
			p.Add(canvas.Polyline{Points: thin(run), Stroke: s.color, Width: width})
		}
		run = nil
	}
	for i, v := range s.values {
		if !finite(v) {
			lost++
			end()
			continue
		}
		seen++
		run = append(run, canvas.Point{X: x.at(epochs[i]), Y: d.y.at(v)})
	}
	end()
	return lost, seen
}

// thin returns a line of many points with the least and greatest of each run only.
func thin(run []canvas.Point) []canvas.Point {
	if len(run) <= pointsInLine {
		return run
	}
	out := []canvas.Point{run[0]}
	step := float64(len(run)) / (pointsInLine / 2)
	for at := 0.0; int(at) < len(run); at += step {
		part := run[int(at):min(int(math.Ceil(at+step)), len(run))]
		low, high := 0, 0
		for i, q := range part {
			if q.Y < part[low].Y {
				low = i
			}
			if q.Y > part[high].Y {
				high = i
			}
		}
		out = append(out, part[min(low, high)], part[max(low, high)])
	}
	return append(out, run[len(run)-1])
}
