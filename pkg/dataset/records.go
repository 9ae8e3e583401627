package dataset

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// records reads rows of fields, one after the other, in constant memory.
type records interface {
	// header returns the names of the columns.
	header() []string
	// next returns the fields of the next row, parallel to the header and valid until the next call, and the line it
	// begins in. A *RowError is a row that cannot be read; the one after it can. io.EOF is the end.
	next() (fields []string, line int, err error)
}

// recordFormat is a format that reads rows of fields.
type recordFormat interface {
	Format
	// records begins to read; name is used in messages only.
	records(r io.Reader, name string) (records, error)
	// gaps returns the words that stand for a missing value.
	gaps() []string
}

// badRows is the sort of mistakes that are rows with fields too many, too few or unreadable.
const badRows = "rows that cannot be read"

// RowError is a row that cannot be read or encoded.
type RowError struct {
	Line   int    // where the row begins, from 1
	Column string // "" when it is the row as a whole
	Text   string
	// NoHistory says that it is no mistake: the rows that its inputs are made of do not lie within the file.
	NoHistory bool
	// Unread says that nothing is wrong but a picture that cannot be read, as on_error: skip means it.
	Unread bool

	gap bool // what cannot be read is a gap
}

func (e *RowError) Error() string {
	if e.Column == "" {
		return fmt.Sprintf("line %d: %s", e.Line, e.Text)
	}
	return fmt.Sprintf("line %d: column %q: %s", e.Line, e.Column, e.Text)
}

// Gaps is the setting that says which words stand for a missing value.
type Gaps struct {
	MissingValues []string `json:"missing_values" scalar:"any" default:"[NA, N/A, NaN, nan, \"null\", \"NULL\"]" doc:"words that stand for a missing value, but in columns of type: text; an empty field always does"`
}

func (g *Gaps) gaps() []string { return g.MissingValues }

// cleaner trims fields and empties those that are gaps.
type cleaner struct {
	words []string
	first [256]bool // the first bytes of the words, to be quick about all others
}

func newCleaner(words []string) *cleaner {
	c := &cleaner{}
	for _, w := range words {
		if w = strings.TrimSpace(w); w != "" {
			c.words = append(c.words, w)
			c.first[w[0]] = true
		}
	}
	return c
}

// clean returns the field without blanks around it, "" when it is missing.
func (c *cleaner) clean(field string) string {
	field = strings.TrimSpace(field)
	if field != "" && c.first[field[0]] {
		for _, w := range c.words {
			if field == w {
				return ""
			}
		}
	}
	return field
}

// readRecords reads all files of a part into a table. It is what every recordFormat's read does.
func readRecords(f recordFormat, files *Files, l *loader, part string) *Table {
	key, entries := files.of(part)
	at := root + "." + key
	t := &Table{key: key, lines: []int32{}}
	clean := newCleaner(f.gaps())
	var kept []int
	for _, file := range l.expand(key, entries) {
		r, done, ok := l.open(key, file)
		if !ok {
			continue
		}
		rec, err := f.records(r, file)
		if other := otherIn(rec, err); other != nil { // all that could be said of its columns comes of this
			l.p.Add(at, "%s: %v; %s", file, other, other.setting())
			done()
			return nil
		}
		if err != nil {
			l.p.Add(at, "%s: %v", file, err)
			done()
			continue
		}
		if t.Header == nil {
			kept = t.keep(rec.header(), l.wanted())
			if h, ok := f.(interface{ headerSetting() *Header }); ok && !h.headerSetting().Absent && looksLikeData(t.Header) {
				l.note("warning: the first line of %s was read as names, but looks like data (%s); without names say header: false, or list them", file, fewNames(t.Header))
			}
			for _, c := range t.Columns {
				if !utf8.ValidString(c.Name) {
					l.p.Add(at, "%s: the name %s of a column is not UTF-8; save the file in that encoding", file, quote(c.Name))
				}
			}
			for _, name := range doubled(t.Header) {
				l.p.Add(at, "%s: two columns are named %q", file, name)
			}
		} else if !sameHeader(t.Header, rec.header()) {
			l.p.Add(at, "%s: its columns differ from those of %s", file, t.files[0].name)
			done()
			continue
		}
		t.files = append(t.files, span{file, t.Rows})
		err = t.fill(rec, kept, clean, l.settings.plainText, func(e *RowError) {
			l.mistake(at, badRows, fmt.Sprintf("%s:%d", file, e.Line), e.Text)
		})
		if err != nil {
			l.p.Add(at, "%s: %v", file, err)
		}
		done()
	}
	for _, c := range t.Columns {
		c.seal()
	}
	if t.Header == nil {
		return nil
	}
	if t.Rows == 0 && (part == "" || part == "train") { // nothing is known of the columns either
		if l.counts[at+"\x00"+badRows] == 0 {
			l.p.Add(at, "%s: no rows below the header", strings.Join(t.names(), ", "))
		}
		return nil
	}
	return t
}

func sameHeader(a, b []string) bool {
	return strings.Join(a, "\x00") == strings.Join(b, "\x00")
}

// each tells of each kept column what f says of its name.
func (t *Table) each(f func(column string) bool) []bool {
	list := make([]bool, len(t.Columns))
	for i, c := range t.Columns {
		list[i] = f(c.Name)
	}
	return list
}

// fill appends all rows of a file. plain tells columns whose fields are texts.
func (t *Table) fill(rec records, kept []int, clean *cleaner, plain func(column string) bool, bad func(*RowError)) error {
	texts := t.each(plain)
	for {
		fields, line, err := rec.next()
		if err == io.EOF {
			return nil
		}
		if e, ok := err.(*RowError); ok {
			bad(e)
			continue
		}
		if err != nil {
			return err
		}
		for i, at := range kept {
			field := ""
			if at < len(fields) {
				field = clean.field(fields[at], texts[i])
			}
			if err := t.Columns[i].add(field); err != nil {
				return err
			}
		}
		t.lines = append(t.lines, int32(line))
		t.Rows++
	}
}
