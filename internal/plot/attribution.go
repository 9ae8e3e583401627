package plot

import (
	"fmt"
	"image/color"
	"math"

	"dnn/internal/plot/canvas"
)

// Attribution describes what in the texts and series of a row speaks for an answer, and against it.
type Attribution struct {
	Title    string
	Subtitle string
	Texts    []AttributedText
	Series   []AttributedSeries
}

// AttributedText is a text with a value for each of its tokens.
type AttributedText struct {
	Name   string // above it; may be empty
	Head   string // before it, in a column that all texts share; may be empty
	Tokens []AttributedToken
}

// AttributedToken is a token as it stands in its text.
type AttributedToken struct {
	Text  string
	Blank bool // white space stands before it
	Value float64
}

// AttributedSeries is one channel of a series with a value for each step.
type AttributedSeries struct {
	Name   string
	First  int       // number of the first step
	Values []float64 // the curve
	Shares []float64 // of the steps, parallel to Values
}

const (
	attributionWidth = 900.0
	barRoom          = 84.0 // for the scale of colours with its labels
	mostChannels     = 6    // that are drawn
)

// DrawAttribution writes each text with its tokens shaded, and below them each channel of the series as a curve over shaded
// steps: red for what speaks for the answer, blue for what speaks against it. The largest absolute value of all texts has the
// deepest colour, and so has that of all series. Of more than some 600 tokens those around the largest values are drawn; of
// more than 6 channels those whose values add up to most. The ending of path tells the form: .png or .svg. It is an error if
// there is nothing to draw, if a series has not one share for each value, or if the file cannot be written. A file that is
// there is replaced only if it is such an image or a heat map: another one is an error that wraps fs.ErrExist.
func DrawAttribution(path string, a Attribution) error {
	if len(a.Texts)+len(a.Series) == 0 {
		return fmt.Errorf("attribution: nothing to draw")
	}
	for _, s := range a.Series {
		if len(s.Values) != len(s.Shares) {
			return fmt.Errorf("attribution: %d shares for %d steps", len(s.Shares), len(s.Values))
		}
	}
	return heatMark.Write(path, a.picture)
}

func (a *Attribution) picture() *canvas.Picture {
	p := &canvas.Picture{Width: attributionWidth}
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

// shade is the colour of a value on a scale that ends at full. Small values are no paler than that their sign shows.
func shade(value, full float64) color.NRGBA {
	if full <= 0 || math.IsNaN(value) {
		return canvas.White
	}
	t := min(max(value/full, -1), 1)
	return signed.At(0.5 + 0.5*math.Copysign(math.Pow(math.Abs(t), 0.7), t))
}

// fullest is the largest absolute value of some lists.
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
