package dataset

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// With every, rows lie evenly in time: moments that have no row between two of a group get one of gaps. So windows, horizons
// and seasons, which count rows, count time.

// autoEvery stands for the pace of most rows.
const autoEvery = "auto"

// everyUnits are the units of paces: so many months, or so many seconds.
var everyUnits = []struct {
	name    string
	months  int
	seconds float64
}{
	{"second", 0, 1}, {"minute", 0, 60}, {"hour", 0, 3600}, {"day", 0, day}, {"week", 0, 7 * day},
	{"month", 1, 0}, {"quarter", 3, 0}, {"year", 12, 0},
}

// parseEvery reads a pace: a number, for moments that are numbers, or a time such as day or 15 minutes.
func parseEvery(text string) (p pace, dated, ok bool) {
	n, words := 1.0, strings.Fields(strings.ToLower(text))
	if len(words) > 0 {
		if x, sound := parseNumber(words[0]); sound {
			n, words = x, words[1:]
		} else if len(words) > 1 {
			return p, false, false
		}
	}
	if !(n > 0) || n > 1e12 {
		return p, false, false
	}
	if len(words) == 0 {
		return pace{step: n}, false, strings.TrimSpace(text) != ""
	}
	for _, u := range everyUnits {
		if words[0] != u.name && words[0] != u.name+"s" || len(words) > 1 {
			continue
		}
		if u.months > 0 {
			return pace{months: int(n) * u.months, step: n * float64(u.months) * 365.25 / 12 * day}, true, n == math.Trunc(n) && n < 1e6
		}
		return pace{step: n * u.seconds}, true, true
	}
	return p, false, false
}

// every writes a pace as parseEvery reads it.
func (k *clock) every(p pace) string {
	if k.layout == "" {
		return strconv.FormatFloat(p.step, 'g', -1, 64)
	}
	n, unit := p.step, everyUnits[0].name
	for _, u := range everyUnits {
		switch whole := math.Mod(p.step, max(1, u.seconds)) == 0; {
		case p.months > 0 && u.months > 0 && p.months%u.months == 0 && u.name != "quarter":
			n, unit = float64(p.months/u.months), u.name
		case p.months == 0 && u.seconds > 0 && whole && u.name != "week":
			n, unit = p.step/u.seconds, u.name
		}
	}
	if n == 1 {
		return unit
	}
	return strconv.FormatFloat(n, 'g', -1, 64) + " " + unit + "s"
}

// paceFor is the pace that the setting asks for.
func (t *timeline) paceFor(every string) (pace, error) {
	if every == autoEvery {
		return t.usual(), nil
	}
	p, dated, ok := parseEvery(every)
	switch {
	case !ok:
		return p, fmt.Errorf("want auto, a number, or a time such as day, 15 minutes or month, got %q", every)
	case dated && t.clock.layout == "":
		return p, fmt.Errorf("the column %q holds numbers; want one in their unit, or auto, got %q", t.column, every)
	case !dated && t.clock.layout != "":
		return p, fmt.Errorf("the column %q holds dates; want a time such as day, 15 minutes or month, or auto, got %q", t.column, every)
	}
	return p, nil
}

// paces is how many times a pace lies between two moments.
func (p pace) paces(from, to float64) float64 {
	if p.months > 0 {
		return float64(months(to)-months(from)) / float64(p.months)
	}
	return (to - from) / p.step
}

// after is the moment some steps after another.
func (p pace) after(at float64, steps int) float64 {
	if p.months > 0 {
		return seconds(moved(date(at), p.months*steps))
	}
	return math.FMA(float64(steps), p.step, at)
}

// mostAbsent is how many rows a table may come to for each that it has: more tell of a wrong pace or a wrong moment.
const mostAbsent = 20

// fillAbsent gives all moments between two rows of a group a row of gaps, but for the group and the moment. It tells what
// keeps it from that.
func (t *Table) fillAbsent(how *Timing) error {
	line := t.time
	p, err := line.paceFor(how.Every)
	if err != nil || !(p.step > 0) {
		return err
	}
	how.Every = line.clock.every(p)
	column := t.column(line.column)
	var rows []int32 // of the table to come: which row it is, or stands after
	var steps []int  // after that row
	for row := range int32(t.Rows) {
		rows, steps = append(rows, row), append(steps, 0)
		if row+1 == int32(t.Rows) || line.group[row+1] != line.group[row] {
			continue
		}
		n := p.paces(line.at[row], line.at[row+1])
		between := func() string {
			return fmt.Sprintf("%s at %s and %s at %s", quote(column.field(row)), t.place(row), quote(column.field(row+1)), t.place(row+1))
		}
		switch {
		case n < 0.5:
			return fmt.Errorf("is %s, and two rows%s lie closer: %s", how.Every, ofGroup(how), between())
		case float64(len(rows))+n > 1000+float64(mostAbsent*t.Rows):
			return fmt.Errorf("%s makes more than %d rows of each: is there a wrong moment, or a wrong distance? (%s)", how.Every, mostAbsent, between())
		}
		for k := 1; float64(k) < n-0.5; k++ {
			rows, steps = append(rows, row), append(steps, k)
		}
	}
	if len(rows) == t.Rows {
		return nil
	}
	return t.insert(how, p, rows, steps)
}

// insert makes the rows that fillAbsent found.
func (t *Table) insert(how *Timing, p pace, rows []int32, steps []int) error {
	line := t.time
	filled := &timeline{groups: line.groups, column: line.column, clock: line.clock, calendar: line.calendar}
	moments := t.column(line.column)
	written := make([]string, len(rows))
	for i, row := range rows {
		at, origin := line.at[row], line.origin[row]
		if written[i] = moments.field(row); steps[i] > 0 {
			at, origin = p.after(at, steps[i]), absent
			written[i] = line.clock.after(line.at[row], moments.field(row), p, steps[i])
			if again, ok := line.clock.read(written[i]); !ok || math.Abs(again-at) > 0.01*p.step {
				return fmt.Errorf("%s cannot be told by the moments of %q as they are written: the one after %s would be %s", how.Every, moments.Name, quote(moments.field(row)), quote(written[i]))
			}
			if filled.made++; filled.made == 1 {
				filled.first = int32(i)
			}
		}
		filled.group, filled.at, filled.origin = append(filled.group, line.group[row]), append(filled.at, at), append(filled.origin, origin)
	}
	t.relocate(rows)
	for i, c := range t.Columns {
		other := &Column{Name: c.Name}
		for k, row := range rows {
			field := ""
			switch {
			case c == moments:
				field = written[k]
			case steps[k] == 0, c.Name == how.Group:
				field = c.field(row)
			}
			if err := other.add(field); err != nil {
				return err
			}
		}
		other.seal()
		t.Columns[i] = other
	}
	filled.begin()
	t.Rows, t.time = len(rows), filled
	return nil
}

// absent is the origin of a row that no file has.
const absent = -1

// read reads a moment as it is written.
func (k *clock) read(field string) (float64, bool) {
	if k.layout == "" {
		return parseNumber(field)
	}
	t, ok := parseDate(k.layout, field)
	return seconds(t), ok
}

// hintEvery says how rows come to lie evenly that do, but for few.
func (k *clock) hintEvery(usual pace, longer, steps int) string {
	if longer*10 >= steps {
		return ""
	}
	return fmt.Sprintf(" (every: %s, beside order_by, makes rows of gaps for the moments that are absent)", k.every(usual))
}
