package image

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"strings"

	"golang.org/x/image/bmp"
	"golang.org/x/image/tiff"
	"golang.org/x/image/webp"
)

// format is an image file format.
type format struct {
	name   string
	magic  string // its first bytes; ? matches any
	config func(r io.Reader) (image.Config, error)
	read   func(r io.Reader) (image.Image, error)
	turned bool // whether Exif may ask for a rotation
}

var formats = []format{
	{"PNG", "\x89PNG\r\n\x1a\n", png.DecodeConfig, png.Decode, false},
	{"JPEG", "\xff\xd8\xff", jpeg.DecodeConfig, jpeg.Decode, true},
	{"GIF", "GIF8?a", gif.DecodeConfig, gif.Decode, false},
	{"BMP", "BM????\x00\x00\x00\x00", bmp.DecodeConfig, bmp.Decode, false},
	{"WebP", "RIFF????WEBPVP8", webp.DecodeConfig, webp.Decode, false},
	{"TIFF", "II*\x00", tiff.DecodeConfig, tiff.Decode, true},
	{"TIFF", "MM\x00*", tiff.DecodeConfig, tiff.Decode, true},
}

// others are formats that are recognized but not read.
var others = []format{
	{name: "HEIC", magic: "????ftyphei"}, {name: "HEIC", magic: "????ftypmif1"},
	{name: "AVIF", magic: "????ftypavif"}, {name: "JPEG 2000", magic: "\x00\x00\x00\x0cjP  "}, {name: "JPEG XL", magic: "\xff\x0a"},
	{name: "Photoshop", magic: "8BPS"}, {name: "PDF", magic: "%PDF"}, {name: "SVG", magic: "<svg"}, {name: "XML", magic: "<?xml"}, {name: "HTML", magic: "<!DOCTYPE"},
}

// of returns the format of a file.
func of(list []format, data []byte) *format {
next:
	for i := range list {
		if len(data) < len(list[i].magic) {
			continue
		}
		for k := range len(list[i].magic) {
			if c := list[i].magic[k]; c != '?' && c != data[k] {
				continue next
			}
		}
		return &list[i]
	}
	return nil
}

// header reads the header, and rejects an image that is too large.
func header(data []byte) (*format, image.Config, error) {
	if len(data) == 0 {
		return nil, image.Config{}, errors.New("the file is empty")
	}
	f := of(formats, data)
	if f == nil {
		what := "not an image"
		if o := of(others, data); o != nil {
			what = o.name
		}
		return nil, image.Config{}, fmt.Errorf("%s: expected PNG, JPEG, GIF, BMP, TIFF or WebP", what)
	}
	if isAnimated(data) {
		return nil, image.Config{}, errors.New("animated WebP is not supported; expected PNG, JPEG, GIF, BMP, TIFF or WebP with one frame")
	}
	config, err := f.config(bytes.NewReader(data))
	switch {
	case err != nil:
		return nil, config, fmt.Errorf("damaged %s: %w", f.name, cut(err))
	case config.Width <= 0 || config.Height <= 0:
		return nil, config, fmt.Errorf("damaged %s: an image of %d×%d", f.name, config.Width, config.Height)
	case config.Width > MaxPixels/config.Height || max(config.Width, config.Height) > maxSide:
		return nil, config, fmt.Errorf("an image of %d×%d is too large: the limit is %d million pixels, and %d in a row", config.Width, config.Height, MaxPixels/1000000, maxSide)
	}
	return f, config, nil
}

// isAnimated reports whether a WebP has several frames: its extended header has a bit for it (RIFF container of WebP,
// "Extended File Format").
func isAnimated(data []byte) bool {
	const flags, animated = 20, 1 << 1
	return len(data) > flags && string(data[:4]) == "RIFF" && string(data[8:16]) == "WEBPVP8X" && data[flags]&animated != 0
}

// cut replaces the errors of a truncated file by a plain one.
func cut(err error) error {
	if err == io.EOF || strings.HasSuffix(err.Error(), io.ErrUnexpectedEOF.Error()) { // some decoders wrap it as text only
		return errors.New("the file ends too early")
	}
	return err
}

func channelsOf(m color.Model) int {
	if p, ok := m.(color.Palette); ok {
		for _, c := range p {
			if red, green, blue, _ := c.RGBA(); red != green || green != blue {
				return 3
			}
		}
		return 1
	}
	if m == color.GrayModel || m == color.Gray16Model {
		return 1
	}
	return 3
}
