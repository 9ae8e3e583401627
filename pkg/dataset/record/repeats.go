package record

import (
	"slices"
	"strings"
)

// Repeats are rows that repeat the header line, as files have them that were put together. They are no data. Of a file of one
// column a row may be the word that names it.
type Repeats struct {
	Rows   int
	First  int // line of the first one
	header []string
}

// is reports whether a row repeats the header line, and counts it.
func (r *Repeats) is(row []string, line int) bool {
	if len(r.header) < 2 || len(row) != len(r.header) || row[0] != r.header[0] || !slices.EqualFunc(row, r.header, sameField) {
		return false
	}
	r.count(line)
	return true
}

// count counts a row.
func (r *Repeats) count(line int) {
	if r.Rows++; r.Rows == 1 {
		r.First = line
	}
}

// like reports whether a row that was cut repeats the header line.
func (r *Repeats) like(s *split) bool {
	if len(s.spans) != len(r.header) || string(s.of[s.spans[0].from:s.spans[0].to]) != r.header[0] {
		return false
	}
	for i, f := range s.spans {
		if !sameField(string(s.of[f.from:f.to]), r.header[i]) {
			return false
		}
	}
	return true
}

func sameField(a, b string) bool { return strings.TrimSpace(a) == strings.TrimSpace(b) }

// Repeats are the rows so far that repeated the header line.
func (d *delimited) Repeats() (rows, first int) { return d.repeats.Rows, d.repeats.First }

// RepeatsOf returns how many rows of a file repeated its header line, and the line of the first one.
func RepeatsOf(rec Reader) (rows, first int) {
	if r, ok := rec.(interface{ Repeats() (rows, first int) }); ok {
		return r.Repeats()
	}
	return 0, 0
}
