// Package canvas is the surface that charts are drawn on.
//
// An image is described once, as a list of shapes, and written twice: as SVG, with live text and tooltips, and as PNG at
// two pixels per unit. Lengths are in CSS pixels (1/96 inch), x to the right, y down. The same input gives the same bytes.
// Both files have a white ground, so they are readable on dark pages too.
//
// The package draws with golang.org/x/image alone. A plotting library would bring TeX and PDF writers and twelve fonts
// into the binary and parse the fonts at every start; a few kinds of charts do not need that. Text is measured with
// Liberation Sans, whose widths are those of Arial and Helvetica, so an SVG looks the same in either. The PNG has
// letters for Latin, Greek, Cyrillic and Hebrew; other scripts show as boxes there, and as they should in the SVG.
package canvas

import (
	"fmt"
	"strings"
	"unicode"

	"dnn/internal/newfile"
)

// Save writes the image as path.svg and path.png. Each replaces an older file at once or not at all.
func (p *Drawing) Save(path string) error {
	if err := newfile.Write(path+".svg", p.SVG()); err != nil {
		return err
	}
	data, err := p.PNG()
	if err != nil {
		return fmt.Errorf("%s.png: %w", path, err)
	}
	return newfile.Write(path+".png", data)
}

// Clean makes a name fit to stand on one line of an image and in XML.
func Clean(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) && r != '\u00a0': // a no-break space holds the digits of a number together
			return ' '
		case unicode.IsControl(r), r == 0xfffe, r == 0xffff:
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd")))
}
