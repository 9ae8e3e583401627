package dataset

import (
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/format"
	"dnn/pkg/dataset/table"
)

// matches reports whether a name is the pattern itself or matches it as a glob.
func matches(pattern, name string) bool {
	ok, err := filepath.Match(pattern, name)
	return pattern == name || ok && err == nil
}

// isGlob reports whether a pattern may match several names.
func isGlob(pattern string) bool { return strings.ContainsAny(pattern, "*?[") }

// without are the patterns of columns that are left out.
func (s *InputSettings) without() []string {
	list := slices.Clone(s.Except)
	for _, pattern := range s.Columns {
		if rest, ok := strings.CutPrefix(pattern, "!"); ok {
			list = append(list, rest)
		}
	}
	return list
}

// excludes reports whether the settings leave a column out.
func (s *InputSettings) excludes(name string) bool {
	return slices.ContainsFunc(s.without(), func(pattern string) bool { return matches(pattern, name) })
}

// reads reports whether the settings ask for a column.
func (s *InputSettings) reads(name string) bool {
	return s.Column == name || slices.Contains(s.Columns, name) || !s.excludes(name) &&
		slices.ContainsFunc(s.Columns, func(pattern string) bool { return !strings.HasPrefix(pattern, "!") && matches(pattern, name) })
}

// columnsOf finds the columns that the patterns of an input name, and reports whether all patterns name some.
func (l *resolver) columnsOf(t *table.Table, in *InputSettings, path string, taken map[string]bool) (list []*table.Column, ok bool) {
	ok = true
	for k, pattern := range in.Columns {
		if strings.HasPrefix(pattern, "!") {
			continue
		}
		at, before := fmt.Sprintf("%s.columns[%d]", path, k), len(list)
		for _, c := range t.Columns {
			exact := c.Name == pattern
			if exact {
				l.notTaken(at, c.Name, in.Type, taken)
			}
			if (exact || matches(pattern, c.Name) && !taken[c.Name] && !l.settings.tellsTime(c.Name)) && !slices.Contains(list, c) && !in.excludes(c.Name) {
				list = append(list, c)
			}
		}
		if len(list) > before {
			continue
		}
		ok = false
		switch c := t.Column(pattern); {
		case isGlob(pattern) && slices.ContainsFunc(list, func(c *table.Column) bool { return matches(pattern, c.Name) }):
			l.p.Add(at, "all columns that match %q are named before it", pattern)
		case isGlob(pattern) && slices.ContainsFunc(t.Header, func(name string) bool { return matches(pattern, name) && in.excludes(name) }):
			l.p.Add(at, "all columns that match %q are left out", pattern)
		case isGlob(pattern):
			l.p.Add(at, "no column matches %q (the columns are: %s)", pattern, phrase.List(t.Header))
		case c == nil:
			l.find(t, at, pattern)
		case in.excludes(pattern):
			l.p.Add(at, "column %q is named and left out", pattern)
		default:
			l.p.Add(at, "duplicate column %q", pattern)
		}
	}
	for _, pattern := range in.without() {
		if !slices.ContainsFunc(t.Header, func(name string) bool { return matches(pattern, name) }) {
			ok = false
			l.p.Add(path, "leaves out %q: %s", pattern, table.NoColumn(t.Header, pattern))
		}
	}
	return list, ok
}

// once reports columns that two inputs read in the same way.
func (l *resolver) once(inputs []resolvedInput) {
	for i := range inputs {
		for k := range inputs[:i] {
			if !inputs[i].kind.Flat() || !reflect.DeepEqual(inputs[i].kind, inputs[k].kind) {
				continue
			}
			var twice []string
			for _, c := range inputs[i].columns {
				if slices.Contains(inputs[k].columns, c) {
					twice = append(twice, c.Name)
				}
			}
			if len(twice) > 0 {
				l.p.Add(inputs[i].path, "duplicate: the input %q reads %s already, in the same way; leave out columns of a glob with \"!NAME\"", inputs[k].name, phrase.List(twice))
			}
		}
	}
}

// Words that mean a missing value elsewhere are words like others in a text: "null" is a message, "NA" a name. So the
// fields of columns that are read as texts alone are left as they are, in the data and in streams.

// plainText reports whether the fields of a column are texts and nothing else, by what the spec says of it.
func (s *Settings) plainText(name string) bool {
	if _, rows := s.Format.(format.RowFormat); !rows || name == s.Weight || name == s.Group || name == s.SequenceID || slices.Contains(s.OrderBy, name) {
		return false
	}
	if slices.ContainsFunc(s.Target, func(t TargetSettings) bool { return t.Column == name }) {
		return false
	}
	texts := 0
	for i := range s.Inputs {
		in := &s.Inputs[i]
		_, text := in.Type.(column.FreeText)
		switch {
		case text && (in.Column == name || slices.Equal(in.Columns, []string{name})):
			texts++
		case in.reads(name):
			return false
		}
	}
	return texts > 0
}

// CleanerFor trims the fields of a column of rows to predict and empties its gaps. words are those that are gaps in any column.
func CleanerFor(s *Schema, words *table.Cleaner, column string) table.FieldCleaner {
	return table.FieldCleaner{Words: words, Plain: s.PlainText(column), Gap: s.Gaps.In(column), Form: s.Gaps.Form(column)}
}

// PlainText is that of the settings that the schema was made from.
func (s *Schema) PlainText(name string) bool {
	return slices.ContainsFunc(s.Inputs, func(in Input) bool {
		e, text := in.Encoder.(column.FreeText)
		return text && e.KeepsGapWords() && slices.Contains(in.Columns, name)
	})
}
