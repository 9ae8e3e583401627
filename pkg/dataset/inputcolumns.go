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
	"dnn/pkg/dataset/record"
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

// columnsOf finds the columns that the patterns of an input name, and reports whether all patterns name some.
func (l *resolver) columnsOf(t *table.Table, in *InputSettings, path string, taken map[string]bool) (list []*table.Column, ok bool) {
	ok = true
	without, listed := newPatterns(in.without()), map[*table.Column]bool{}
	for k, pattern := range in.Columns {
		if strings.HasPrefix(pattern, "!") {
			continue
		}
		at, before := fmt.Sprintf("%s.columns[%d]", path, k), len(list)
		candidates := t.Columns
		if !isGlob(pattern) && !strings.Contains(pattern, `\`) {
			if candidates = nil; l.columns[pattern] != nil {
				candidates = []*table.Column{l.columns[pattern]}
			}
		}
		for _, c := range candidates {
			exact := c.Name == pattern
			if exact {
				l.notTaken(at, c.Name, in.Type, taken)
			}
			if (exact || matches(pattern, c.Name) && !taken[c.Name] && !l.settings.tellsTime(c.Name)) && !listed[c] && !without.has(c.Name) {
				list, listed[c] = append(list, c), true
			}
		}
		if len(list) > before {
			continue
		}
		ok = false
		switch c := l.columns[pattern]; {
		case isGlob(pattern) && slices.ContainsFunc(list, func(c *table.Column) bool { return matches(pattern, c.Name) }):
			l.p.Add(at, "all columns that match %q are named before it", pattern)
		case isGlob(pattern) && slices.ContainsFunc(t.Header, func(name string) bool { return matches(pattern, name) && without.has(name) }):
			l.p.Add(at, "all columns that match %q are left out", pattern)
		case isGlob(pattern):
			l.p.Add(at, "no column matches %q (the columns are: %s)", pattern, phrase.List(t.Header))
		case c == nil:
			l.find(t, at, pattern)
		case without.has(pattern):
			l.p.Add(at, "column %q is named and left out", pattern)
		default:
			l.p.Add(at, "duplicate column %q", pattern)
		}
	}
	for _, pattern := range in.without() {
		if !slices.ContainsFunc(t.Header, func(name string) bool { return matches(pattern, name) }) {
			ok = false
			l.p.Add(path, "leaves out %q: %s", pattern, record.NoColumn(t.Header, pattern))
		}
	}
	return list, ok
}

// once reports columns that two inputs read in the same way.
func (l *resolver) once(inputs []resolvedInput) {
	readers := map[*table.Column][]int{} // inputs, of each kind the first
	for i := range inputs {
		if !inputs[i].kind.Flat() {
			continue
		}
		first, twice := -1, []string(nil)
		for _, c := range inputs[i].columns {
			at := slices.IndexFunc(readers[c], func(k int) bool { return reflect.DeepEqual(inputs[i].kind, inputs[k].kind) })
			if at < 0 {
				readers[c] = append(readers[c], i)
				continue
			}
			if k := readers[c][at]; k != i && (first < 0 || first == k) {
				first, twice = k, append(twice, c.Name)
			}
		}
		if len(twice) > 0 {
			l.p.Add(inputs[i].path, "duplicate: the input %q reads %s already, in the same way; leave out columns of a glob with \"!NAME\"", inputs[first].name, phrase.List(twice))
		}
	}
}

// CleanersFor returns what trims the fields of a column of rows to predict and empties its gaps, by the name of the column. words are
// those that are gaps in any column.
func CleanersFor(s *Schema, words *table.Cleaner) func(column string) table.FieldCleaner {
	plain, gaps := map[string]bool{}, s.Gaps.Lookup()
	for i := range s.Inputs {
		if e, text := s.Inputs[i].Encoder.(column.FreeText); text && e.KeepsGapWords() {
			for _, name := range s.Inputs[i].Columns {
				plain[name] = true
			}
		}
	}
	return func(column string) table.FieldCleaner {
		return table.FieldCleaner{Words: words, Plain: plain[column], Gap: gaps(column), Form: s.Gaps.Form(column)}
	}
}

// patterns are names and globs of columns. A table may have tens of thousands of columns, and an input may name as many: names are
// looked up, and only globs are tried one by one.
type patterns struct {
	names map[string]bool
	globs []string
}

func newPatterns(list []string) patterns {
	p := patterns{names: make(map[string]bool, len(list))}
	for _, pattern := range list {
		if p.names[pattern] = true; isGlob(pattern) || strings.Contains(pattern, `\`) {
			p.globs = append(p.globs, pattern)
		}
	}
	return p
}

// has reports whether a name is or matches one of them.
func (p *patterns) has(name string) bool {
	return p.names[name] || slices.ContainsFunc(p.globs, func(pattern string) bool { return matches(pattern, name) })
}

// readers finds the inputs that ask for a column, by what the settings say.
type readers struct {
	*Settings
	named   map[string][]int // inputs, by the columns that they name
	globs   []globInput
	targets map[string]bool
}

// globInput is an input with globs.
type globInput struct {
	input         int
	with, without patterns
}

func newReaders(s *Settings) *readers {
	r := &readers{Settings: s, named: map[string][]int{}, targets: map[string]bool{}}
	for _, t := range s.Target {
		r.targets[t.Column] = true
	}
	for i := range s.Inputs {
		in := &s.Inputs[i]
		var globs []string
		for _, pattern := range append([]string{in.Column}, in.Columns...) {
			if list := r.named[pattern]; len(list) == 0 || list[len(list)-1] != i {
				r.named[pattern] = append(list, i)
			}
		}
		for _, pattern := range in.Columns {
			if !strings.HasPrefix(pattern, "!") && (isGlob(pattern) || strings.Contains(pattern, `\`)) {
				globs = append(globs, pattern)
			}
		}
		if globs != nil {
			r.globs = append(r.globs, globInput{i, newPatterns(globs), newPatterns(in.without())})
		}
	}
	return r
}

// of lists the inputs that ask for a column, in their order.
func (r *readers) of(name string) []int {
	list := r.named[name]
	for i := range r.globs {
		if g := &r.globs[i]; g.with.has(name) && !g.without.has(name) && !slices.Contains(list, g.input) {
			list = append(slices.Clip(list), g.input)
		}
	}
	if len(r.globs) > 0 {
		list = slices.Clone(list)
		slices.Sort(list)
	}
	return list
}

// wants reports whether the settings ask for a column. Without inputs they ask for all of them.
func (r *readers) wants(name string) bool {
	if len(r.Inputs) == 0 || r.timed() && len(r.OrderBy) == 0 { // any may give the order
		return true
	}
	return slices.Contains([]string{r.Weight, r.Group, r.SequenceID, r.Split.Group}, name) || slices.Contains(r.OrderBy, name) ||
		r.targets[name] || len(r.of(name)) > 0
}

// plainText reports whether the fields of a column are texts and nothing else, by what the spec says of it. Words that mean a missing
// value elsewhere are words like others in a text: "null" is a message, "NA" a name. So the fields of columns that are read as texts
// alone are left as they are, in the data and in streams.
func (r *readers) plainText(name string) bool {
	if _, rows := r.Format.(format.RowFormat); !rows || r.targets[name] || name == r.Weight || name == r.Group || name == r.SequenceID || slices.Contains(r.OrderBy, name) {
		return false
	}
	texts := 0
	for _, i := range r.of(name) {
		in := &r.Inputs[i]
		if _, text := in.Type.(column.FreeText); !text || in.Column != name && !slices.Equal(in.Columns, []string{name}) {
			return false
		}
		texts++
	}
	return texts > 0
}
