package dataset

import (
	"fmt"
	"maps"
	"slices"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/format"
	"dnn/pkg/dataset/numeral"
	"dnn/pkg/dataset/table"
	"dnn/pkg/spec"
)

// clearGaps writes numbers that bear signs plainly, and empties the fields of columns of numbers and of words that are words for a gap. Which columns those are is learned from the table
// that is trained on, unless a schema says it.
func (l *arranger) clearGaps(tables map[string]*table.Table) {
	forms := l.readForms(tables)
	if l.fitted != nil {
		l.gaps = l.fitted.Gaps
	} else if _, rows := l.settings.Format.(format.Gapped); rows {
		if l.gaps = l.findGaps(tables); l.gaps != nil && len(forms) > 0 {
			l.gaps.Forms = forms
		}
	}
	if l.gaps == nil {
		return
	}
	counts, gapsOf := map[string]map[string]int{}, l.gaps.Lookup()
	for _, split := range l.settings.Format.Given() {
		if t := tables[split]; t != nil {
			for _, c := range t.Columns {
				if gap := gapsOf(c.Name); gap != nil && c.IsText() {
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

// findGaps looks for the columns of numbers and their gap words, and for the columns of words.
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
				continue
			}
		}
		if !always && wordy(l.settings, c.Name) {
			gaps.Named = append(gaps.Named, c.Name)
		}
	}
	return gaps
}

// numeric reports whether the spec says that a column holds numbers, and whether it leaves that to be inferred.
func numeric(r *readers, name string) (always, inferred bool) {
	for _, kind := range kindsOf(r, name) {
		if n, ok := kind.(column.Numeric); ok {
			always, inferred = always || n.Numbers(), inferred || !n.Numbers()
		}
	}
	return always, inferred
}

// wordy reports whether all that read a column read words, of which the spec spells out none that is a gap otherwise.
func wordy(r *readers, name string) bool {
	kinds := kindsOf(r, name)
	return len(kinds) > 0 && !slices.ContainsFunc(kinds, func(kind any) bool {
		w, ok := kind.(column.Wordy)
		return !ok || slices.ContainsFunc(w.Spelled(), numeral.KnownWordGap)
	})
}

// kindsOf are the types of the target and the inputs that read a column.
func kindsOf(r *readers, name string) (kinds []any) {
	if name == r.Weight || r.tellsTime(name) {
		return nil
	}
	for i := 0; r.targets[name] && i < len(r.Target); i++ {
		if r.Target[i].Column == name {
			kinds = append(kinds, r.Target[i].Type)
		}
	}
	for _, i := range r.of(name) {
		kinds = append(kinds, r.Inputs[i].Type)
	}
	if len(r.Inputs) == 0 && !r.targets[name] {
		kinds = append(kinds, spec.New[column.Type]("auto"))
	}
	return kinds
}

// tellGaps notes the words that count as gaps. Those that are not well known are warned of: they may mean something.
func (l *arranger) tellGaps(counts map[string]map[string]int) {
	var known, words []string
	named := newPatterns(l.gaps.Named).names
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
		if len(counts[name]) == 0 {
			continue
		}
		text := fmt.Sprintf("%s in %s", phrase.Join(table.CountWords(counts[name])), name)
		if named[name] {
			words = append(words, text)
		} else {
			known = append(known, text)
		}
	}
	if len(known) > 0 {
		l.Note("gaps among numbers: %s", phrase.List(known))
	}
	if len(words) > 0 {
		l.Note("gaps among words: %s", phrase.List(words))
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
