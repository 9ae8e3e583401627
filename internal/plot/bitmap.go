package plot

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/png"

	"golang.org/x/image/draw"
)

// bitmap is a picture within the picture, stretched to the box. One that grows keeps its pixels as squares unless it is
// smooth.
type bitmap struct {
	x, y, w, h float64
	image      image.Image
	smooth     bool
	tip        string
}

func (s bitmap) svg(b *bytes.Buffer) {
	style := ""
	if !s.smooth && s.grows() {
		style = ` style="image-rendering:pixelated"`
	}
	fmt.Fprintf(b, `<image x="%s" y="%s" width="%s" height="%s" preserveAspectRatio="none"%s href="data:image/png;base64,`, num(s.x), num(s.y), num(s.w), num(s.h), style)
	var file bytes.Buffer
	if err := png.Encode(&file, s.reduced()); err != nil {
		panic("plot: " + err.Error()) // a buffer takes everything, and the sizes were looked at
	}
	b.WriteString(base64.StdEncoding.EncodeToString(file.Bytes()))
	if s.tip == "" {
		b.WriteString(`"/>`)
		return
	}
	fmt.Fprintf(b, `"><title>%s</title></image>`, escape(clean(s.tip)))
}

func (s bitmap) paint(c *canvas) {
	s.scaler().Scale(c.image, s.pixels(), s.image, s.image.Bounds(), draw.Over, nil)
}

// pixels is the box in pixels of the PNG.
func (s bitmap) pixels() image.Rectangle {
	at := func(v float64) int { return int(v*scale + 0.5) }
	return image.Rect(at(s.x), at(s.y), at(s.x+s.w), at(s.y+s.h))
}

func (s bitmap) grows() bool {
	from, to := s.image.Bounds(), s.pixels()
	return from.Dx() <= to.Dx() && from.Dy() <= to.Dy()
}

func (s bitmap) scaler() draw.Scaler {
	if s.grows() && !s.smooth {
		return draw.NearestNeighbor
	}
	return draw.BiLinear
}

// reduced is the image, no larger than it is shown.
func (s bitmap) reduced() image.Image {
	if s.grows() {
		return s.image
	}
	box := s.pixels()
	small := image.NewNRGBA(image.Rect(0, 0, box.Dx(), box.Dy()))
	s.scaler().Scale(small, small.Bounds(), s.image, s.image.Bounds(), draw.Src, nil)
	return small
}

// Pixels makes an image of bytes of shape [height, width, channels], of which the first one (grey) or three (red, green,
// blue) are shown. It returns nil when the bytes are fewer, or the picture is empty.
func Pixels(shape []int, data []byte) image.Image {
	if len(shape) != 3 || shape[0] < 1 || shape[1] < 1 || shape[2] < 1 || len(data) < shape[0]*shape[1]*shape[2] {
		return nil
	}
	h, w, c := shape[0], shape[1], shape[2]
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range h * w {
		p := data[i*c : (i+1)*c]
		red, green, blue := p[0], p[0], p[0]
		if c >= 3 {
			green, blue = p[1], p[2]
		}
		copy(m.Pix[4*i:], []byte{red, green, blue, 255})
	}
	return m
}
