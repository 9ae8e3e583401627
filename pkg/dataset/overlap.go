package dataset

import "fmt"

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
	l.note("warning: the %s part does not come after the %s part%s: it begins at %s (%s), and that one ends at %s (%s), so what is to be measured may have been learned; give each part the rows after those of the one before%s",
		partTitle(later.key), partTitle(earlier.key), where, later.column(b.column).field(first), later.place(first), earlier.column(a.column).field(last), earlier.place(last), hint)
}

// partTitle names a part in a sentence.
func partTitle(part string) string {
	if part == "train" {
		return "training"
	}
	return part
}
