package plot

import (
	"bytes"
	"image/color"
)

// picture is a list of shapes, drawn in order on white.
type picture struct {
	width, height float64
	title         string // for screen readers
	shapes        []shape
}

// shape is one thing to draw; both ways of drawing it see the same description.
type shape interface {
	svg(b *bytes.Buffer)
	paint(c *canvas)
}

type point struct{ x, y float64 }

// polygon is a filled area.
type polygon struct {
	points []point
	fill   color.NRGBA
	tip    string // tooltip in the SVG, or empty
}

// polyline is an open line. Two points or more.
type polyline struct {
	points []point
	stroke color.NRGBA
	width  float64
	dash   float64 // length of dashes and gaps; 0 for a solid line
}

// disc is a filled circle, with an outline where width is over 0.
type disc struct {
	center point
	radius float64
	fill   color.NRGBA
	stroke color.NRGBA
	width  float64
}

// label is one line of text.
type label struct {
	at    point   // on the base line, at the anchor
	text  string  // cleaned
	size  float64 // of the font
	bold  bool
	align align
	angle float64 // degrees, clockwise
	fill  color.NRGBA
}

type align int

const (
	left align = iota
	middle
	right
)

func (p *picture) add(s ...shape) { p.shapes = append(p.shapes, s...) }

func (p *picture) rect(x, y, w, h float64, fill color.NRGBA, tip string) {
	p.add(polygon{[]point{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}}, fill, tip})
}

func (p *picture) line(x1, y1, x2, y2 float64, stroke color.NRGBA, width float64) {
	p.add(polyline{points: []point{{x1, y1}, {x2, y2}}, stroke: stroke, width: width})
}

func (p *picture) text(x, y float64, s string, size float64, a align, fill color.NRGBA) {
	if s = clean(s); s != "" {
		p.add(label{at: point{x, y}, text: s, size: size, align: a, fill: fill})
	}
}

func (p *picture) boldText(x, y float64, s string, size float64, fill color.NRGBA) {
	if s = clean(s); s != "" {
		p.add(label{at: point{x, y}, text: s, size: size, bold: true, fill: fill})
	}
}

func (p *picture) turnedText(x, y float64, s string, size, angle float64, a align, fill color.NRGBA) {
	if s = clean(s); s != "" {
		p.add(label{at: point{x, y}, text: s, size: size, align: a, angle: angle, fill: fill})
	}
}

// heading draws title and subtitle, shortened to the picture's width.
func (p *picture) heading(title, subtitle string, margin float64) {
	p.title = clean(title)
	room := p.width - 2*margin
	p.boldText(margin, 36, shorten(p.title, 19, true, room), 19, ink)
	p.text(margin, 58, shorten(clean(subtitle), 13, false, room), 13, left, soft)
}

const headingHeight = 74 // of title and subtitle with the space around them
