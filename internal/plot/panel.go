package plot

import (
	"fmt"
	"math"
)

// scale chooses the axis: logarithmic for positive values that range widely, unless they are shares, which 0 to 1 suits, or
// learning rates that begin or end at about nothing, of which a logarithm would show little else.
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

// widely reports whether positive values up to hi, the largest ratio times the smallest, range widely.
func (d *panel) widely(hi, ratio float64) bool {
	switch d.name {
	case "learning rate":
		return ratio >= 30 && ratio <= 1e4
	case "loss":
		return ratio >= 30
	}
	return ratio >= 30 && hi > 1.5
}

// draw adds the panel to the picture.
func (d *panel) draw(p *picture, x *axis, epochs []float64, best float64) {
	bottom := d.top + d.height
	for _, v := range d.y.minor {
		p.line(x.from, d.y.at(v), x.to, d.y.at(v), alpha(faint, 0.55), 0.75)
	}
	for _, t := range d.y.ticks {
		y := d.y.at(t.value)
		p.line(x.from, y, x.to, y, faint, 1)
		p.text(x.from-8, y+4.2, t.text, tickSize, right, soft)
	}
	for _, t := range x.ticks {
		p.line(x.at(t.value), d.top, x.at(t.value), bottom, faint, 1)
	}
	p.line(x.from, bottom, x.to, bottom, frame, 1)
	if best != 0 && len(epochs) > 0 && best >= epochs[0] && best <= epochs[len(epochs)-1] {
		p.add(polyline{points: []point{{x.at(best), d.top}, {x.at(best), bottom}}, stroke: frame, width: 1.25, dash: 4})
	}
	lost, seen := 0, 0
	for _, s := range d.series {
		l, n := d.drawLine(p, x, epochs, s)
		lost, seen = lost+l, seen+n
	}
	for _, s := range d.series {
		for i, v := range s.values {
			if epochs[i] == best && finite(v) {
				p.add(disc{center: point{x.at(best), d.y.at(v)}, radius: 7.5, fill: white})
				p.add(disc{center: point{x.at(best), d.y.at(v)}, radius: 5, fill: white, stroke: s.color, width: 2.25})
			}
		}
	}
	if seen == 0 {
		p.text((x.from+x.to)/2, d.top+d.height/2, "no finite values", legendSize, middle, soft)
	}
	d.header(p, x, lost, best)
}

// header writes the panel's name and, at the other end of the line, what the lines are.
func (d *panel) header(p *picture, x *axis, lost int, best float64) {
	y := d.top - 11
	at := x.to
	for i := len(d.series) - 1; i >= 0; i-- {
		s := d.series[i]
		if s.name == "" {
			continue
		}
		p.text(at, y, s.name, legendSize, right, soft)
		at -= textWidth(s.name, legendSize, false) + 8
		p.line(at-22, y-4.5, at, y-4.5, s.color, 3)
		at -= 22 + 20
	}
	if best != 0 && len(d.series) > 0 && d.series[0].name != "" {
		p.text(at, y, "best epoch", legendSize, right, soft)
		at -= textWidth("best epoch", legendSize, false) + 8
		p.add(disc{center: point{at - 5, y - 4.5}, radius: 4.5, fill: white, stroke: frame, width: 2})
		at -= 10 + 20
	}
	name := shorten(d.name, 14, true, max(60, at-x.from-180))
	p.boldText(x.from, y, name, 14, ink)
	if lost > 0 {
		note := fmt.Sprintf("%d values not finite", lost)
		if lost == 1 {
			note = "1 value not finite"
		}
		p.text(x.from+textWidth(name, 14, true)+12, y, note, tickSize, left, orange)
	}
}

// drawLine draws a series, broken at values that are not finite, and returns how many of those and of others it has.
func (d *panel) drawLine(p *picture, x *axis, epochs []float64, s series) (lost, seen int) {
	var run []point
	width := 2.25
	if len(s.values) > 400 {
		width = 1
	}
	end := func() {
		switch {
		case len(run) == 1:
			p.add(disc{center: run[0], radius: 3.5, fill: s.color})
		case len(run) > 1:
			p.add(polyline{points: thin(run), stroke: s.color, width: width})
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
		run = append(run, point{x.at(epochs[i]), d.y.at(v)})
	}
	end()
	return lost, seen
}

// thin returns a line of many points with the least and greatest of each stretch only.
func thin(run []point) []point {
	if len(run) <= pointsInLine {
		return run
	}
	out := []point{run[0]}
	step := float64(len(run)) / (pointsInLine / 2)
	for at := 0.0; int(at) < len(run); at += step {
		part := run[int(at):min(int(math.Ceil(at+step)), len(run))]
		low, high := 0, 0
		for i, q := range part {
			if q.y < part[low].y {
				low = i
			}
			if q.y > part[high].y {
				high = i
			}
		}
		out = append(out, part[min(low, high)], part[max(low, high)])
	}
	return append(out, run[len(run)-1])
}
