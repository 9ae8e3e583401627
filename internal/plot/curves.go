package plot

import (
	"fmt"
	"image/color"
	"math"

	"dnn/internal/plot/canvas"
)

// Curves describes the learning curves of a run.
type Curves struct {
	Title        string    // of the run; "Learning curves" if empty
	Epochs       []float64 // numbers of the epochs, ascending; nil for 1, 2, 3 …
	Loss         Pair
	Metric       Pair      // the first metric; has a panel unless it is empty
	More         []Pair    // further metrics; the first 4 have smaller panels
	LearningRate []float64 // one value per epoch; has the last panel if it varies
	Best         float64   // number of the best epoch, marked in the panels; 0 for none
}

// Pair holds one figure of the training and of the validation split, one value per epoch. Either may be empty. NaN and
// infinity are gaps in the line, counted next to the panel's name.
type Pair struct {
	Name              string // "loss", "accuracy", "mae (kg)"
	Train, Validation []float64
}

// panel is one of the charts that share the axis of epochs.
type panel struct {
	name        string
	series      []series
	top, height float64
	y           axis
}

type series struct {
	name   string
	values []float64
	color  color.NRGBA
}

// Sizes of the learning curves.
const (
	curvesWidth  = 900.0
	sideMargin   = 28.0
	panelHeader  = 30.0 // the line with the panel's name and its legend
	panelGap     = 22.0
	tickSize     = 12.0
	legendSize   = 13.0
	pointsInLine = 1500 // more points are thinned out to the least and greatest of each run
)

// mostMore is how many further metrics are drawn.
const mostMore = 4

// DrawCurves writes the learning curves as path.svg and path.png, 900 wide. A run without a finite value gives a chart
// that says so. It is an error if a series is longer than Epochs, or if the files cannot be written.
func DrawCurves(path string, c Curves) error {
	p, err := c.drawing()
	if err != nil {
		return err
	}
	return p.Save(path)
}

func (c *Curves) drawing() (*canvas.Drawing, error) {
	epochs, err := c.epochs()
	if err != nil {
		return nil, err
	}
	panels := c.panels()
	p := &canvas.Drawing{Width: curvesWidth}
	title := c.Title
	if canvas.Clean(title) == "" {
		title = "Learning curves"
	}
	p.Heading(title, c.subtitle(epochs), sideMargin)

	labels := 0.0
	top := float64(canvas.HeadingHeight)
	for i := range panels {
		panels[i].top = top + panelHeader
		top = panels[i].top + panels[i].height + panelGap
		panels[i].scale()
		for _, t := range panels[i].y.ticks {
			labels = max(labels, canvas.TextWidth(t.text, tickSize, false))
		}
	}
	x := epochAxis(epochs)
	x.from, x.to = sideMargin+labels+8, curvesWidth-sideMargin
	p.Height = top - panelGap + 58
	for i := range panels {
		panels[i].draw(p, &x, epochs, c.Best)
	}
	bottom := top - panelGap
	for _, t := range x.ticks {
		p.Text(x.at(t.value), bottom+18, t.text, tickSize, canvas.Middle, canvas.Soft)
	}
	p.Text((x.from+x.to)/2, bottom+40, "epoch", legendSize, canvas.Middle, canvas.Soft)
	return p, nil
}

// epochs returns the numbers of the epochs, as many as the longest series has.
func (c *Curves) epochs() ([]float64, error) {
	n := 0
	for _, s := range [][]float64{c.Loss.Train, c.Loss.Validation, c.Metric.Train, c.Metric.Validation, c.LearningRate} {
		n = max(n, len(s))
	}
	for _, f := range c.More {
		n = max(n, len(f.Train), len(f.Validation))
	}
	if c.Epochs == nil {
		numbers := make([]float64, n)
		for i := range numbers {
			numbers[i] = float64(i + 1)
		}
		return numbers, nil
	}
	if n > len(c.Epochs) {
		return nil, fmt.Errorf("learning curves: a series has %d values for %d epochs", n, len(c.Epochs))
	}
	for i, e := range c.Epochs {
		if !finite(e) || i > 0 && e <= c.Epochs[i-1] {
			return nil, fmt.Errorf("learning curves: the epochs must ascend, but do not at %v", e)
		}
	}
	return c.Epochs, nil
}

// panels returns a panel for each figure that has values.
func (c *Curves) panels() []panel {
	pair := func(f Pair, fallback string, height float64) panel {
		name := canvas.Clean(f.Name)
		if name == "" {
			name = fallback
		}
		d := panel{name: name, height: height}
		if len(f.Train) > 0 {
			d.series = append(d.series, series{name: "training", values: f.Train, color: canvas.Blue})
		}
		if len(f.Validation) > 0 {
			d.series = append(d.series, series{name: "validation", values: f.Validation, color: canvas.Orange})
		}
		return d
	}
	panels := []panel{pair(c.Loss, "loss", 270)}
	if len(c.Metric.Train)+len(c.Metric.Validation) > 0 {
		panels = append(panels, pair(c.Metric, "metric", 210))
	}
	for _, f := range c.More[:min(len(c.More), mostMore)] {
		panels = append(panels, pair(f, "metric", 130))
	}
	if lo, hi, any := span(c.LearningRate); any && lo != hi {
		panels = append(panels, panel{name: "learning rate", height: 90,
			series: []series{{name: "", values: c.LearningRate, color: canvas.Green}}})
	}
	return panels
}

// subtitle gives the figures of the best epoch, or of the last.
func (c *Curves) subtitle(epochs []float64) string {
	if len(epochs) == 0 {
		return "no epochs yet"
	}
	at, word := len(epochs)-1, "last"
	for i, e := range epochs {
		if e == c.Best {
			at, word = i, "best"
		}
	}
	s := fmt.Sprintf("%s epoch %v of %v", word, epochs[at], epochs[len(epochs)-1])
	sep := ":  "
	for _, f := range []struct {
		Pair
		fallback string
	}{{c.Loss, "loss"}, {c.Metric, "metric"}} {
		name := canvas.Clean(f.Name)
		if name == "" {
			name = f.fallback
		}
		for _, part := range []struct {
			name   string
			values []float64
		}{{"training", f.Train}, {"validation", f.Validation}} {
			if at < len(part.values) {
				s += sep + part.name + " " + name + " " + short(roundDigits(part.values[at], 4))
				sep = "  ·  "
			}
		}
	}
	return s
}

// epochAxis returns the axis of epochs; its ticks are whole numbers.
func epochAxis(epochs []float64) axis {
	if len(epochs) == 0 {
		return axis{lo: 0, hi: 1}
	}
	first, last := epochs[0], epochs[len(epochs)-1]
	if first == last {
		return axis{lo: first - 1, hi: first + 1, ticks: []tick{{first, short(first)}}}
	}
	air := 0.012 * (last - first)
	a := axis{lo: first - air, hi: last + air}
	step := max(1, niceStep((last-first)/12))
	for v := math.Ceil(first/step) * step; v <= last; v += step {
		a.ticks = append(a.ticks, tick{v, stepText(v, step, math.Abs(last))})
	}
	return a
}
