package canvas

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"image/png"

	"golang.org/x/image/draw"
)

// Bitmap is an image within the image, stretched to the box. One that grows keeps its pixels as squares unless it is
// smooth.
type Bitmap struct {
	X, Y, W, H float64
	Image      image.Image
	Smooth     bool
	Tip        string
}

func (s Bitmap) svg(b *bytes.Buffer) {
	style := ""
	if !s.Smooth && s.grows() {
		style = ` style="image-rendering:pixelated"`
	}
	fmt.Fprintf(b, `<image x="%s" y="%s" width="%s" height="%s" preserveAspectRatio="none"%s href="data:image/png;base64,`, num(s.X), num(s.Y), num(s.W), num(s.H), style)
	var file bytes.Buffer
	if err := png.Encode(&file, s.reduced()); err != nil {
		panic("plot: " + err.Error()) // a buffer takes everything, and the sizes were looked at
	}
	b.WriteString(base64.StdEncoding.EncodeToString(file.Bytes()))
	if s.Tip == "" {
		b.WriteString(`"/>`)
		return
	}
	fmt.Fprintf(b, `"><title>%s</title></image>`, escape(Clean(s.Tip)))
}

func (s Bitmap) paint(c *canvas) {
	s.scaler().Scale(c.image, s.pixels(), s.Image, s.Image.Bounds(), draw.Over, nil)
}

// pixels is the box in pixels of the PNG.
func (s Bitmap) pixels() image.Rectangle {
	at := func(v float64) int { return int(v*scale + 0.5) }
	return image.Rect(at(s.X), at(s.Y), at(s.X+s.W), at(s.Y+s.H))
}

func (s Bitmap) grows() bool {
	from, to := s.Image.Bounds(), s.pixels()
	return from.Dx() <= to.Dx() && from.Dy() <= to.Dy()
}

func (s Bitmap) scaler() draw.Scaler {
	if s.grows() && !s.Smooth {
		return draw.NearestNeighbor
	}
	return draw.BiLinear
}

// reduced is the image, no larger than it is shown.
func (s Bitmap) reduced() image.Image {
	if s.grows() {
		return s.Image
	}
	box := s.pixels()
	small := image.NewNRGBA(image.Rect(0, 0, box.Dx(), box.Dy()))
	s.scaler().Scale(small, small.Bounds(), s.Image, s.Image.Bounds(), draw.Src, nil)
	return small
}

// Pixels makes an image of bytes of shape [height, width, channels], of which the first one (grey) or three (red, green,
// blue) are shown. It returns nil when the bytes are fewer, or the image is empty.
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
