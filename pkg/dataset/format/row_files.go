package format

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/table"
)

// badRows is the sort of mistakes that are rows with fields too many, too few or unreadable.
const badRows = "rows that cannot be read"

// readRecords reads all files of a split into a table. It is what every RecordFormat's read does.
func readRecords(f RowFormat, files *Files, src Source, part string) *table.Table {
	key, entries := files.of(part)
	at := Section + "." + key
	t := &table.Table{Key: key, Lines: []int32{}}
	clean := table.NewCleaner(f.GapWords())
	var kept []int
	bad := false
	for _, file := range expand(src, key, entries) {
		r, done, ok := open(src, key, file)
		if !ok {
			continue
		}
		rec, err := f.Records(r, file)
		if other := table.DelimiterHint(rec, err); other != nil { // all that could be said of its columns comes of this
			src.Problems().Add(at, "%s: %v; %s", file, other, other.Setting())
			done()
			return nil
		}
		if err != nil {
			src.Problems().Add(at, "%s: %v", file, err)
			done()
			continue
		}
		if t.Header == nil {
			kept = t.Keep(rec.Header(), src.Wanted)
			if h, ok := f.(Headed); ok && !h.HeaderSetting().Absent && table.LooksLikeData(t.Header) {
				src.Warn("the first line of %s was read as names, but looks like data (%s); without names say header: false, or list them", file, phrase.List(t.Header))
			}
			for _, c := range t.Columns {
				if !utf8.ValidString(c.Name) {
					src.Problems().Add(at, "%s: the name %s of a column is not UTF-8; save the file in that encoding", file, phrase.Quote(c.Name))
				}
			}
			for _, name := range table.Duplicates(t.Header) {
				src.Problems().Add(at, "%s: two columns are named %q", file, name)
			}
		} else if !sameHeader(t.Header, rec.Header()) {
			src.Problems().Add(at, "%s: its columns differ from those of %s", file, t.Files[0].Name)
			done()
			continue
		}
		t.Files = append(t.Files, table.FileSpan{Name: file, First: t.Rows})
		err = t.Fill(rec, kept, clean, src.FreeText, func(e *table.RowError) {
			bad = true
			src.Mistake(at, badRows, fmt.Sprintf("%s:%d", file, e.Line), e.Text)
		})
		if err != nil {
			src.Problems().Add(at, "%s: %v", file, err)
		}
		done()
	}
	for _, c := range t.Columns {
		c.Seal()
	}
	if t.Header == nil {
		return nil
	}
	if t.Rows == 0 && (part == "" || part == "train") { // nothing is known of the columns either
		if !bad {
			src.Problems().Add(at, "%s: no rows below the header", strings.Join(t.Names(), ", "))
		}
		return nil
	}
	return t
}

func sameHeader(a, b []string) bool {
	return strings.Join(a, "\x00") == strings.Join(b, "\x00")
}
