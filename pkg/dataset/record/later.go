package record

import (
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/transform"
)

// Later is the text of a file that is not the one whose encoding was set. A file in UTF-8 is read as that where the encoding has one
// byte for each letter: text in such an encoding hardly ever looks like UTF-8.
type Later struct {
	io.Reader
	Encoding string // that was set
	chooser
}

// DecodeLater returns the text of another file than that of the training in UTF-8.
func (e *Encoded) DecodeLater(r io.Reader) *Later {
	l := &Later{Encoding: e.Encoding}
	page, ok := encodingOf(e.Encoding).(*charmap.Charmap)
	if !ok {
		l.Reader = e.Decode(r)
		return l
	}
	l.page, l.old = page, page.NewDecoder()
	l.Reader = transform.NewReader(r, &l.chooser)
	return l
}

// UTF8 reports whether what was read so far is UTF-8, though another encoding was set.
func (l *Later) UTF8() bool { return l.modern }

// chooser decodes as UTF-8 if the first letters beyond ASCII are, else as the encoding that was set.
type chooser struct {
	page           *charmap.Charmap
	old            transform.Transformer
	chosen, modern bool
}

// Reset is for a new text.
func (c *chooser) Reset() { c.chosen, c.modern = false, false }

// Transform decodes the next bytes.
func (c *chooser) Transform(dst, src []byte, atEOF bool) (nDst, nSrc int, err error) {
	if !c.chosen {
		odd := 0
		for odd < len(src) && src[odd] < utf8.RuneSelf {
			odd++
		}
		c.chosen = odd < len(src) && (atEOF || utf8.FullRune(src[odd:]))
		c.modern = c.chosen && isModern(src[odd:], atEOF)
		if !c.chosen {
			return c.copyASCII(dst, src, odd)
		}
	}
	if !c.modern {
		return c.old.Transform(dst, src, atEOF)
	}
	for nSrc < len(src) {
		if !atEOF && !utf8.FullRune(src[nSrc:]) {
			return nDst, nSrc, transform.ErrShortSrc
		}
		r, size := utf8.DecodeRune(src[nSrc:])
		if r == utf8.RuneError && size == 1 { // a letter in the other encoding all the same
			r = c.page.DecodeByte(src[nSrc])
		}
		if nDst+utf8.RuneLen(r) > len(dst) {
			return nDst, nSrc, transform.ErrShortDst
		}
		nDst += utf8.EncodeRune(dst[nDst:], r)
		nSrc += size
	}
	return nDst, nSrc, nil
}

// copyASCII passes on the bytes before the first other one, at odd.
func (c *chooser) copyASCII(dst, src []byte, odd int) (nDst, nSrc int, err error) {
	n := copy(dst, src[:odd])
	switch {
	case n < odd:
		err = transform.ErrShortDst
	case odd < len(src):
		err = transform.ErrShortSrc
	}
	return n, n, err
}

// isModern reports whether a text is UTF-8, but for a letter that it ends within.
func isModern(text []byte, whole bool) bool {
	for len(text) > 0 {
		if !whole && !utf8.FullRune(text) {
			return true
		}
		r, size := utf8.DecodeRune(text)
		if r == utf8.RuneError && size == 1 {
			return false
		}
		text = text[size:]
	}
	return true
}
