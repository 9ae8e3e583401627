// Package image reads image files into bytes of one size, keeps those of a dataset in memory or in a cache, and decodes
// others when they are needed: PNG, JPEG, GIF (its first frame), BMP and
// WebP, told apart by their first bytes, not by the name of the file.
//
// The same file gives the same bytes on every machine: everything here is computed in whole numbers.
package image

import (
	"bytes"
	"errors"
	"fmt"
)

// MaxPixels is the most pixels that a picture may have, some 134 million, and maxSide the most in a row or column. A few
// kilobytes can claim to be a picture of gigabytes.
const (
	MaxPixels = 1 << 27
	maxSide   = 1 << 16
)

// Settings say what Decode makes of a picture.
type Settings struct {
	// Width and Height are those of the result in pixels. Both 0: as large as the picture is.
	Width, Height int
	// Channels is 1 (grey) or 3 (red, green, blue). Grey is the luma of Rec. 601: 0.299 R + 0.587 G + 0.114 B.
	Channels int
	// Fit says how a picture with other proportions is made to fit: "stretch" (or "") changes its proportions, "crop" cuts
	// its longer sides off, the same at both ends, and "pad" adds black to its shorter ones.
	Fit string
}

// Fits are the words that Settings.Fit may be.
var Fits = []string{"stretch", "crop", "pad"}

// Info is what the head of a file tells of a picture.
type Info struct {
	Format        string // PNG, JPEG, GIF, BMP or WebP
	Width, Height int    // as it is to be seen: turned as the camera was held
	Channels      int    // 1 when it is stored in grey, or in a palette of greys; else 3
}

// Look reads the head of a picture.
func Look(data []byte) (Info, error) {
	f, config, err := head(data)
	if err != nil {
		return Info{}, err
	}
	info := Info{f.name, config.Width, config.Height, channelsOf(config.ColorModel)}
	if f.turned && orientation(data) >= 5 {
		info.Width, info.Height = info.Height, info.Width
	}
	return info, nil
}

// Size returns the width and height of a picture in pixels from its head.
func Size(data []byte) (w, h int, err error) {
	info, err := Look(data)
	return info.Width, info.Height, err
}

// Decode returns the picture as bytes of shape [height, width, channels]. What is transparent lies on white, as on a page:
// most such pictures are drawings in dark ink, of which black would leave nothing. A JPEG is turned as the camera that took
// it was held (Exif). Of 16 bits for each value the upper 8 are taken.
func Decode(data []byte, s Settings) (pix []byte, err error) {
	if s.Channels != 1 && s.Channels != 3 {
		return nil, fmt.Errorf("a picture has 1 or 3 channels, not %d", s.Channels)
	}
	if s.Width < 0 || s.Height < 0 || (s.Width == 0) != (s.Height == 0) {
		return nil, fmt.Errorf("want a width and a height, got %d and %d", s.Width, s.Height)
	}
	f, config, err := head(data)
	if err != nil {
		return nil, err
	}
	defer func() { // a reader that falls over a damaged file must not end a training
		if fault := recover(); fault != nil {
			pix, err = nil, fmt.Errorf("damaged %s: %v", f.name, fault)
		}
	}()
	m, err := f.read(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("damaged %s: %w", f.name, cut(err))
	}
	if b := m.Bounds(); b.Dx() > config.Width || b.Dy() > config.Height || b.Empty() {
		return nil, fmt.Errorf("damaged %s: it is %d×%d large, and its head says %d×%d", f.name, b.Dx(), b.Dy(), config.Width, config.Height)
	}
	r := newRaster(config.Width, config.Height, s.Channels)
	r.draw(m)
	if f.turned {
		r = r.turn(orientation(data))
	}
	if s.Width == 0 {
		return r.pix, nil
	}
	return r.fit(s)
}

// fit brings a picture to the size of s.
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
	return nil, errors.New("fit is stretch, crop or pad, not " + s.Fit)
}

// divide is a/b, rounded to the nearest whole number.
func divide(a, b int) int { return (2*a + b) / (2 * b) }
