package record

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/numeral"
	"dnn/pkg/spec"
)

// Header says how columns get their names. true (the default): the first line holds them; false: there is no such line
// and the columns are c0, c1, …; a list: there is no such line and these are the names.
type Header struct {
	Absent bool     `json:"absent,omitempty"`
	Names  []string `json:"names,omitempty"`

	// A stream may have a header line even if the training data has none, and may lack targets and weight.
	inputs, others []string
	emptyRows      bool
}

// UnmarshalSpec reads true, false or a list of names.
func (h *Header) UnmarshalSpec(n *spec.Node, p *spec.Problems) {
	if n.IsList() {
		var words []spec.Word
		n.Into(&words, p)
		*h = Header{Absent: true}
		for _, w := range words {
			h.Names = append(h.Names, string(w))
		}
		for _, twice := range Duplicates(h.Names) {
			p.Add(n.Path, "duplicate name %q", twice)
		}
		if len(words) == 0 {
			p.Add(n.Path, "an empty list; expected a name for each column, or false")
		}
		return
	}
	var first bool
	before := p.Len()
	n.Into(&first, p)
	if p.Len() == before {
		*h = Header{Absent: !first}
	}
}

// MarshalSpec writes the form that UnmarshalSpec reads.
func (h Header) MarshalSpec() any {
	if len(h.Names) > 0 {
		return h.Names
	}
	return !h.Absent
}

// DescribeSpec says what the key takes.
func (Header) DescribeSpec() string { return "true | false | list of names" }

// ForStream returns the header of a stream: it may have a header line even if the training data has none, and may lack
// others, the columns that only training needs.
func (h Header) ForStream(inputs, others []string) Header {
	h.inputs, h.others = inputs, others
	return h
}

// WithEmptyRows has empty lines after the last row count as rows, too, if there is only one column: of rows that each get a
// prediction, none is lost.
func (h Header) WithEmptyRows() Header {
	h.emptyRows = true
	return h
}

// of returns the names of the columns from the first row of a file, and whether that row is data.
func (h Header) of(first []string) (names []string, data bool, err error) {
	switch {
	case len(h.Names) > 0:
		if h.inputs != nil && ContainsAll(first, h.inputs) {
			return trimmed(first), false, nil
		}
		if h.inputs != nil && len(first) == len(h.Names)-len(h.others) {
			return slices.DeleteFunc(slices.Clone(h.Names), func(n string) bool { return slices.Contains(h.others, n) }), true, nil
		}
		if len(first) != len(h.Names) {
			return nil, true, fmt.Errorf("the first row has %d fields, but header lists %d names", len(first), len(h.Names))
		}
		return h.Names, true, nil
	case h.Absent:
		for i := range first {
			names = append(names, "c"+strconv.Itoa(i))
		}
		return names, true, nil
	}
	return trimmed(first), false, nil
}

// trimmed returns the names of a header line. The nameless column of row numbers that some programs write gets a name.
func trimmed(line []string) []string {
	names := make([]string, len(line))
	for i, name := range line {
		if names[i] = strings.Clone(strings.TrimSpace(name)); names[i] == "" {
			names[i] = "c" + strconv.Itoa(i)
		}
	}
	return names
}

// ContainsAll reports whether a header contains all of these names.
func ContainsAll(line, names []string) bool {
	line = trimmed(line)
	for _, n := range names {
		if !slices.Contains(line, n) {
			return false
		}
	}
	return true
}

// NoColumn says that a column is missing, and suggests what may have been meant.
func NoColumn(header []string, name string) string {
	text := fmt.Sprintf("no column %q", name)
	if s := spec.Suggest(name, header); s != "" {
		text += fmt.Sprintf(" (did you mean %s?)", s)
	}
	text += "; the columns are: " + phrase.List(header)
	whole, _, nested := strings.Cut(name, ".")
	switch {
	case NamesEncoding(header) != "":
		text += NamesEncoding(header)
	case nested && slices.Contains(header, whole):
		text += fmt.Sprintf("; if %s holds JSON objects, write their values as keys of the rows: {%q: …}", whole, name)
	case len(header) == 1 && strings.ContainsAny(header[0], ";\t|"):
		text += "; is the delimiter right?"
	case LooksLikeData(header):
		text += "; is there no header line? Then give the names with header: [...]"
	}
	return text
}

// Duplicates lists the names that occur more than once in the header.
func Duplicates(header []string) []string {
	var twice []string
	times := make(map[string]int, len(header))
	for _, name := range header {
		if times[name]++; times[name] == 2 {
			twice = append(twice, name)
		}
	}
	return twice
}

// LooksLikeData reports whether a header line is more likely a row of data.
func LooksLikeData(header []string) bool {
	return slices.ContainsFunc(header, func(h string) bool { _, ok := numeral.Parse(h); return ok })
}

// NamesEncoding says that names of columns are not UTF-8, and which encoding they fit; "" if they are.
func NamesEncoding(header []string) string {
	all := strings.Join(header, "\n")
	if utf8.ValidString(all) {
		return ""
	}
	fits := FitEncoding(all)
	return fmt.Sprintf("; the text is not UTF-8, but fits %s; convert it: iconv -f %s -t UTF-8", fits, fits)
}
