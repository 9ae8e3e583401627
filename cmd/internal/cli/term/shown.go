package term

import (
	"fmt"
	"io"
	"regexp"
	"unicode/utf8"
)

// Names and texts in files of others may hold characters that a terminal obeys: that move its cursor, hide what was written, or turn
// its direction around. They are shown, never obeyed.

// shown is a stream on which such characters are written as they would be in Go: \x1b.
type shown struct{ w io.Writer }

// own matches what the program itself tells a terminal: bold, a ground of one color, and the end of both.
var own = regexp.MustCompile(`^\x1b\[(?:0|1|38;5;16;48;5;[0-9]{1,3})m`)

func (s *shown) Write(p []byte) (int, error) {
	var out []byte // nil as long as nothing was replaced
	for i := 0; i < len(p); {
		r, size := utf8.DecodeRune(p[i:])
		if r == 0x1b {
			if mark := own.Find(p[i:]); mark != nil {
				size, r = len(mark), ' '
			}
		}
		text := ""
		switch {
		case r == utf8.RuneError && size == 1 && utf8.FullRune(p[i:]):
			text = fmt.Sprintf(`\x%02x`, p[i])
		case obeyed(r):
			text = escape(r)
		}
		if text != "" && out == nil {
			out = append(make([]byte, 0, len(p)+len(text)), p[:i]...)
		}
		if text != "" {
			out = append(out, text...)
		} else if out != nil {
			out = append(out, p[i:i+size]...)
		}
		i += size
	}
	if out == nil {
		return s.w.Write(p)
	}
	if _, err := s.w.Write(out); err != nil {
		return 0, err
	}
	return len(p), nil
}

// obeyed reports whether a terminal does something else with a character than to show it. Lines may end, and have tabs.
func obeyed(r rune) bool {
	switch {
	case r == '\n', r == '\t':
		return false
	case r < ' ', r >= 0x7f && r < 0xa0: // C0, delete, C1
		return true
	}
	return r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 // embedding, override and isolation of directions
}

func escape(r rune) string {
	switch {
	case r == '\n':
		return `\n`
	case r == '\t':
		return `\t`
	case r == '\r':
		return `\r`
	case r < 0x100:
		return fmt.Sprintf(`\x%02x`, r)
	}
	return fmt.Sprintf(`\u%04x`, r)
}

// Shown is a text for a cell of a table: as on a stream, and on one line.
func Shown(text string) string {
	for i, r := range text {
		if r != '\n' && r != '\t' && !obeyed(r) {
			continue
		}
		out := []byte(text[:i])
		for _, r := range text[i:] {
			if r == '\n' || r == '\t' || obeyed(r) {
				out = append(out, escape(r)...)
			} else {
				out = utf8.AppendRune(out, r)
			}
		}
		return string(out)
	}
	return text
}
