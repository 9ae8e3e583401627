package dataset

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/format"
	"dnn/pkg/dataset/table"
	"dnn/pkg/spec"
	"dnn/pkg/task"
)

// doubtPace warns of rows that do not follow one another evenly: a window is of rows, whatever time lies between them.
func (l *arranger) doubtPace(t *table.Table) {
	line := t.Time
	col := t.Column(line.Column)
	if line.At == nil || col == nil {
		return
	}
	usual := line.Frequency()
	longer, steps, first := 0, 0, int32(0)
	for row := int32(1); row < int32(t.Rows); row++ {
		if line.Group[row] != line.Group[row-1] || line.At[row] <= line.At[row-1] {
			continue
		}
		steps++
		if line.Format.Longer(line.At[row-1], line.At[row], usual) {
			if longer++; longer == 1 {
				first = row
			}
		}
	}
	if longer == 0 {
		return
	}
	l.Warn("%srows do not follow one another evenly by %s: mostly %s apart, and %s of %s %s longer, the first from %s to %s (%s); a window counts rows, whatever the time between them%s",
		t.Prefix(), line.Column, line.Format.Describe(usual), phrase.Thousands(longer), phrase.Count(steps, "step"), phrase.IsAre(longer), col.Field(first-1), col.Field(first), t.Place(first), line.Format.FrequencyHint(usual, longer, steps))
}

// warnTies warns of steps of an id that have the same timestamp: only the file shows which comes first.
func (l *arranger) warnTies(t *table.Table) {
	steps := t.Long.Steps
	line := steps.Time
	if line.At == nil {
		return
	}
	ties, first := 0, int32(0)
	for row := int32(1); row < int32(steps.Rows); row++ {
		if line.Group[row] == line.Group[row-1] && line.At[row] == line.At[row-1] {
			if ties++; ties == 1 {
				first = row
			}
		}
	}
	if ties > 0 {
		l.Warn("%s%s does not give the order of %s of %s: other rows of the same %s have the same value (%s at %s and at %s); they stay in the order of the file", t.Prefix(), line.Column,
			phrase.Thousands(ties), phrase.Count(steps.Rows, "row"), l.settings.SequenceID, phrase.Quote(steps.Column(line.Column).Field(first)), steps.Place(first-1), steps.Place(first))
	}
}

// doubtOverlap warns of official splits that do not follow one another in time: windows over the same rows would learn what
// they are measured on. Series that only one of the splits has are left out.
func (l *arranger) doubtOverlap(tables map[string]*table.Table) {
	given := l.settings.Format.Given()
	for i, later := range given {
		for _, earlier := range given[:i] {
			if a, b := tables[earlier], tables[later]; a != nil && b != nil {
				l.doubtPair(a, b)
			}
		}
	}
}

// doubtPair warns of a split that begins no later than another one ends.
func (l *arranger) doubtPair(earlier, later *table.Table) {
	a, b := earlier.Time, later.Time
	if a == nil || b == nil || a.At == nil || b.At == nil || a.Column != b.Column || (a.Format.Layout == "") != (b.Format.Layout == "") {
		return
	}
	ends := map[string]int32{}
	for g, name := range a.Groups {
		ends[name] = a.Starts[g+1] - 1
	}
	both, early := 0, 0
	var first, last int32
	series := ""
	for g, name := range b.Groups {
		begin := b.Starts[g]
		end, known := ends[name]
		if !known || end < 0 || begin == b.Starts[g+1] {
			continue
		}
		if both++; b.At[begin] > a.At[end] {
			continue
		}
		if early++; early == 1 {
			first, last, series = begin, end, name
		}
	}
	if early == 0 {
		return
	}
	where, hint := "", ", or tell different series apart (group: COLUMN)"
	if l.settings.Group != "" {
		where, hint = fmt.Sprintf(" in %s of %s, the first %s", phrase.Thousands(early), phrase.Count(both, "group"), phrase.Quote(series)), ""
	}
	l.Warn("the %s split does not come after the %s split%s: it begins at %s (%s), and the other ends at %s (%s), so scores may measure what training saw; give each split later rows than the one before%s",
		partTitle(later.Key), partTitle(earlier.Key), where, later.Column(b.Column).Field(first), later.Place(first), earlier.Column(a.Column).Field(last), earlier.Place(last), hint)
}

// partTitle names a split in a sentence.
func partTitle(part string) string {
	if part == "train" {
		return "training"
	}
	return part
}

// tellAbsent warns of splits that are to measure a model and hold no row of some class.
func (l *splitter) tellAbsent(d *Data) {
	for _, part := range []string{"validation", "test"} {
		p := d.Part(part)
		if p == nil || p.Rows() == 0 {
			continue
		}
		var absent []string
		for k := range d.Schema.Heads {
			classes := d.Schema.Heads[k].Classes // none are counted of tokens
			counts := p.labelCounts(k)
			if d.Schema.Heads[k].Kind == task.Binary && len(classes) == 2 && len(counts) == 2 {
				for i, n := range counts {
					if n == 0 {
						l.Warn("all rows of the %s split are of class %s: F1 and ROC AUC say nothing of it", part, phrase.Quote(classes[1-i]))
					}
				}
				continue
			}
			for i, n := range counts {
				if n == 0 && i < len(classes) {
					absent = append(absent, classes[i])
				}
			}
		}
		if len(absent) > 0 {
			l.Warn("the %s split has no row of %s; a mean over the classes (macro) skips such a class if it is never predicted, and counts it as 0 if it is",
				part, phrase.Few(absent))
		}
	}
}

// tellUnknown warns of labels that a model of an earlier version takes for no, though training never saw them.
func (l *splitter) tellUnknown(s *Schema, tables map[string]*table.Table) {
	for _, part := range l.settings.Format.Given() {
		for k := range s.LabelColumns {
			e, lenient := s.LabelColumns[k].Encoder.(column.Lenient)
			if !lenient || tables[part] == nil {
				continue
			}
			name, _ := s.LabelColumns[k].Reads()
			c, counts := tables[part].Column(name), map[string]int{}
			if c == nil {
				continue
			}
			for row := range int32(tables[part].Rows) {
				if field := c.Field(row); field != "" && e.Unknown(field) {
					counts[field]++
				}
			}
			if len(counts) > 0 {
				l.Warn("%s%s: %s: counted as no, though training never saw such labels; train again to have them told apart", tables[part].Prefix(), name, phrase.Join(table.CountWords(counts)))
			}
		}
	}
}

// mistakes counts the mistakes in the data. Of each sort (a path and a text) only the first few are listed one by one, the rest
// is counted. What is wrong with a cell is one mistake, whatever reads it.
type mistakes struct {
	counts map[string]int     // of one sort
	told   map[[2]string]bool // by place and text: a cell may be read by several inputs and steps of the target
}

func newMistakes() *mistakes {
	return &mistakes{counts: map[string]int{}, told: map[[2]string]bool{}}
}

func (m *mistakes) add(p *spec.Problems, path, sort, where, text string) {
	if m.told[[2]string{where, text}] {
		return
	}
	m.told[[2]string{where, text}] = true
	key := path + "\x00" + sort
	m.counts[key]++
	if m.counts[key] <= phrase.Examples {
		p.Add(path, "%s: %s", where, text)
	}
}

// again reports whether the encoding of a file was told.
func (m *mistakes) again(file string) bool {
	key := [2]string{file, "encoding"}
	told := m.told[key]
	m.told[key] = true
	return told
}

// join adds the counts of mistakes that were listed elsewhere.
func (m *mistakes) join(other *mistakes) {
	for key, n := range other.counts {
		m.counts[key] += n
	}
}

// summarize notes how many mistakes of each sort were not listed.
func (m *mistakes) summarize(p *spec.Problems) {
	for _, key := range slices.Sorted(maps.Keys(m.counts)) {
		rest := m.counts[key] - phrase.Examples
		if rest <= 0 {
			continue
		}
		path, sort, _ := strings.Cut(key, "\x00")
		noun := "more row"
		if sort == format.BadFiles {
			noun = "more file"
		}
		p.Add(path, "%s: %s like this", sort, phrase.Count(rest, noun))
	}
}
