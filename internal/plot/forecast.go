package plot

import (
	"fmt"
	"image/color"
	"math"
	"slices"
	"strconv"
	"strings"

	"dnn/internal/plot/canvas"
)

// Forecast describes a series, the predictions of its test split, and its forecast.
type Forecast struct {
	Title string // "Forecast" if empty
	Lines []ForecastLine
	// Times are those of the steps of the longest line, history first. Those of the forecast may be missing; nil means
	// that all are.
	Times []string
	// Horizon is how many steps of the test split were predicted at once.
	Horizon int
	// Coverage is the share of labels that lie between Low and High of the lines; 0 without.
	Coverage float64
}

// ForecastLine is one column of a series. NaN is a gap.
type ForecastLine struct {
	Name   string
	Past   []float64 // the end of the history
	Tested []float64 // predictions of the last steps of Past; may be empty
	Ahead  []float64 // the forecast
	Low    []float64 // bounds of an interval around the forecast, as long as it; nil without
	High   []float64
}

const forecastHeight = 300.0

// DrawForecast writes the end of a series, the predictions of its test split and the forecast as path.svg and path.png,
// 900 wide, with a panel for each column.
func DrawForecast(path string, f Forecast) error { return f.drawing().Save(path) }

func (f *Forecast) drawing() *canvas.Drawing {
	p := &canvas.Drawing{Width: curvesWidth}
	title := canvas.Clean(f.Title)
	if title == "" {
		title = "Forecast"
	}
	p.Heading(title, f.subtitle(), sideMargin)
	panels := make([]panel, len(f.Lines))
	labels, top, steps := 0.0, float64(canvas.HeadingHeight), 0
	for i, l := range f.Lines {
		d := &panels[i]
		*d = panel{name: canvas.Clean(l.Name), height: forecastHeight, top: top + panelHeader}
		steps = max(steps, len(l.Past)+len(l.Ahead))
		d.series = []series{{name: "history", values: l.Past, color: canvas.Blue}}
		if len(l.Tested) > 0 {
			d.series = append(d.series, series{name: f.testedName(), values: l.Tested, color: canvas.Orange})
		}
		name := "forecast"
		if l.Low != nil {
			name = fmt.Sprintf("forecast, %.4g %% interval", 100*f.Coverage)
		}
		d.series = append(d.series, series{name: name, values: l.Ahead, color: canvas.Green})
		l.scale(d)
		top = d.top + d.height + panelGap
		for _, t := range d.y.ticks {
			labels = max(labels, canvas.TextWidth(t.text, tickSize, false))
		}
	}
	bottom := top - panelGap
	p.Height = bottom + 34
	x := f.axis(steps)
	x.from, x.to = sideMargin+labels+8, curvesWidth-sideMargin
	for i := range panels {
		f.Lines[i].draw(p, &panels[i], &x, steps)
	}
	x.write(p, bottom+18)
	return p
}

// testedName names the predictions of the test split and says how many steps were predicted at once.
func (f *Forecast) testedName() string {
	if f.Horizon == 0 {
		return "predicted test split"
	}
	return fmt.Sprintf("test split, predicted %d%s at a time", f.Horizon, plural(" step", f.Horizon))
}

// scale chooses the axis of values: logarithmic if all are positive and span more than three powers of ten.
func (l *ForecastLine) scale(d *panel) {
	lo, hi, any := span(l.Past, l.Tested, l.Ahead, l.Low, l.High)
	switch {
	case !any:
		d.y = axis{lo: 0, hi: 1}
	case lo > 0 && hi/lo > 1000:
		d.y = logarithmic(lo, hi)
		d.name += " (log scale)"
	default:
		d.y = linear(lo, hi, int(max(3, d.height/42)))
	}
	d.y.from, d.y.to = d.top+d.height, d.top
}

func (f *Forecast) subtitle() string {
	if len(f.Lines) == 0 {
		return "nothing to draw"
	}
	l := f.Lines[0]
	text := count(float64(len(l.Ahead))) + plural(" step", len(l.Ahead)) + " ahead"
	switch n, past, ahead := len(f.Times), len(l.Past), len(l.Ahead); {
	case ahead == 0 || n == 0:
	case n == past+ahead && ahead == 1:
		text += ", " + brief(f.Times[n-1])
	case n == past+ahead:
		text += fmt.Sprintf(", %s to %s", brief(f.Times[past]), brief(f.Times[n-1]))
	case n == past:
		text += ", after " + brief(f.Times[n-1])
	}
	return text
}

// axis returns the axis of steps with their times or, without times, their numbers from the end of the history.
func (f *Forecast) axis(steps int) axis {
	a := axis{lo: -0.5, hi: float64(max(1, steps)) - 0.5}
	ahead := 0
	if len(f.Lines) > 0 {
		ahead = len(f.Lines[0].Ahead)
	}
	if n := len(f.Times); n > 1 && (n == steps || n == steps-ahead) {
		a.ticks = timeTicks(f.Times)
	} else {
		a.ticks = relativeTicks(steps-ahead, ahead)
	}
	return a
}

// brief shortens a time that is a number with many digits.
func brief(t string) string {
	if v, err := strconv.ParseFloat(t, 64); err == nil && strings.Contains(t, ".") {
		return strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64)
	}
	return canvas.Clean(t)
}

func (l *ForecastLine) draw(p *canvas.Drawing, d *panel, x *axis, steps int) {
	bottom := d.top + d.height
	for _, t := range d.y.ticks {
		y := d.y.at(t.value)
		p.Line(x.from, y, x.to, y, canvas.Faint, 1)
		p.Text(x.from-8, y+4.2, t.text, tickSize, canvas.Right, canvas.Soft)
	}
	for _, t := range x.ticks {
		p.Line(x.at(t.value), d.top, x.at(t.value), bottom, canvas.Faint, 1)
	}
	p.Line(x.from, bottom, x.to, bottom, canvas.Frame, 1)
	end := steps - len(l.Ahead)
	if end > 0 {
		at := x.at(float64(end) - 0.5)
		p.Add(canvas.Polyline{Points: canvas.Path(at, d.top, at, bottom), Stroke: canvas.Frame, Width: 1.25, Dash: 4})
	}
	wide, below := 2.25, 4.5 // the history shows on both sides of the predictions, wherever these are the same
	if steps > 200 {
		wide, below = 1.25, 3.25
	}
	if len(l.Tested) == 0 {
		below = wide
	}
	l.band(p, d, x, end)
	run := func(values []float64, first int, stroke color.NRGBA, wide float64) {
		var points []canvas.Point
		flush := func() {
			switch {
			case len(points) == 1:
				p.Add(canvas.Disc{Center: points[0], Radius: 3.5, Fill: stroke})
			case len(points) > 1:
				p.Add(canvas.Polyline{Points: thin(points), Stroke: stroke, Width: wide})
			}
			points = nil
		}
		for i, v := range values {
			if !finite(v) {
				flush()
				continue
			}
			points = append(points, canvas.Point{X: x.at(float64(first + i)), Y: d.y.at(v)})
		}
		flush()
	}
	past := canvas.Blue
	if below > wide {
		past = canvas.Alpha(past, 0.45)
	}
	run(l.Past, end-len(l.Past), past, below)
	run(l.Tested, end-len(l.Tested), canvas.Orange, wide)
	ahead, first := l.Ahead, end
	if n := len(l.Past); n > 0 && finite(l.Past[n-1]) { // continues the history
		ahead, first = append([]float64{l.Past[n-1]}, ahead...), end-1
	}
	run(ahead, first, canvas.Green, wide)
	d.header(p, x, 0, 0)
}

// band fills the area between the bounds of the forecast, which begins after end steps.
func (l *ForecastLine) band(p *canvas.Drawing, d *panel, x *axis, end int) {
	var low, high []canvas.Point
	for i := range min(len(l.Low), len(l.High)) {
		if !finite(l.Low[i]) || !finite(l.High[i]) {
			break
		}
		at := x.at(float64(end + i))
		low, high = append(low, canvas.Point{X: at, Y: d.y.at(l.Low[i])}), append(high, canvas.Point{X: at, Y: d.y.at(l.High[i])})
	}
	if len(low) == 1 { // a single step is as wide as a line
		low, high = append(low, low[0]), append(high, high[0])
		low[0].X, low[1].X, high[0].X, high[1].X = low[0].X-3, low[1].X+3, high[0].X-3, high[1].X+3
	}
	if len(low) > 0 {
		slices.Reverse(low)
		p.Add(canvas.Polygon{Points: append(high, low...), Fill: canvas.Alpha(canvas.Green, 0.2)})
	}
}
