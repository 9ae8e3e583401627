package dataset

import (
	"fmt"
)

// doubtPace warns of rows that do not follow one another evenly: a window is of rows, whatever time lies between them.
func (l *loader) doubtPace(t *Table) {
	line := t.time
	column := t.column(line.column)
	if line.at == nil || column == nil {
		return
	}
	usual := line.usual()
	longer, steps, first := 0, 0, int32(0)
	for row := int32(1); row < int32(t.Rows); row++ {
		if line.group[row] != line.group[row-1] || line.at[row] <= line.at[row-1] {
			continue
		}
		steps++
		if line.clock.longer(line.at[row-1], line.at[row], usual) {
			if longer++; longer == 1 {
				first = row
			}
		}
	}
	if longer == 0 {
		return
	}
	l.Warn("%srows do not follow one another evenly by %s: mostly %s apart, and %s of %s %s longer, the first from %s to %s (%s); a window is of rows, whatever lies between them%s",
		t.prefix(), line.column, line.clock.words(usual), thousands(longer), counted(steps, "step"), isAre(longer), column.field(first-1), column.field(first), t.place(first), line.clock.hintEvery(usual, longer, steps))
}

// doubtTies warns of steps of an id that have the same moment: which comes first only the file tells.
func (l *loader) doubtTies(t *Table) {
	steps := t.long.steps
	line := steps.time
	if line.at == nil {
		return
	}
	ties, first := 0, int32(0)
	for row := int32(1); row < int32(steps.Rows); row++ {
		if line.group[row] == line.group[row-1] && line.at[row] == line.at[row-1] {
			if ties++; ties == 1 {
				first = row
			}
		}
	}
	if ties > 0 {
		l.Warn("%s%s does not tell the order of %s of %s: others of the same %s have the same (%s at %s and at %s); they stay in the order of the file", t.prefix(), line.column,
			thousands(ties), counted(steps.Rows, "row"), l.settings.SequenceID, quote(steps.column(line.column).field(first)), steps.place(first-1), steps.place(first))
	}
}

// doubtOverlap warns of official parts that do not follow one another in time: windows over the same rows would learn what
// they are measured on. Series that only one of the parts has tell nothing.
func (l *loader) doubtOverlap(tables map[string]*Table) {
	given := l.settings.Format.given()
	for i, later := range given {
		for _, earlier := range given[:i] {
			if a, b := tables[earlier], tables[later]; a != nil && b != nil {
				l.doubtPair(a, b)
			}
		}
	}
}

// doubtPair warns of a part that begins no later than another one ends.
func (l *loader) doubtPair(earlier, later *Table) {
	a, b := earlier.time, later.time
	if a == nil || b == nil || a.at == nil || b.at == nil || a.column != b.column || (a.clock.layout == "") != (b.clock.layout == "") {
		return
	}
	ends := map[string]int32{}
	for g, name := range a.groups {
		ends[name] = a.starts[g+1] - 1
	}
	both, early := 0, 0
	var first, last int32
	series := ""
	for g, name := range b.groups {
		begin := b.starts[g]
		end, known := ends[name]
		if !known || end < 0 || begin == b.starts[g+1] {
			continue
		}
		if both++; b.at[begin] > a.at[end] {
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
		where, hint = fmt.Sprintf(" in %s of %s, the first %s", thousands(early), counted(both, "group"), quote(series)), ""
	}
	l.Warn("the %s part does not come after the %s part%s: it begins at %s (%s), and that one ends at %s (%s), so what is to be measured may have been learned; give each part the rows after those of the one before%s",
		partTitle(later.key), partTitle(earlier.key), where, later.column(b.column).field(first), later.place(first), earlier.column(a.column).field(last), earlier.place(last), hint)
}

// partTitle names a part in a sentence.
func partTitle(part string) string {
	if part == "train" {
		return "training"
	}
	return part
}

// doubtSeason warns of official parts that begin anew and are too short for a season: there is no value one season before.
func (l *loader) doubtSeason(e *SeriesTargetEncoder, main *Table) {
	for _, part := range l.settings.Format.given() {
		t := l.tables[part]
		if t == nil || t == main || t.time == nil {
			continue
		}
		if n := t.time.longest(everyRowOf(t)); e.Season >= n {
			l.Warn("the season of %s is longer than the %s part, which has %d in a series: its seasonal naive forecast is the last value", counted(e.Season, "row"), part, n)
		}
	}
}
