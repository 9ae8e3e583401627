package canvas

import (
	"bytes"
	"image/color"
)

// Drawing is a list of shapes, drawn in order on white.
type Drawing struct {
	Width, Height float64
	Title         string // for screen readers
	Shapes        []Shape
}

// Shape is one thing to draw; both ways of drawing it see the same description.
type Shape interface {
	svg(b *bytes.Buffer)
	paint(c *canvas)
}

// Point is a place in an image.
type Point struct{ X, Y float64 }

// Polygon is a filled area.
type Polygon struct {
	Points []Point
	Fill   color.NRGBA
	Tip    string // tooltip in the SVG, or empty
}

// Polyline is an open line. Two points or more.
type Polyline struct {
	Points []Point
	Stroke color.NRGBA
	Width  float64
	Dash   float64 // length of dashes and gaps; 0 for a solid line
}

// Disc is a filled circle, with an outline where width is over 0.
type Disc struct {
	Center Point
	Radius float64
	Fill   color.NRGBA
	Stroke color.NRGBA
	Width  float64
}

// Label is one line of text.
type Label struct {
	At    Point   // on the base line, at the anchor
	Text  string  // cleaned
	Size  float64 // of the font
	Bold  bool
	Align Align
	Angle float64 // degrees, clockwise
	Fill  color.NRGBA
}

// Align is where the anchor of a text is.
type Align int

// A text begins, has its middle, or ends at its anchor.
const (
	Left Align = iota
	Middle
	Right
)

// Add adds shapes on top.
func (p *Drawing) Add(s ...Shape) { p.Shapes = append(p.Shapes, s...) }

// Rect adds a filled rectangle with a tooltip, which may be empty.
func (p *Drawing) Rect(x, y, w, h float64, fill color.NRGBA, tip string) {
	p.Add(Polygon{[]Point{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}}, fill, tip})
}

// Line adds a straight line.
func (p *Drawing) Line(x1, y1, x2, y2 float64, stroke color.NRGBA, width float64) {
	p.Add(Polyline{Points: []Point{{x1, y1}, {x2, y2}}, Stroke: stroke, Width: width})
}

// Text adds a line of text at a point of its base line.
func (p *Drawing) Text(x, y float64, s string, size float64, a Align, fill color.NRGBA) {
	if s = Clean(s); s != "" {
		p.Add(Label{At: Point{x, y}, Text: s, Size: size, Align: a, Fill: fill})
	}
}

// BoldText adds a line of bold text that begins at a point.
func (p *Drawing) BoldText(x, y float64, s string, size float64, fill color.NRGBA) {
	if s = Clean(s); s != "" {
		p.Add(Label{At: Point{x, y}, Text: s, Size: size, Bold: true, Fill: fill})
	}
}

// TurnedText adds text turned by an angle in degrees, clockwise.
func (p *Drawing) TurnedText(x, y float64, s string, size, angle float64, a Align, fill color.NRGBA) {
	if s = Clean(s); s != "" {
		p.Add(Label{At: Point{x, y}, Text: s, Size: size, Align: a, Angle: angle, Fill: fill})
	}
}

// Heading draws title and subtitle, shortened to the image's width.
func (p *Drawing) Heading(title, subtitle string, margin float64) {
	p.Title = Clean(title)
	room := p.Width - 2*margin
	p.BoldText(margin, 36, Shorten(p.Title, 19, true, room), 19, Ink)
	p.Text(margin, 58, Shorten(Clean(subtitle), 13, false, room), 13, Left, Soft)
}

// HeadingHeight is the height of title and subtitle with the space around them.
const HeadingHeight = 74

// Path is a list of points, given as x1, y1, x2, y2, and so on.
func Path(coordinates ...float64) []Point {
	points := make([]Point, len(coordinates)/2)
	for i := range points {
		points[i] = Point{coordinates[2*i], coordinates[2*i+1]}
	}
	return points
}
