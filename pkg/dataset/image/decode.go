// Package image reads image files into bytes of one size, keeps those of a dataset in memory or in a cache, and decodes
// others when they are needed: PNG, JPEG, GIF (its first frame), BMP,
// WebP and TIFF (its first page), recognized by their first bytes, not by the name of the file.
//
// The same file gives the same bytes on every machine: everything here is computed in whole numbers.
package image

import (
	"bytes"
	"errors"
	"fmt"

	"dnn/internal/machine"
)

// MaxPixels is the most pixels that an image may have, some 134 million, and maxSide the most in a row or column: a few
// kilobytes can claim to be an image of gigabytes.
const (
	MaxPixels = 1 << 27
	maxSide   = 1 << 16
)

// Settings say how Decode converts an image.
type Settings struct {
	// Width and Height are the result's, in pixels. If both are 0, the image keeps its size.
	Width, Height int
	// Channels is 1 (grey) or 3 (red, green, blue). Grey is the luma of Rec. 601: 0.299 R + 0.587 G + 0.114 B.
	Channels int
	// Fit says how an image with another aspect ratio is made to fit: "stretch" (or "") distorts it, "crop" cuts off
	// its longer sides, the same at both ends, and "pad" adds black to its shorter sides.
	Fit string
	// Depth is how many bits of 16-bit values are used, from the lowest: 12 for values to 4,095. 0 and 16 stand for all. Others are
	// scaled to the range of a byte.
	Depth int `json:",omitempty"`
}

// Fits are the values of Settings.Fit.
var Fits = []string{"stretch", "crop", "pad"}

// Info is what the header of a file says about the image.
type Info struct {
	Format        string // PNG, JPEG, GIF, BMP, TIFF or WebP
	Width, Height int    // as displayed: after the rotation that Exif asks for
	Channels      int    // 1 for grey or a palette of greys, else 3
}

// Look reads the header of an image.
func Look(data []byte) (Info, error) {
	f, config, err := header(data)
	if err != nil {
		return Info{}, err
	}
	info := Info{f.name, config.Width, config.Height, channelsOf(config.ColorModel)}
	if f.turned && orientation(data) >= 5 {
		info.Width, info.Height = info.Height, info.Width
	}
	return info, nil
}

// Size returns the width and height in pixels from the header of an image.
func Size(data []byte) (w, h int, err error) {
	info, err := Look(data)
	return info.Width, info.Height, err
}

// Decode returns the image as bytes of shape [height, width, channels]. Transparent pixels are laid over white, as on a
// page: most such images are drawings in dark ink, which would vanish on black. A JPEG is rotated as its Exif data
// says. Values of 16 bits are scaled as Settings.Depth says.
func Decode(data []byte, s Settings) (pix []byte, err error) {
	if s.Channels != 1 && s.Channels != 3 {
		return nil, fmt.Errorf("an image has 1 or 3 channels, not %d", s.Channels)
	}
	if s.Width < 0 || s.Height < 0 || (s.Width == 0) != (s.Height == 0) {
		return nil, fmt.Errorf("width and height must be set together, got %d and %d", s.Width, s.Height)
	}
	f, config, err := header(data)
	if err != nil {
		return nil, err
	}
	defer func() { // a decoder that panics on a damaged file must not end a training
		if fault := recover(); fault != nil {
			pix, err = nil, fmt.Errorf("damaged %s: %v", f.name, fault)
		}
	}()
	if err := checkMemory(f, config, machine.Memory()); err != nil {
		return nil, err
	}
	release := decoding.take(decodedBytes(f, config))
	defer release()
	m, err := f.read(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("damaged %s: %w", f.name, cut(err))
	}
	if b := m.Bounds(); b.Dx() > config.Width || b.Dy() > config.Height || b.Empty() {
		return nil, fmt.Errorf("damaged %s: it is %d×%d, but its header says %d×%d", f.name, b.Dx(), b.Dy(), config.Width, config.Height)
	}
	r := newRaster(config.Width, config.Height, s.Channels)
	if isDeep(config.ColorModel) {
		r.depth = s.Depth
	}
	r.draw(m)
	if f.turned {
		r = r.turn(orientation(data))
	}
	if s.Width == 0 {
		return r.pix, nil
	}
	return r.fit(s)
}

// fit scales an image to the size of s.
func (r *raster) fit(s Settings) ([]byte, error) {
	whole := rect{0, 0, r.w, r.h}
	if r.w == s.Width && r.h == s.Height {
		return r.pix, nil
	}
	switch s.Fit {
	case "", "stretch":
		return r.resize(whole, s.Width, s.Height).pix, nil
	case "crop":
		cut := whole
		if r.w*s.Height > r.h*s.Width { // too wide
			cut.w = max(1, divide(r.h*s.Width, s.Height))
		} else {
			cut.h = max(1, divide(r.w*s.Height, s.Width))
		}
		cut.x, cut.y = (r.w-cut.w)/2, (r.h-cut.h)/2
		return r.resize(cut, s.Width, s.Height).pix, nil
	case "pad":
		w, h := s.Width, s.Height
		if r.w*h > r.h*w {
			h = max(1, divide(r.h*w, r.w))
		} else {
			w = max(1, divide(r.w*h, r.h))
		}
		small, page := r.resize(whole, w, h), newRaster(s.Width, s.Height, r.c)
		page.paste(small, (s.Width-w)/2, (s.Height-h)/2)
		return page.pix, nil
	}
	return nil, errors.New("fit must be stretch, crop or pad, not " + s.Fit)
}

// divide returns a/b, rounded to the nearest integer.
func divide(a, b int) int { return (2*a + b) / (2 * b) }
