package dataset

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// badRows is the sort of mistakes that are rows with fields too many, too few or unreadable.
const badRows = "rows that cannot be read"

// readRecords reads all files of a part into a table. It is what every RecordFormat's read does.
func readRecords(f RecordFormat, files *Files, src Source, part string) *Table {
	key, entries := files.of(part)
	at := Section + "." + key
	t := &Table{key: key, lines: []int32{}}
	clean := newCleaner(f.gaps())
	var kept []int
	bad := false
	for _, file := range expand(src, key, entries) {
		r, done, ok := open(src, key, file)
		if !ok {
			continue
		}
		rec, err := f.records(r, file)
		if other := otherIn(rec, err); other != nil { // all that could be said of its columns comes of this
			src.Problems().Add(at, "%s: %v; %s", file, other, other.setting())
			done()
			return nil
		}
		if err != nil {
			src.Problems().Add(at, "%s: %v", file, err)
			done()
			continue
		}
		if t.Header == nil {
			kept = t.keep(rec.header(), src.Wanted)
			if h, ok := f.(headed); ok && !h.headerSetting().Absent && looksLikeData(t.Header) {
				src.Warn("the first line of %s was read as names, but looks like data (%s); without names say header: false, or list them", file, fewNames(t.Header))
			}
			for _, c := range t.Columns {
				if !utf8.ValidString(c.Name) {
					src.Problems().Add(at, "%s: the name %s of a column is not UTF-8; save the file in that encoding", file, quote(c.Name))
				}
			}
			for _, name := range doubled(t.Header) {
				src.Problems().Add(at, "%s: two columns are named %q", file, name)
			}
		} else if !sameHeader(t.Header, rec.header()) {
			src.Problems().Add(at, "%s: its columns differ from those of %s", file, t.files[0].name)
			done()
			continue
		}
		t.files = append(t.files, span{name: file, first: t.Rows})
		err = t.fill(rec, kept, clean, src.FreeText, func(e *RowError) {
			bad = true
			src.Mistake(at, badRows, fmt.Sprintf("%s:%d", file, e.Line), e.Text)
		})
		if err != nil {
			src.Problems().Add(at, "%s: %v", file, err)
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
		if !bad {
			src.Problems().Add(at, "%s: no rows below the header", strings.Join(t.names(), ", "))
		}
		return nil
	}
	return t
}

func sameHeader(a, b []string) bool {
	return strings.Join(a, "\x00") == strings.Join(b, "\x00")
}
