package plot

import (
	"fmt"
	"image/color"
	"math"
	"strings"

	"dnn/internal/plot/canvas"
)

// Probabilities describes how good the probabilities of classes are, each class against the rest.
type Probabilities struct {
	Title     string // "Probabilities" if empty
	Classes   []Ranking
	Threshold float64 // of the only class, marked on its curves; 0 without
}

// Ranking is what was said of rows, and whether it was so.
type Ranking struct {
	Name string
	Said []float64 // probabilities
	Is   []bool
}

// mostRankings is how many classes are drawn: the lines of more could not be told apart.
const mostRankings = 6

// rankingColors are those of the classes.
var rankingColors = []color.NRGBA{canvas.Blue, canvas.Orange, canvas.Green, canvas.RGB(0xcc79a7), canvas.RGB(0xe69f00), canvas.RGB(0x56b4e9)}

// Sizes of the three panels.
const (
	rankingSide = 222.0
	rankingGap  = 64.0
)

// DrawProbabilities writes three panels as path.svg and path.png, 900 wide: the receiver operating characteristic, precision
// and recall, and calibration, which is the share of rows that were positive among those with similar probabilities, in ten groups
// of as many rows. The first six classes are drawn that have rows of them and others.
func DrawProbabilities(path string, p Probabilities) error { return p.drawing().Save(path) }

func (s *Probabilities) drawing() *canvas.Drawing {
	p := &canvas.Drawing{Width: curvesWidth}
	title := canvas.Clean(s.Title)
	if title == "" {
		title = "Probabilities"
	}
	var drawn []ranked
	for _, c := range s.Classes {
		if r, ok := rank(c); ok && len(drawn) < mostRankings {
			drawn = append(drawn, r)
		}
	}
	p.Heading(title, s.subtitle(drawn), sideMargin)
	top := float64(canvas.HeadingHeight) + 34
	for i, panel := range []struct {
		name, x, y string
		points     func(r *ranked) []canvas.Point
		diagonal   bool
	}{
		{"ROC", "false positive rate", "true positive rate", func(r *ranked) []canvas.Point { return r.roc }, true},
		{"precision and recall", "recall", "precision", func(r *ranked) []canvas.Point { return r.precision }, false},
		{"calibration", "predicted probability", "share that is positive", func(r *ranked) []canvas.Point { return r.calibration }, true},
	} {
		x := unit()
		x.from = sideMargin + 48 + float64(i)*(rankingSide+rankingGap)
		x.to = x.from + rankingSide
		y := unit()
		y.from, y.to = top+rankingSide, top
		squareFrame(p, &x, &y)
		p.BoldText(x.from, top-12, panel.name, legendSize, canvas.Ink)
		p.Text((x.from+x.to)/2, y.from+40, panel.x, legendSize, canvas.Middle, canvas.Ink)
		p.TurnedText(x.from-38, (y.from+y.to)/2, panel.y, legendSize, -90, canvas.Middle, canvas.Ink)
		if panel.diagonal {
			p.Add(canvas.Polyline{Points: canvas.Path(x.from, y.from, x.to, y.to), Stroke: canvas.Frame, Width: 1.25, Dash: 5})
		}
		for k := range drawn {
			line(p, &x, &y, panel.points(&drawn[k]), rankingColors[k], panel.name == "calibration")
			if s.Threshold > 0 && panel.name != "calibration" {
				at := drawn[k].at(s.Threshold, panel.points(&drawn[k]))
				p.Add(canvas.Disc{Center: canvas.Point{X: x.at(at.X), Y: y.at(at.Y)}, Radius: 4.5, Fill: canvas.White, Stroke: rankingColors[k], Width: 2})
			}
		}
	}
	p.Height = top + rankingSide + 62
	if len(drawn) > 1 {
		p.Height += s.legend(p, drawn, top+rankingSide+66)
	}
	return p
}

// unit is an axis of shares.
func unit() axis {
	a := axis{lo: 0, hi: 1}
	for _, v := range []float64{0, 0.25, 0.5, 0.75, 1} {
		a.ticks = append(a.ticks, tick{v, short(v)})
	}
	return a
}

// line draws a curve, with dots at its points if there are few.
func line(p *canvas.Drawing, x, y *axis, points []canvas.Point, stroke color.NRGBA, dots bool) {
	var path []canvas.Point
	for _, q := range points {
		path = append(path, canvas.Point{X: x.at(q.X), Y: y.at(q.Y)})
	}
	if len(path) > 1 {
		p.Add(canvas.Polyline{Points: path, Stroke: stroke, Width: 2})
	}
	for _, q := range path {
		if dots {
			p.Add(canvas.Disc{Center: q, Radius: 3.5, Fill: stroke})
		}
	}
}

// legend names the classes with their areas, and returns how high it is.
func (s *Probabilities) legend(p *canvas.Drawing, drawn []ranked, top float64) float64 {
	for k, r := range drawn {
		x, y := sideMargin+48+float64(k%3)*(rankingSide+rankingGap), top+float64(k/3)*20
		p.Line(x, y-4, x+22, y-4, rankingColors[k], 3)
		p.Text(x+30, y, canvas.Shorten(canvas.Clean(r.name), legendSize, false, 110)+fmt.Sprintf("  %.3f  %.3f", r.area, r.average), legendSize, canvas.Left, canvas.Soft)
	}
	return 8 + 20*math.Ceil(float64(len(drawn))/3)
}

func (s *Probabilities) subtitle(drawn []ranked) string {
	switch {
	case len(drawn) == 0:
		return "no class has rows that are of it and rows that are not"
	case len(drawn) == 1:
		text := fmt.Sprintf("ROC AUC %.4f  ·  average precision %.4f", drawn[0].area, drawn[0].average)
		if s.Threshold > 0 {
			text += fmt.Sprintf("  ·  the circles are at the threshold, %.4g", s.Threshold)
		}
		return text
	}
	text := []string{"each class against the rest, with its ROC AUC and average precision"}
	if n := len(s.Classes) - len(drawn); n > 0 {
		text = append(text, fmt.Sprintf("%s more %s not drawn", count(float64(n)), map[bool]string{true: "is", false: "are"}[n == 1]))
	}
	return strings.Join(text, "  ·  ")
}
