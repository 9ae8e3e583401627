package plot

import (
	"math"

	"dnn/internal/plot/canvas"
)

// Steps describes what a net became step by step: a bar for each step in each panel.
type Steps struct {
	Title  string // of the run
	Names  []string
	Chosen int // the step whose bars are marked; -1 for none
	Panels []StepsPanel
}

// StepsPanel is one figure, a value for each step. NaN and infinity have no bar.
type StepsPanel struct {
	Name   string
	Values []float64
}

const (
	stepsWidth = 900.0
	stepBar    = 22.0 // height of a step's line
	stepName   = 150.0
	stepValue  = 90.0
)

// DrawSteps writes the chart as path.svg and path.png, 900 wide.
func DrawSteps(path string, s Steps) error { return s.drawing().Save(path) }

func (s *Steps) drawing() *canvas.Drawing {
	p := &canvas.Drawing{Width: stepsWidth}
	subtitle := ""
	if s.Chosen >= 0 && s.Chosen < len(s.Names) {
		subtitle = "result: " + canvas.Clean(s.Names[s.Chosen])
	}
	p.Heading(s.Title, subtitle, sideMargin)
	// Panels stand in two columns.
	const gap = 40.0
	width := (stepsWidth - 2*sideMargin - gap) / 2
	height := panelHeader + stepBar*float64(len(s.Names)) + panelGap
	for i := range s.Panels {
		s.Panels[i].draw(p, s, sideMargin+float64(i%2)*(width+gap), canvas.HeadingHeight+float64(i/2)*height, width)
	}
	p.Height = canvas.HeadingHeight + max(1, float64((len(s.Panels)+1)/2))*height + 8
	return p
}

// draw adds the panel with its upper left corner at x and y.
func (d *StepsPanel) draw(p *canvas.Drawing, s *Steps, x, y, width float64) {
	p.BoldText(x, y+16, canvas.Shorten(canvas.Clean(d.Name), 14, true, width), 14, canvas.Ink)
	longest := 0.0
	for _, v := range d.Values {
		if finite(v) {
			longest = max(longest, math.Abs(v))
		}
	}
	for i, name := range s.Names {
		top := y + panelHeader + stepBar*float64(i)
		p.Text(x, top+14, canvas.Shorten(canvas.Clean(name), tickSize, false, stepName-8), tickSize, canvas.Left, canvas.Soft)
		if i >= len(d.Values) {
			continue
		}
		length, fill := 0.0, canvas.Alpha(canvas.Blue, 0.45)
		if i == s.Chosen {
			fill = canvas.Blue
		}
		if v := d.Values[i]; finite(v) && longest > 0 {
			length = math.Abs(v) / longest * (width - stepName - stepValue)
			p.Rect(x+stepName, top+2, length, stepBar-6, fill, short(v))
		}
		p.Text(x+stepName+length+6, top+14, short(d.Values[i]), tickSize, canvas.Left, canvas.Ink)
	}
}
