package format

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/record"
	"dnn/pkg/dataset/table"
)

// badRows groups the mistakes about rows with too many, too few or unreadable fields.
const badRows = "rows that cannot be read"

// readRecords reads all files of a split into a table. Every RowFormat's Read uses it.
func readRecords(f RowFormat, files *Files, src Source, split string) *table.Table {
	key, entries := files.of(split)
	at := Section + "." + key
	t := &table.Table{Key: key, Lines: []int32{}}
	clean := table.NewCleaner(f.GapWords())
	var kept, unnamed []int
	bad := false
	for _, file := range expand(src, key, entries) {
		rec, done, ok, err := records(f, src, key, file)
		if !ok {
			continue
		}
		if other := record.DelimiterHint(rec, err); other != nil { // all errors about its columns come from this
			src.Problems().Add(at, "%s: %v; %s", file, other, other.Setting())
			done()
			return nil
		}
		if err != nil {
			src.Problems().Add(at, "%s: %v", file, err)
			done()
			continue
		}
		grows, late := rec.(interface {
			Grow(columns []string, wanted func(key string) bool)
		})
		if late {
			grows.Grow(t.Header, src.Wanted)
		}
		if o, ok := rec.(interface{ Only(func(string) bool) }); ok {
			o.Only(src.Wanted)
		}
		if t.Header == nil {
			leftOut(rec, file, src)
			kept = t.Keep(rec.Header(), src.Wanted)
			if r, ok := rec.(interface{ Unnamed() []int }); ok {
				unnamed = r.Unnamed()
			}
			t.Unnamed = slices.Contains(unnamed, 0)
			if h, ok := f.(Headed); ok && !h.HeaderSetting().Absent && record.LooksLikeData(t.Header) {
				src.Warn("the first line of %s was read as names, but looks like data (%s); if it has no names, set header: false, or list them", file, phrase.List(t.Header))
			}
			for _, c := range t.Columns {
				if !utf8.ValidString(c.Name) {
					fits := record.FitEncoding(strings.Join(t.Header, "\n"))
					src.Problems().Add(at, "%s: the column name %s is not UTF-8, but fits %s; set encoding: %s", file, phrase.Quote(c.Name), fits, fits)
					break // the others are as it is
				}
			}
			for _, name := range record.Duplicates(t.Header) {
				if src.Wanted(name) {
					src.Problems().Add(at, "%s: two columns are named %q; rename one, or name inputs without it, such as {columns: [\"*\", %q]}", file, name, "!"+name)
				} else {
					src.Note("%s: two columns are named %q, which nothing reads", file, name)
				}
			}
		} else if !late && !sameHeader(t.Header, rec.Header()) {
			src.Problems().Add(at, "%s: its columns differ from those of %s", file, t.Files[0].Name)
			done()
			continue
		}
		t.Files = append(t.Files, table.FileSpan{Name: file, First: t.Rows})
		err = t.Fill(rec, kept, clean, src.FreeText, func(e *record.RowError) {
			bad = true
			src.Mistake(at, badRows, fmt.Sprintf("%s:%d", file, e.Line), e.Text)
		})
		if err != nil {
			bad = true
			src.Problems().Add(at, "%s: %v", file, err)
		}
		if n, line := record.RepeatsOf(rec); n > 0 {
			src.Warn("%s: left out %s of the header line, the first in line %d", file, phrase.Count(n, "repetition"), line)
		}
		done()
	}
	for _, c := range t.Columns {
		c.Seal()
	}
	if names := table.LeaveOutEmpty(t, unnamed); len(names) > 0 {
		src.Note("%s: %s without a name and without a field %s left out: %s", t.Files[0].Name, phrase.Count(len(names), "column"), phrase.IsAre(len(names)), phrase.List(names))
	}
	t.Unmatched = clean.Unused()
	if t.Header == nil {
		return nil
	}
	if t.Rows == 0 && (split == "" || split == "train") { // the columns are unknown too
		if !bad {
			src.Problems().Add(at, "%s: no rows below the header", strings.Join(t.Names(), ", "))
		}
		return nil
	}
	return t
}

// records opens a file and begins to read its rows. If ok is false, a mistake was noted; else done must be called.
func records(f RowFormat, src Source, key, file string) (rec record.Reader, done func(), ok bool, err error) {
	if at, indexed := f.(Indexed); indexed {
		whole, size, done, ok := openWhole(src, key, file)
		if !ok {
			return nil, nil, false, nil
		}
		rec, err = at.RecordsAt(whole, size)
		return rec, done, true, err
	}
	r, done, ok := open(src, key, file)
	if !ok {
		return nil, nil, false, nil
	}
	rec, err = f.Records(Decoded(f, r), file)
	return rec, done, true, err
}

func sameHeader(a, b []string) bool {
	return strings.Join(a, "\x00") == strings.Join(b, "\x00")
}
