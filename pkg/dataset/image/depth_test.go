package image

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/image/tiff"
)

// told collects notes.
type told struct{ notes []string }

func (r *told) Note(form string, args ...any)          { r.notes = append(r.notes, fmt.Sprintf(form, args...)) }
func (r *told) Warn(form string, args ...any)          { r.Note(form, args...) }
func (r *told) Mistake(path, sort, where, text string) { r.Note("%s: %s", where, text) }

// TestDepth: images of 16 bits are scaled by the range that a set uses.
func TestDepth(t *testing.T) {
	for _, c := range []struct {
		values [2]uint16
		depth  int
		want   []byte
	}{
		{[2]uint16{0, 4095}, 12, []byte{0, 255}},
		{[2]uint16{1024, 2048}, 12, []byte{64, 128}},
		{[2]uint16{0x07ff, 0xc800}, 16, []byte{0x07, 0xc8}},
		{[2]uint16{17, 200}, 8, []byte{17, 200}},
	} {
		m := image.NewGray16(image.Rect(0, 0, 2, 1))
		for x, v := range c.values {
			m.SetGray16(x, 0, color.Gray16{Y: v})
		}
		var asPNG, asTIFF bytes.Buffer
		if err := png.Encode(&asPNG, m); err != nil {
			t.Fatal(err)
		}
		if err := tiff.Encode(&asTIFF, m, nil); err != nil {
			t.Fatal(err)
		}
		for _, data := range [][]byte{asPNG.Bytes(), asTIFF.Bytes()} {
			path := filepath.Join(t.TempDir(), "x")
			if err := os.WriteFile(path, data, 0o666); err != nil {
				t.Fatal(err)
			}
			report := &told{}
			s := &Set{Files: []File{{Path: path}, {Path: path}}}
			s.settleDepth(report)
			s.settings.Channels = 1
			got, err := Decode(data, s.settings)
			if err != nil || s.Depth() != c.depth || !slices.Equal(got, c.want) {
				t.Errorf("%v: depth %d, %v, %v", c.values, s.Depth(), got, err)
			}
			if said := strings.Join(report.notes, " "); strings.Contains(said, "the images have 16 bits") != (c.depth < 16) {
				t.Errorf("%v: told %q", c.values, said)
			}
		}
	}
}
