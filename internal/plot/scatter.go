package plot

import (
	"fmt"
	"math"
	"slices"

	"dnn/internal/plot/canvas"
)

// Scatter describes predictions of one target against its labels.
type Scatter struct {
	Title             string // "Predictions and labels" if empty
	Target            string // the target's name, with its unit if it has one
	Labels, Predicted []float64
	// Outputs is how many outputs of the net the pairs belong to, in turn, such as the steps of a series; 0 is 1. The
	// figures are means over the outputs.
	Outputs int
}

const (
	scatterSide = 560.0
	maxPoints   = 1500 // more pairs are drawn as a density
)

// DrawScatter writes predictions against labels as path.svg and path.png, 900 wide: as points or, if there are more
// than 1500, as hexagons coloured by the logarithm of their count. R², RMSE and the mean absolute error of all pairs
// stand below the title, computed as the metrics are: with several outputs, the mean of theirs. Pairs that are not
// finite are left out and counted. Both axes cover all labels and most predictions; predictions whose error is more
// than five times that of most are drawn at the edge and counted. The axes are logarithmic if all labels are positive
// and span more than three powers of ten.
func DrawScatter(path string, s Scatter) error {
	if len(s.Labels) != len(s.Predicted) {
		return fmt.Errorf("predictions and labels: %d labels for %d predictions", len(s.Labels), len(s.Predicted))
	}
	return s.drawing().Save(path)
}

func (s *Scatter) drawing() *canvas.Drawing {
	pairs := make([]canvas.Point, 0, len(s.Labels))
	outputs := make([][]canvas.Point, max(1, s.Outputs))
	for i, t := range s.Labels {
		if finite(t) && finite(s.Predicted[i]) {
			one := canvas.Point{X: t, Y: s.Predicted[i]}
			pairs = append(pairs, one)
			outputs[i%len(outputs)] = append(outputs[i%len(outputs)], one)
		}
	}
	p := &canvas.Drawing{Width: 900, Height: canvas.HeadingHeight + 14 + scatterSide + 66}
	title := canvas.Clean(s.Title)
	if title == "" {
		title = "Predictions and labels"
	}
	target := canvas.Clean(s.Target)
	if target != "" {
		title += ": " + target
	} else {
		target = "value"
	}
	x, y, suffix := squareAxes(pairs)
	figures := figures(outputs, len(s.Labels)-len(pairs))
	pairs, outside := clip(pairs, &y)
	if outside > 0 {
		figures += fmt.Sprintf("  ·  %s predicted beyond the frame", count(float64(outside)))
	}
	p.Heading(title, figures, sideMargin)
	labels := 0.0
	for _, t := range y.ticks {
		labels = max(labels, canvas.TextWidth(t.text, tickSize, false))
	}
	x.from = max(150, sideMargin+26+labels+10)
	x.to = x.from + scatterSide
	y.to = canvas.HeadingHeight + 14
	y.from = y.to + scatterSide
	target = canvas.Shorten(target, 14, false, scatterSide-120)
	squareFrame(p, &x, &y)
	if len(pairs) > maxPoints {
		density(p, &x, &y, pairs)
	}
	identity := canvas.Path(x.from, y.from, x.to, y.to)
	if len(pairs) > maxPoints { // an outline, visible on dark cells
		p.Add(canvas.Polyline{Points: identity, Stroke: canvas.Alpha(canvas.White, 0.6), Width: 3.5})
	}
	if len(pairs) > 0 {
		p.Add(canvas.Polyline{Points: identity, Stroke: canvas.Alpha(canvas.Ink, 0.75), Width: 1.5, Dash: 6})
	}
	if len(pairs) <= maxPoints {
		look := canvas.Disc{Radius: 4, Fill: canvas.Alpha(canvas.Blue, 0.5)}
		if len(pairs) > 300 {
			look.Radius, look.Fill = 3, canvas.Alpha(canvas.Blue, 0.4)
		}
		for _, q := range pairs {
			look.Center = canvas.Point{X: x.at(q.X), Y: y.at(q.Y)}
			p.Add(look)
		}
	}
	if len(pairs) == 0 {
		p.Text((x.from+x.to)/2, (y.from+y.to)/2, "no finite values", legendSize, canvas.Middle, canvas.Soft)
	}
	p.Text((x.from+x.to)/2, y.from+46, "true "+target+suffix, 14, canvas.Middle, canvas.Ink)
	p.TurnedText(x.from-labels-26, (y.from+y.to)/2, "predicted "+target+suffix, 14, -90, canvas.Middle, canvas.Ink)
	return p
}

// outlier is how many times as large as most errors an error must be for the axes to leave it out.
const outlier = 5

// squareAxes returns equal axes that cover all labels and the predictions with ordinary errors, and what to add to the
// axes' names. A few outliers would press all other points together.
func squareAxes(pairs []canvas.Point) (x, y axis, suffix string) {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, q := range pairs {
		lo, hi = min(lo, q.X), max(hi, q.X)
	}
	scale := func(v float64) float64 { return v }
	wide := lo > 0 && hi/lo > 1000
	if wide {
		scale = math.Log
	}
	var errors []float64
	for _, q := range pairs {
		if !wide || q.Y > 0 {
			errors = append(errors, math.Abs(scale(q.Y)-scale(q.X)))
		}
	}
	slices.Sort(errors)
	for _, q := range pairs {
		if (!wide || q.Y > 0) && math.Abs(scale(q.Y)-scale(q.X)) <= outlier*errors[len(errors)/2] {
			lo, hi = min(lo, q.Y), max(hi, q.Y)
		}
	}
	switch {
	case len(pairs) == 0:
		x = axis{lo: 0, hi: 1}
	case wide:
		x, suffix = logarithmic(lo, hi), " (log scale)"
	default:
		x = linear(lo, hi, 7)
	}
	return x, x, suffix
}

// clip moves predictions beyond the axis to its end and counts them.
func clip(pairs []canvas.Point, y *axis) (clipped []canvas.Point, outside int) {
	lo, hi := y.lo, y.hi
	if y.log {
		lo, hi = math.Pow(10, lo), math.Pow(10, hi)
	}
	clipped = slices.Clone(pairs)
	for i, q := range pairs {
		if q.Y < lo || q.Y > hi {
			clipped[i].Y = min(max(q.Y, lo), hi)
			outside++
		}
	}
	return clipped, outside
}

func squareFrame(p *canvas.Drawing, x, y *axis) {
	for _, v := range x.minor {
		p.Line(x.at(v), y.from, x.at(v), y.to, canvas.Alpha(canvas.Faint, 0.55), 0.75)
		p.Line(x.from, y.at(v), x.to, y.at(v), canvas.Alpha(canvas.Faint, 0.55), 0.75)
	}
	for _, t := range x.ticks {
		p.Line(x.at(t.value), y.from, x.at(t.value), y.to, canvas.Faint, 1)
		p.Line(x.from, y.at(t.value), x.to, y.at(t.value), canvas.Faint, 1)
		p.Text(x.at(t.value), y.from+19, t.text, tickSize, canvas.Middle, canvas.Soft)
		p.Text(x.from-9, y.at(t.value)+4.2, t.text, tickSize, canvas.Right, canvas.Soft)
	}
	p.Add(canvas.Polyline{Points: canvas.Path(x.from, y.to, x.from, y.from, x.to, y.from), Stroke: canvas.Frame, Width: 1})
}

// fit measures how well predictions match the labels.
type fit struct {
	r2, rmse, mae float64
	constant      bool // R² is undefined
}

// fitOf measures the fit of pairs, at least one.
func fitOf(pairs []canvas.Point) (f fit) {
	n := float64(len(pairs))
	var mean, squares, total, absolute float64
	for i, q := range pairs {
		mean += (q.X - mean) / float64(i+1)
	}
	// Differences are in units of the largest, so that no square overflows or vanishes.
	unit := 0.0
	for _, q := range pairs {
		unit = max(unit, math.Abs(q.Y-q.X), math.Abs(q.X-mean))
	}
	if unit == 0 {
		unit = 1
	}
	for _, q := range pairs {
		e, d := (q.Y-q.X)/unit, (q.X-mean)/unit
		squares, total, absolute = squares+e*e, total+d*d, absolute+math.Abs(e)
	}
	return fit{1 - squares/total, math.Sqrt(squares/n) * unit, absolute / n * unit, total == 0}
}

// figures returns the line of figures: R², RMSE and mean absolute error, averaged over the outputs, and the number of
// pairs.
func figures(outputs [][]canvas.Point, lost int) string {
	var mean fit
	n, some := 0, 0
	for _, pairs := range outputs {
		if len(pairs) == 0 {
			continue
		}
		n, some = n+len(pairs), some+1
		f, share := fitOf(pairs), 1/float64(some)
		mean = fit{mean.r2 + (f.r2-mean.r2)*share, mean.rmse + (f.rmse-mean.rmse)*share, mean.mae + (f.mae-mean.mae)*share, mean.constant || f.constant}
	}
	text := "no pairs"
	if n > 0 {
		text = "R² undefined (all labels are equal)"
		if !mean.constant {
			text = "R² " + short(roundDigits(mean.r2, 4))
		}
		text += "  ·  RMSE " + short(roundDigits(mean.rmse, 4)) + "  ·  mean absolute error " + short(roundDigits(mean.mae, 4)) +
			"  ·  " + count(float64(n)) + plural(" pair", n)
	}
	if some > 1 {
		text += fmt.Sprintf("  ·  means of %d outputs", some)
	}
	if lost > 0 {
		text += fmt.Sprintf("  ·  %s%s not finite, left out", count(float64(lost)), plural(" pair", lost))
	}
	return text
}

func plural(word string, n int) string {
	if n == 1 {
		return word
	}
	return word + "s"
}
