package canvas

import (
	"strings"
	"sync"
	"unicode/utf8"

	"codeberg.org/go-fonts/liberation/liberationsansbold"
	"codeberg.org/go-fonts/liberation/liberationsansregular"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// typeface reads letters from a font. It is not for concurrent use; the lock is held by its methods' callers.
type typeface struct {
	sync.Mutex
	font   *sfnt.Font
	buffer sfnt.Buffer
}

// The fonts are parsed when the first image is drawn, so that other commands do not pay for them.
var (
	regular  = sync.OnceValue(func() *typeface { return newTypeface(liberationsansregular.TTF) })
	boldFace = sync.OnceValue(func() *typeface { return newTypeface(liberationsansbold.TTF) })
)

func newTypeface(ttf []byte) *typeface {
	f, err := sfnt.Parse(ttf)
	if err != nil {
		panic("plot: the built-in font cannot be read: " + err.Error())
	}
	return &typeface{font: f}
}

func face(bold bool) *typeface {
	if bold {
		return boldFace()
	}
	return regular()
}

// perEm is the size at which letters are measured, which makes their lengths whole font units.
const perEm = 2048

// glyphs calls each with every letter of s and its place on the base line, in ems, and returns the width in ems.
func (t *typeface) glyphs(s string, each func(x float64, g sfnt.GlyphIndex)) float64 {
	var x float64
	var before sfnt.GlyphIndex
	for i, r := range s {
		g, err := t.font.GlyphIndex(&t.buffer, r)
		if err != nil {
			continue
		}
		if i > 0 {
			if k, err := t.font.Kern(&t.buffer, before, g, fixed.I(perEm), font.HintingNone); err == nil {
				x += float64(k) / 64 / perEm
			}
		}
		if each != nil {
			each(x, g)
		}
		if a, err := t.font.GlyphAdvance(&t.buffer, g, fixed.I(perEm), font.HintingNone); err == nil {
			x += float64(a) / 64 / perEm
		}
		before = g
	}
	return x
}

// TextWidth returns the width of s at a font size.
func TextWidth(s string, size float64, bold bool) float64 {
	t := face(bold)
	t.Lock()
	defer t.Unlock()
	return t.glyphs(s, nil) * size
}

// Shorten cuts s in the middle so that it fits into room: the ends of names differ most.
func Shorten(s string, size float64, bold bool, room float64) string {
	if TextWidth(s, size, bold) <= room {
		return s
	}
	runes := []rune(s)
	for n := min(len(runes)-1, 400); n > 1; n-- {
		head := (n + 1) / 2
		short := strings.TrimRight(string(runes[:head]), " ") + "…" + strings.TrimLeft(string(runes[len(runes)-(n-head):]), " ")
		if TextWidth(short, size, bold) <= room {
			return short
		}
	}
	first, _ := utf8.DecodeRuneInString(s)
	return string(first) + "…"
}
