package record

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
)

// A split cuts a row into fields, as encoding/csv does: a field that begins with a quote ends with one, and a quote within it is
// doubled.
type split struct {
	comma  string
	quotes bool
	trim   bool // spaces before a field

	of     []byte // what the spans are parts of: the row, or its fields without their quotes
	spans  []span // the fields
	text   []byte
	at     int  // how much of a row with quotes is cut
	open   bool // within a quoted field
	opened int  // where that begins in the row
	begin  int  // and in the text
	fault  int  // where a quote is that must not be there; -1 for none
}

type span struct{ from, to int32 }

func newSplit(comma rune, quotes bool) split {
	return split{comma: string(comma), quotes: quotes, trim: quotes && comma != '\t' && comma != ' '}
}

// cut cuts a row. It reports whether the row ends within quotes: then further lines belong to it, and more cuts on.
func (s *split) cut(row []byte) (open bool) {
	s.spans, s.fault, s.open = s.spans[:0], -1, false
	if !s.quoted(row) {
		s.cutPlain(row)
		return false
	}
	s.text, s.at = s.text[:0], 0
	return s.more(row)
}

// quoted reports whether a row may have quoted fields.
func (s *split) quoted(row []byte) bool { return s.quotes && bytes.IndexByte(row, '"') >= 0 }

// cutPlain cuts a row without quotes.
func (s *split) cutPlain(row []byte) {
	s.of = row
	for from := 0; ; {
		to, next := s.end(row, from)
		if s.trim {
			from = s.trimmed(row, from, to)
		}
		s.spans = append(s.spans, span{int32(from), int32(to)})
		if next < 0 {
			return
		}
		from = next
	}
}

// end returns where the field ends that begins at from, and where the next one begins; -1 for none.
func (s *split) end(row []byte, from int) (to, next int) {
	at := -1
	if len(s.comma) == 1 {
		at = bytes.IndexByte(row[from:], s.comma[0])
	} else {
		at = bytes.Index(row[from:], []byte(s.comma))
	}
	if at < 0 {
		return len(row), -1
	}
	return from + at, from + at + len(s.comma)
}

// trimmed is where a field begins after spaces.
func (s *split) trimmed(row []byte, from, to int) int {
	if from < to && row[from] > ' ' && row[from] < 0x80 {
		return from
	}
	return to - len(bytes.TrimLeftFunc(row[from:to], unicode.IsSpace))
}

// more cuts on where the row ended before.
func (s *split) more(row []byte) (open bool) {
	defer func() { s.of = s.text }()
	for {
		if !s.open {
			to, next := s.end(row, s.at)
			from := s.trimmed(row, s.at, to)
			if !s.trim {
				from = s.at
			}
			if from == len(row) || row[from] != '"' {
				if at := bytes.IndexByte(row[from:to], '"'); at >= 0 {
					s.fault = from + at
					return false
				}
				s.begin = len(s.text)
				s.text = append(s.text, row[from:to]...)
				s.close()
				if s.at = next; next < 0 {
					return false
				}
				continue
			}
			s.open, s.opened, s.begin, s.at = true, from, len(s.text), from+1
		}
		quote := bytes.IndexByte(row[s.at:], '"')
		if quote < 0 {
			s.text, s.at = append(s.text, row[s.at:]...), len(row)
			return true
		}
		s.text = append(s.text, row[s.at:s.at+quote]...)
		s.at += quote + 1
		switch rest := row[s.at:]; {
		case len(rest) == 0:
			s.close()
			return false
		case rest[0] == '"':
			s.text = append(s.text, '"')
			s.at++
		case strings.HasPrefix(string(rest[:min(len(rest), len(s.comma))]), s.comma):
			s.close()
			s.at += len(s.comma)
		default:
			s.fault = s.at - 1
			return false
		}
	}
}

// close ends a field of a row with quotes.
func (s *split) close() {
	s.open = false
	s.spans = append(s.spans, span{int32(s.begin), int32(len(s.text))})
}

// wrong says what is wrong with the quotes of a row that begins in a line; "" for nothing.
func (s *split) wrong(row []byte, line int) string {
	at := s.fault
	if at < 0 && !s.open {
		return ""
	} else if at < 0 {
		at = s.opened
	}
	lines, column := bytes.Count(row[:at], []byte("\n")), at-bytes.LastIndexByte(row[:at], '\n')
	switch {
	case s.fault < 0:
		return fmt.Sprintf("the quote that opens in line %d (column %d) does not end", line+lines, column)
	case !s.open:
		return fmt.Sprintf("a quote in the middle of a field (column %d)", column)
	case lines > 0:
		return fmt.Sprintf("a quoted field does not end properly in line %d", line+lines)
	}
	return fmt.Sprintf("a quoted field does not end properly (column %d)", column)
}

const quotesHint = `quote a field that contains quotes, and double those ("say ""hi"""), or set quotes: false to read quotes as letters`

// quotesHintFor is quotesHint, or for a row that escapes a quote the setting that reads it.
func quotesHintFor(row []byte) string {
	if bytes.Contains(row, []byte(`\"`)) {
		return `set escape: "\\" if \" is a quote within a field; or ` + quotesHint
	}
	return quotesHint
}
