package plot

import (
	"fmt"
	"image/color"
	"math"

	"dnn/internal/plot/canvas"
)

// Attribution describes which tokens and steps of a row raise the score of a prediction, and which lower it.
type Attribution struct {
	Title    string
	Subtitle string
	Texts    []AttributedText
	Series   []AttributedSeries
}

// AttributedText is a text with an attribution for each of its tokens.
type AttributedText struct {
	Name   string // above it; may be empty
	Head   string // before it, in a column that all texts share; may be empty
	Tokens []AttributedToken
}

// AttributedToken is a token as written in its text.
type AttributedToken struct {
	Text  string
	Blank bool // whether spaces precede it
	Value float64
}

// AttributedSeries is one channel of a series with an attribution for each step.
type AttributedSeries struct {
	Name         string
	First        int       // number of the first step
	Values       []float64 // the curve
	Attributions []float64 // one per value
}

const (
	attributionWidth = 900.0
	barRoom          = 84.0 // for the colour bar with its labels
	mostChannels     = 6    // drawn at most
)

// DrawAttribution draws each text with its tokens shaded, and below them each channel of the series as a curve over
// shaded steps: red raises the score, blue lowers it. The largest absolute value of all texts has the deepest colour,
// and so has that of all series. Of more than some 600 tokens it draws those around the largest values; of more than 6
// channels, those with the largest sums. The extension of path is the format: .png or .svg. It is an error if there is
// nothing to draw, if a series does not have one attribution per value, or if the file cannot be written. An existing
// file is replaced only if it is an attribution or a heat map; any other gives an error that wraps fs.ErrExist.
func DrawAttribution(path string, a Attribution) error {
	if len(a.Texts)+len(a.Series) == 0 {
		return fmt.Errorf("attribution: nothing to draw")
	}
	for _, s := range a.Series {
		if len(s.Values) != len(s.Attributions) {
			return fmt.Errorf("attribution: %d attributions for %d steps", len(s.Attributions), len(s.Values))
		}
	}
	return heatMark.Write(path, a.drawing)
}

func (a *Attribution) drawing() *canvas.Drawing {
	p := &canvas.Drawing{Width: attributionWidth}
	title := canvas.Clean(a.Title)
	if title == "" {
		title = "Attribution"
	}
	p.Heading(title, a.Subtitle, sideMargin)
	y := float64(canvas.HeadingHeight + 14)
	from := y
	if len(a.Texts) > 0 {
		y = a.drawTexts(p, y)
	}
	if len(a.Series) > 0 {
		y = a.drawSeries(p, y)
	}
	colorBar(p, signed, attributionWidth-sideMargin-barRoom+24, from, min(max(y-from-26, 70), 260), []tick{{0, "lowers"}, {0.5, "0"}, {1, "raises"}}, "")
	p.Height = max(y, from+70+26) + 6
	return p
}

// shade returns the colour of a value on a scale that ends at full. Small values are dark enough to show their sign.
func shade(value, full float64) color.NRGBA {
	if full <= 0 || math.IsNaN(value) {
		return canvas.White
	}
	t := min(max(value/full, -1), 1)
	return signed.At(0.5 + 0.5*math.Copysign(math.Pow(math.Abs(t), 0.7), t))
}

// fullest returns the largest absolute value of all lists.
func fullest(lists ...[]float64) (full float64) {
	for _, list := range lists {
		for _, v := range list {
			if finite(v) {
				full = max(full, math.Abs(v))
			}
		}
	}
	return full
}
