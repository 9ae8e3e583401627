package plot

import (
	"dnn/internal/plot/canvas"
)

// Horizon describes how large errors are by how far ahead they are predicted.
type Horizon struct {
	Title  string
	Target string
	Errors []float64 // the mean absolute error of each step
	Most   []float64 // what nine of ten errors stay below, of each step
}

// DrawHorizon writes the errors by step as path.svg and path.png, 900 wide.
func DrawHorizon(path string, h Horizon) error { return h.drawing().Save(path) }

func (h *Horizon) drawing() *canvas.Drawing {
	p := &canvas.Drawing{Width: curvesWidth}
	title := canvas.Clean(h.Title)
	if title == "" {
		title = "Errors"
	}
	p.Heading(title+": "+canvas.Clean(h.Target), "errors by how many steps ahead they are predicted", sideMargin)
	d := panel{name: "absolute error", height: forecastHeight, top: canvas.HeadingHeight + panelHeader}
	d.series = []series{{name: "mean", values: h.Errors, color: canvas.Blue}, {name: "nine of ten are below", values: h.Most, color: canvas.Orange}}
	_, hi, any := span(h.Errors, h.Most)
	if !any {
		hi = 1
	}
	d.y = linear(0, hi, 7)
	d.y.from, d.y.to = d.top+d.height, d.top
	steps := len(h.Errors)
	x := axis{lo: 0.5, hi: float64(steps) + 0.5}
	for i := 1; i <= steps; i += max(1, (steps+23)/24) {
		x.ticks = append(x.ticks, tick{float64(i), count(float64(i))})
	}
	labels := 0.0
	for _, t := range d.y.ticks {
		labels = max(labels, canvas.TextWidth(t.text, tickSize, false))
	}
	x.from, x.to = sideMargin+labels+8, curvesWidth-sideMargin
	for _, t := range d.y.ticks {
		p.Line(x.from, d.y.at(t.value), x.to, d.y.at(t.value), canvas.Faint, 1)
		p.Text(x.from-8, d.y.at(t.value)+4.2, t.text, tickSize, canvas.Right, canvas.Soft)
	}
	p.Line(x.from, d.y.from, x.to, d.y.from, canvas.Frame, 1)
	for _, t := range x.ticks {
		p.Text(x.at(t.value), d.y.from+19, t.text, tickSize, canvas.Middle, canvas.Soft)
	}
	p.Text((x.from+x.to)/2, d.y.from+42, "steps ahead", legendSize, canvas.Middle, canvas.Ink)
	for _, s := range d.series {
		var points []canvas.Point
		for i, v := range s.values {
			if finite(v) {
				points = append(points, canvas.Point{X: float64(i + 1), Y: v})
			}
		}
		line(p, &x, &d.y, points, s.color, steps <= 48)
	}
	d.header(p, &x, 0, 0)
	p.Height = d.y.from + 58
	return p
}
