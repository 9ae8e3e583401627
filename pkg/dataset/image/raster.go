package image

import (
	"image"
	"image/color"
)

// raster is an image of 1 or 3 channels without transparency: bytes of shape [h, w, c].
type raster struct {
	w, h, c int
	pix     []byte
	depth   int // bits of 16-bit values that are used, while such an image is drawn
}

func newRaster(w, h, c int) *raster { return &raster{w: w, h: h, c: c, pix: make([]byte, w*h*c)} }

type rect struct{ x, y, w, h int }

// draw paints a decoded image onto white. One that is smaller than the raster, as a frame of a GIF may be, keeps its
// position. Usual image types are painted row by row, others pixel by pixel.
func (r *raster) draw(m image.Image) {
	b := m.Bounds()
	if origin := b.Min; b.Dx() != r.w || b.Dy() != r.h {
		for i := range r.pix {
			r.pix[i] = 255
		}
		origin.X, origin.Y = min(max(origin.X, 0), r.w-b.Dx()), min(max(origin.Y, 0), r.h-b.Dy())
		r.drawAt(m, origin.X, origin.Y)
		return
	}
	r.drawAt(m, 0, 0)
}

// drawAt paints m with its upper left corner at (x, y).
func (r *raster) drawAt(m image.Image, x, y int) {
	b := m.Bounds()
	w := b.Dx()
	row := func(j int) []byte { at := ((y+j)*r.w + x) * r.c; return r.pix[at : at+w*r.c] }
	for j := range b.Dy() {
		switch m := m.(type) {
		case *image.Gray:
			src := m.Pix[j*m.Stride:][:w]
			if r.c == 1 {
				copy(row(j), src)
			} else {
				r.each(row(j), func(i int) (uint32, uint32, uint32) { v := uint32(src[i]); return v, v, v })
			}
		case *image.YCbCr:
			if r.c == 1 { // Y is the luma of Rec. 601
				at := m.YOffset(b.Min.X, b.Min.Y+j)
				copy(row(j), m.Y[at:at+w])
				continue
			}
			r.each(row(j), func(i int) (uint32, uint32, uint32) {
				at := m.COffset(b.Min.X+i, b.Min.Y+j)
				red, green, blue := color.YCbCrToRGB(m.Y[m.YOffset(b.Min.X+i, b.Min.Y+j)], m.Cb[at], m.Cr[at])
				return uint32(red), uint32(green), uint32(blue)
			})
		case *image.NRGBA:
			src := m.Pix[j*m.Stride:][:4*w]
			r.each(row(j), func(i int) (uint32, uint32, uint32) {
				p := src[4*i : 4*i+4 : 4*i+4]
				a := uint32(p[3])
				return onWhite(uint32(p[0]), a), onWhite(uint32(p[1]), a), onWhite(uint32(p[2]), a)
			})
		case *image.RGBA: // times a
			src := m.Pix[j*m.Stride:][:4*w]
			r.each(row(j), func(i int) (uint32, uint32, uint32) {
				p := src[4*i : 4*i+4 : 4*i+4]
				rest := 255 - uint32(p[3])
				return uint32(p[0]) + rest, uint32(p[1]) + rest, uint32(p[2]) + rest
			})
		default:
			r.each(row(j), func(i int) (uint32, uint32, uint32) {
				red, green, blue, a := m.At(b.Min.X+i, b.Min.Y+j).RGBA() // times a, of 16 bits
				if r.depth > 0 && r.depth < 16 {
					rest := (0xffff - a) >> 8
					return min(255, narrowed(red, r.depth)+rest), min(255, narrowed(green, r.depth)+rest), min(255, narrowed(blue, r.depth)+rest)
				}
				return (red + 0xffff - a) >> 8, (green + 0xffff - a) >> 8, (blue + 0xffff - a) >> 8
			})
		}
	}
}

// each sets the pixels of a row from their 8-bit colours.
func (r *raster) each(row []byte, colour func(i int) (red, green, blue uint32)) {
	if r.c == 1 {
		for i := range row {
			red, green, blue := colour(i)
			row[i] = luma(red, green, blue)
		}
		return
	}
	for i := range len(row) / 3 {
		red, green, blue := colour(i)
		p := row[3*i : 3*i+3 : 3*i+3]
		p[0], p[1], p[2] = byte(red), byte(green), byte(blue)
	}
}

// luma is 0.299 R + 0.587 G + 0.114 B in 65,536ths, rounded (ITU-R BT.601).
func luma(red, green, blue uint32) byte {
	return byte((19595*red + 38470*green + 7471*blue + 1<<15) >> 16)
}

// onWhite blends a value of opacity a with white, rounded.
func onWhite(v, a uint32) uint32 { return (v*a + 255*(255-a) + 127) / 255 }

// paste copies a smaller image to (x, y).
func (r *raster) paste(small *raster, x, y int) {
	n := small.w * small.c
	for j := range small.h {
		copy(r.pix[((y+j)*r.w+x)*r.c:], small.pix[j*n:(j+1)*n])
	}
}
