package plot

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

// scale is the pixels of a PNG per unit of the picture: pictures are shown at half size, sharp on dense screens.
const scale = 2

// canvas paints shapes into pixels.
type canvas struct {
	image  *image.RGBA
	raster vector.Rasterizer
}

// png returns the picture as a PNG file.
func (p *picture) png() ([]byte, error) {
	size := image.Rect(0, 0, int(math.Ceil(p.width*scale)), int(math.Ceil(p.height*scale)))
	c := &canvas{image: image.NewRGBA(size)}
	draw.Draw(c.image, size, image.White, image.Point{}, draw.Src)
	for _, s := range p.shapes {
		s.paint(c)
	}
	var b bytes.Buffer
	err := (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(&b, c.image) // a third of the time, a few more bytes
	return b.Bytes(), err
}

func (s polygon) paint(c *canvas) { c.fill([][]point{s.points}, s.fill) }

func (s polyline) paint(c *canvas) { c.stroke(s.points, s.width, s.dash, s.stroke) }

func (s disc) paint(c *canvas) {
	if s.width > 0 {
		c.fill([][]point{circle(s.center, s.radius+s.width/2)}, s.stroke)
		c.fill([][]point{circle(s.center, s.radius-s.width/2)}, s.fill)
		return
	}
	c.fill([][]point{circle(s.center, s.radius)}, s.fill)
}

func (s label) paint(c *canvas) {
	t := face(s.bold)
	t.Lock()
	defer t.Unlock()
	start := -t.glyphs(s.text, nil) * s.size * float64(s.align) / 2
	sin, cos := math.Sincos(s.angle * math.Pi / 180)
	t.glyphs(s.text, func(x float64, g sfnt.GlyphIndex) {
		place := func(p fixed.Point26_6) point {
			px, py := start+(x+float64(p.X)/64/perEm)*s.size, float64(p.Y)/64/perEm*s.size
			return point{s.at.x + px*cos - py*sin, s.at.y + px*sin + py*cos}
		}
		if segments, err := t.font.LoadGlyph(&t.buffer, g, fixed.I(perEm), nil); err == nil {
			c.fill(outline(segments, place), s.fill)
		}
	})
}

// outline returns a letter's contours with its curves cut into short lines.
func outline(segments sfnt.Segments, place func(fixed.Point26_6) point) (contours [][]point) {
	const cuts = 6
	add := func(p point) { contours[len(contours)-1] = append(contours[len(contours)-1], p) }
	last := point{}
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
				add(point{u*u*last.x + 2*u*t*a.x + t*t*b.x, u*u*last.y + 2*u*t*a.y + t*t*b.y})
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
func (c *canvas) fill(contours [][]point, fill color.NRGBA) {
	x0, y0, x1, y1 := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, contour := range contours {
		for _, p := range contour {
			x0, x1 = min(x0, p.x*scale), max(x1, p.x*scale)
			y0, y1 = min(y0, p.y*scale), max(y1, p.y*scale)
		}
	}
	size := c.image.Bounds().Max // the rasterizer clips its lines, but does not look where the picture ends
	box := image.Rect(int(max(x0, 0)), int(max(y0, 0)), min(int(min(x1, 1e6))+1, size.X), min(int(min(y1, 1e6))+1, size.Y))
	if !(x0 < float64(size.X) && y0 < float64(size.Y) && x1 > 0 && y1 > 0) || box.Empty() {
		return
	}
	c.raster.Reset(box.Dx(), box.Dy())
	for _, contour := range contours {
		for i, p := range contour {
			x, y := float32(p.x*scale-float64(box.Min.X)), float32(p.y*scale-float64(box.Min.Y))
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
