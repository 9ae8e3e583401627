// Package report draws the pictures of a run: learning curves, confusion matrix, prediction against truth.
//
// Each picture is described once, as a list of shapes, and written twice: as SVG, with live text and tooltips, and as PNG
// at two pixels per unit. Lengths are in CSS pixels (1/96 inch), x to the right, y down. The same input gives the same
// bytes. Both files have a white ground, so they stand on dark pages too.
//
// The package draws with golang.org/x/image alone. A plotting library would bring TeX and PDF writers and twelve fonts
// into the binary and parse the fonts at every start; three kinds of picture do not need that. Text is measured with
// Liberation Sans, whose widths are those of Arial and Helvetica, so an SVG looks the same in either. The PNG has
// letters for Latin, Greek, Cyrillic and Hebrew; other scripts show as boxes there, and as they should in the SVG.
package report

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"unicode"
)

// save writes the picture as path.svg and path.png. Each replaces an older file at once or not at all.
func (p *picture) save(path string) error {
	if err := replace(path+".svg", p.svg()); err != nil {
		return err
	}
	data, err := p.png()
	if err != nil {
		return fmt.Errorf("%s.png: %w", path, err)
	}
	return replace(path+".png", data)
}

// replace writes data to a temporary file beside path and renames it.
func replace(path string, data []byte) (err error) {
	temp, err := os.CreateTemp(filepath.Dir(path), "report-*.tmp")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			temp.Close()
			os.Remove(temp.Name())
		}
	}()
	if _, err := temp.Write(data); err != nil {
		return err
	}
	if err := temp.Chmod(0o644); err != nil {
		return err
	}
	if err := temp.Close(); err != nil {
		return err
	}
	return os.Rename(temp.Name(), path)
}

// clean makes a name fit to stand on one line of a picture and in XML.
func clean(s string) string {
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
