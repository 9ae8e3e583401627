package canvas

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// scale is the pixels of a PNG per unit of the image: images are shown at half size, sharp on dense screens.
const scale = 2

// canvas paints shapes into pixels.
type canvas struct {
	image  *image.RGBA
	raster vector.Rasterizer
}

// PNG returns the image as a PNG file.
func (p *Drawing) PNG() ([]byte, error) {
	size := image.Rect(0, 0, int(math.Ceil(p.Width*scale)), int(math.Ceil(p.Height*scale)))
	c := &canvas{image: image.NewRGBA(size)}
	draw.Draw(c.image, size, image.White, image.Point{}, draw.Src)
	for _, s := range p.Shapes {
		s.paint(c)
	}
	var b bytes.Buffer
	err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, c.image) // a third of the time, a few more bytes
	return b.Bytes(), err
}

func (s Polygon) paint(c *canvas) { c.fill([][]Point{s.Points}, s.Fill) }

func (s Polyline) paint(c *canvas) { c.stroke(s.Points, s.Width, s.Dash, s.Stroke) }

func (s Disc) paint(c *canvas) {
	if s.Width > 0 {
		c.fill([][]Point{circle(s.Center, s.Radius+s.Width/2)}, s.Stroke)
		c.fill([][]Point{circle(s.Center, s.Radius-s.Width/2)}, s.Fill)
		return
	}
	c.fill([][]Point{circle(s.Center, s.Radius)}, s.Fill)
}

func (s Label) paint(c *canvas) {
	t := face(s.Bold)
	t.Lock()
	defer t.Unlock()
	start := -t.glyphs(s.Text, nil) * s.Size * float64(s.Align) / 2
	sin, cos := math.Sincos(s.Angle * math.Pi / 180)
	t.glyphs(s.Text, func(x float64, g sfnt.GlyphIndex) {
		place := func(p fixed.Point26_6) Point {
			px, py := start+(x+float64(p.X)/64/perEm)*s.Size, float64(p.Y)/64/perEm*s.Size
			return Point{s.At.X + px*cos - py*sin, s.At.Y + px*sin + py*cos}
		}
		if segments, err := t.font.LoadGlyph(&t.buffer, g, fixed.I(perEm), nil); err == nil {
			c.fill(outline(segments, place), s.Fill)
		}
	})
}

// outline returns a letter's contours with its curves cut into short lines.
func outline(segments sfnt.Segments, place func(fixed.Point26_6) Point) (contours [][]Point) {
	const cuts = 6
	add := func(p Point) { contours[len(contours)-1] = append(contours[len(contours)-1], p) }
	last := Point{}
	for _, s := range segments {
		a, b, d := place(s.Args[0]), place(s.Args[1]), place(s.Args[2])
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			contours = append(contours, nil)
			add(a)
			last = a
		case sfnt.SegmentOpLineTo:
			add(a)
			last = a
		case sfnt.SegmentOpQuadTo:
			for i := 1; i <= cuts; i++ {
				t := float64(i) / cuts
				u := 1 - t
				add(Point{u*u*last.X + 2*u*t*a.X + t*t*b.X, u*u*last.Y + 2*u*t*a.Y + t*t*b.Y})
			}
			last = b
		case sfnt.SegmentOpCubeTo: // the built-in fonts have none
			add(d)
			last = d
		}
	}
	return contours
}

// fill paints the area within the contours.
func (c *canvas) fill(contours [][]Point, fill color.NRGBA) {
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, contour := range contours {
		for _, p := range contour {
			x0, x1 = min(x0, p.X*scale), max(x1, p.X*scale)
			y0, y1 = min(y0, p.Y*scale), max(y1, p.Y*scale)
		}
	}
	size := c.image.Bounds().Max // the rasterizer clips its lines, but does not look where the image ends
	box := image.Rect(int(max(x0, 0)), int(max(y0, 0)), min(int(min(x1, 1e6))+1, size.X), min(int(min(y1, 1e6))+1, size.Y))
	if !(x0 < float64(size.X) && y0 < float64(size.Y) && x1 > 0 && y1 > 0) || box.Empty() {
		return
	}
	c.raster.Reset(box.Dx(), box.Dy())
	for _, contour := range contours {
		for i, p := range contour {
			x, y := float32(p.X*scale-float64(box.Min.X)), float32(p.Y*scale-float64(box.Min.Y))
			if i == 0 {
				c.raster.MoveTo(x, y)
			} else {
				c.raster.LineTo(x, y)
			}
		}
		c.raster.ClosePath()
	}
	c.raster.Draw(c.image, box, image.NewUniform(fill), image.Point{})
}
