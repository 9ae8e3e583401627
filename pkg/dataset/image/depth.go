package image

import (
	"bytes"
	"image"
	"image/color"
	"math/bits"

	"dnn/internal/phrase"
)

// Images of 16 bits often hold fewer: a camera or a scanner of 12 bits writes values to 4,095, whose upper byte is nearly 0. So
// their range is looked for, and scaled to that of a byte.

// depthSamples is how many images of a set are looked at for their range.
const depthSamples = 32

// isDeep reports whether the values of an image have 16 bits.
func isDeep(m color.Model) bool {
	return m == color.Gray16Model || m == color.RGBA64Model || m == color.NRGBA64Model
}

// settleDepth learns the range of 16-bit images from some of them, evenly spread over the set.
func (s *Set) settleDepth(report Report) {
	most, deep := uint32(0), 0
	for i := range min(depthSamples, len(s.Files)) {
		at := i * len(s.Files) / min(depthSamples, len(s.Files))
		data, err := ReadFile(s.Files[at].Path)
		if err != nil {
			continue
		}
		f, config, err := header(data)
		if err != nil || !isDeep(config.ColorModel) {
			continue
		}
		if m, err := f.read(bytes.NewReader(data)); err == nil {
			deep++
			most = max(most, brightest(m))
		}
	}
	if deep == 0 {
		return
	}
	s.settings.Depth = max(8, bits.Len32(most))
	if s.settings.Depth < 16 {
		report.Note("the images have 16 bits, and values to %s in %s that were looked at: 0 to %s are scaled to 0 to 255",
			phrase.Thousands(int(most)), phrase.Count(deep, "image"), phrase.Thousands(1<<s.settings.Depth-1))
	}
}

// SetDepth makes the images of a set be scaled as others are.
func (s *Set) SetDepth(depth int) { s.settings.Depth = depth }

// Depth is how many bits of 16-bit images are used; 0 where the images have 8.
func (s *Set) Depth() int { return s.settings.Depth }

// brightest is the largest value of an image of 16 bits.
func brightest(m image.Image) (most uint32) {
	b := m.Bounds()
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			red, green, blue, _ := m.At(x, y).RGBA()
			most = max(most, red, green, blue)
		}
	}
	return most
}

// narrowed scales a value of 16 bits, of which depth are used, to a byte. Values beyond are white.
func narrowed(v uint32, depth int) uint32 {
	if depth == 0 || depth >= 16 {
		return v >> 8
	}
	top := uint32(1)<<depth - 1
	return min(255, (v*255+top/2)/top)
}
