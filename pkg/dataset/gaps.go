package dataset

import (
	"fmt"
	"maps"
	"slices"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/format"
	"dnn/pkg/dataset/table"
	"dnn/pkg/spec"
)

// clearGaps empties the fields of columns of numbers that are words for a gap. Which columns those are is learned from the table
// that is trained on, unless a schema says it.
func (l *arranger) clearGaps(tables map[string]*table.Table) {
	if l.fitted != nil {
		l.gaps = l.fitted.Gaps
	} else if _, rows := l.settings.Format.(format.Gapped); rows {
		l.gaps = l.findGaps(tables)
	}
	if l.gaps == nil {
		return
	}
	counts := map[string]map[string]int{}
	for _, split := range l.settings.Format.Given() {
		if t := tables[split]; t != nil {
			for _, c := range t.Columns {
				if gap := l.gaps.In(c.Name); gap != nil && c.IsText() {
					add(counts, c.Name, c.Empty(gap))
				}
			}
		}
	}
	if l.fitted == nil {
		l.tellGaps(counts)
	}
}

// add adds the counts of a column's words.
func add(counts map[string]map[string]int, column string, words map[string]int) {
	for w, n := range words {
		if counts[column] == nil {
			counts[column] = map[string]int{}
		}
		counts[column][w] += n
	}
}

// findGaps looks for the columns of numbers and their gap words.
func (l *arranger) findGaps(tables map[string]*table.Table) *table.NumberGaps {
	t := tables[""]
	if t == nil {
		t = tables["train"]
	}
	if t == nil {
		return nil
	}
	gaps := &table.NumberGaps{}
	for _, c := range t.Columns {
		if !c.IsText() {
			continue
		}
		always, maybe := numeric(l.settings, c.Name)
		if always {
			gaps.Add(c.Name, nil)
		} else if maybe {
			if words, ok := c.GapWords(t.Rows); ok {
				gaps.Add(c.Name, words)
			}
		}
	}
	return gaps
}

// numeric reports whether the spec says that a column holds numbers, and whether it leaves that to be inferred.
func numeric(s *Settings, name string) (always, inferred bool) {
	if name == s.Weight || s.tellsTime(name) {
		return false, false
	}
	look := func(kind any) {
		if n, ok := kind.(column.Numeric); ok {
			always, inferred = always || n.Numbers(), inferred || !n.Numbers()
		}
	}
	target := false
	for _, t := range s.Target {
		if t.Column == name {
			target = true
			look(t.Type)
		}
	}
	for i := range s.Inputs {
		if s.Inputs[i].reads(name) {
			look(s.Inputs[i].Type)
		}
	}
	if len(s.Inputs) == 0 && !target {
		look(spec.New[column.Type]("auto"))
	}
	return always, inferred
}

// tellGaps notes the words that count as gaps. Those that are not well known are warned of: they may mean something.
func (l *arranger) tellGaps(counts map[string]map[string]int) {
	var known []string
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		own := map[string]int{}
		for _, w := range l.gaps.Words[name] {
			if n := counts[name][w]; n > 0 {
				own[w] = n
			}
		}
		if len(own) > 0 {
			l.Warn("%s holds numbers, so %s %s a gap; to keep it so without this warning name such words in missing_values, or write {column: %s, type: category} to read words",
				name, phrase.Join(table.CountWords(own)), countAs(len(own)), name)
		}
		maps.DeleteFunc(counts[name], func(w string, _ int) bool { return own[w] > 0 })
		if len(counts[name]) > 0 {
			known = append(known, fmt.Sprintf("%s in %s", phrase.Join(table.CountWords(counts[name])), name))
		}
	}
	if len(known) > 0 {
		l.Note("gaps among numbers: %s", phrase.List(known))
	}
}

func countAs(n int) string {
	if n == 1 {
		return "is"
	}
	return "are each"
}

// tellUnmatched warns of words of missing_values that no field is. The default ones need not occur.
func (l *arranger) tellUnmatched(tables map[string]*table.Table) {
	f, ok := l.settings.Format.(format.Gapped)
	if !ok || l.fitted != nil {
		return
	}
	var unmatched []string
	for i, split := range l.settings.Format.Given() {
		t := tables[split]
		if t == nil {
			return
		}
		if i == 0 {
			unmatched = t.Unmatched
		}
		unmatched = slices.DeleteFunc(slices.Clone(unmatched), func(w string) bool { return !slices.Contains(t.Unmatched, w) })
	}
	usual := spec.New[format.Format]("csv").(format.Gapped).GapWords()
	unmatched = slices.DeleteFunc(unmatched, func(w string) bool { return slices.Contains(usual, w) })
	if len(unmatched) > 0 && len(f.GapWords()) > 0 {
		l.notes.Warn(root+".missing_values", "missing_values: no field that is read is %s", phrase.Few(unmatched))
	}
}
