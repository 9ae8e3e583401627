package table

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"dnn/internal/phrase"
)

// With every, rows are evenly spaced in time: each missing timestamp between two rows of a group gets a row of gaps. So
// windows, horizons and seasons, which count rows, count time.

// AutoFrequency means the frequency of most rows.
const AutoFrequency = "auto"

// everyUnits are the units of a frequency: months or seconds.
var everyUnits = []struct {
	name    string
	months  int
	seconds float64
}{
	{"second", 0, 1}, {"minute", 0, 60}, {"hour", 0, 3600}, {"day", 0, day}, {"week", 0, 7 * day},
	{"month", 1, 0}, {"quarter", 3, 0}, {"year", 12, 0},
}

// ParseFrequency parses a frequency: a number, for timestamps that are numbers, or a time such as day, business_day or 15
// minutes.
func ParseFrequency(text string) (p Frequency, dated, ok bool) {
	n, words := 1.0, strings.Fields(strings.ToLower(text))
	if len(words) == 1 && words[0] == businessDay {
		return businessFrequency, true, true
	}
	if len(words) > 0 {
		if x, sound := ParseNumber(words[0]); sound {
			n, words = x, words[1:]
		} else if len(words) > 1 {
			return p, false, false
		}
	}
	if !(n > 0) || n > 1e12 {
		return p, false, false
	}
	if len(words) == 0 {
		return Frequency{step: n}, false, strings.TrimSpace(text) != ""
	}
	for _, u := range everyUnits {
		if words[0] != u.name && words[0] != u.name+"s" || len(words) > 1 {
			continue
		}
		if u.months > 0 {
			return Frequency{months: int(n) * u.months, step: n * float64(u.months) * 365.25 / 12 * day}, true, n == math.Trunc(n) && n < 1e6
		}
		return Frequency{step: n * u.seconds}, true, true
	}
	return p, false, false
}

// every formats a frequency as ParseFrequency reads it.
func (k *TimeFormat) every(p Frequency) string {
	if k.Layout == "" {
		return strconv.FormatFloat(p.step, 'g', -1, 64)
	}
	if p.business {
		return businessDay
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

// FrequencyFor returns the frequency that the setting asks for.
func (t *TimeIndex) FrequencyFor(every string) (Frequency, error) {
	if every == AutoFrequency {
		return t.Frequency(), nil
	}
	p, dated, ok := ParseFrequency(every)
	switch {
	case !ok:
		return p, fmt.Errorf("expected auto, a number, or a time such as day, business_day, 15 minutes or month, got %q", every)
	case dated && t.Format.Layout == "":
		return p, fmt.Errorf("the column %q holds numbers; expected a number in their unit, or auto, got %q", t.Column, every)
	case !dated && t.Format.Layout != "":
		return p, fmt.Errorf("the column %q holds dates; expected a time such as day, business_day, 15 minutes or month, or auto, got %q", t.Column, every)
	case p.business && Zoned(t.Format.Layout):
		return p, fmt.Errorf("the dates of the column %q have offsets from UTC, which %s does not know; write them without", t.Column, businessDay)
	}
	return p, nil
}

// steps returns how many steps of a frequency lie between two timestamps.
func (p Frequency) steps(from, to float64) float64 {
	switch {
	case p.months > 0:
		return float64(months(to)-months(from)) / float64(p.months)
	case p.business:
		return businessDays(to) - businessDays(from)
	}
	return (to - from) / p.step
}

// after returns the timestamp some steps after another.
func (p Frequency) after(at float64, steps int) float64 {
	switch {
	case p.months > 0:
		return seconds(moved(date(at), p.months*steps))
	case p.business:
		return afterBusinessDays(at, steps)
	}
	return math.FMA(float64(steps), p.step, at)
}

// mostInserted limits the rows of the filled table to that many for each row of the data: more come from a wrong
// frequency or a wrong timestamp.
const mostInserted = 20

// fillMissing adds a row of gaps for each timestamp missing between two rows of a group. Only group and timestamp have
// values. It returns an error if timestamps are not at the frequency.
func (t *Table) fillMissing(how *Ordering) error {
	line := t.Time
	p, err := line.FrequencyFor(how.Every)
	if err != nil || !(p.step > 0) {
		return err
	}
	how.Every = line.Format.every(p)
	column := t.Column(line.Column)
	var rows []int32 // index of the row in the filled table, or of the row before
	var steps []int  // steps after that row
	for row := range int32(t.Rows) {
		rows, steps = append(rows, row), append(steps, 0)
		if name := weekend(line.At[row]); p.business && name != "" {
			return fmt.Errorf("is %s, but %s at %s is a %s", businessDay, phrase.Quote(column.Field(row)), t.Place(row), name)
		}
		if row+1 == int32(t.Rows) || line.Group[row+1] != line.Group[row] {
			continue
		}
		n := p.steps(line.At[row], line.At[row+1])
		between := func() string {
			return fmt.Sprintf("%s at %s and %s at %s", phrase.Quote(column.Field(row)), t.Place(row), phrase.Quote(column.Field(row+1)), t.Place(row+1))
		}
		switch {
		case n < 0.5:
			return fmt.Errorf("is %s, but two rows%s are closer: %s", how.Every, ofGroup(how), between())
		case float64(len(rows))+n > 1000+float64(mostInserted*t.Rows):
			return fmt.Errorf("%s would make more than %d rows of each: is a timestamp or the frequency wrong? (%s)", how.Every, mostInserted, between())
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

// insert adds the rows that fillAbsent found.
func (t *Table) insert(how *Ordering, p Frequency, rows []int32, steps []int) error {
	line := t.Time
	filled := &TimeIndex{Groups: line.Groups, Column: line.Column, Format: line.Format, calendar: line.calendar}
	timestamps := t.Column(line.Column)
	written := make([]string, len(rows))
	for i, row := range rows {
		at, origin := line.At[row], line.Origin[row]
		if written[i] = timestamps.Field(row); steps[i] > 0 {
			at, origin = p.after(at, steps[i]), Inserted
			written[i] = line.Format.After(line.At[row], timestamps.Field(row), p, steps[i])
			if again, ok := line.Format.read(written[i]); !ok || math.Abs(again-at) > 0.01*p.step {
				return fmt.Errorf("%s does not suit the timestamps of %q as they are written: the one after %s would be %s", how.Every, timestamps.Name, phrase.Quote(timestamps.Field(row)), phrase.Quote(written[i]))
			}
			if filled.Made++; filled.Made == 1 {
				filled.First = int32(i)
			}
		}
		if line.history != nil {
			filled.history = append(filled.history, line.history[row])
		}
		filled.Group, filled.At, filled.Origin = append(filled.Group, line.Group[row]), append(filled.At, at), append(filled.Origin, origin)
	}
	t.relocate(rows)
	for i, c := range t.Columns {
		other := &Column{Name: c.Name}
		for k, row := range rows {
			field := ""
			switch {
			case c == timestamps:
				field = written[k]
			case steps[k] == 0, c.Name == how.Group:
				field = c.Field(row)
			case slices.Contains(how.Parts, c.Name):
				field = partAt(slices.Index(how.Parts, c.Name), filled.At[k])
			}
			other.Add(field)
		}
		other.Seal()
		t.Columns[i] = other
	}
	filled.begin()
	t.Rows, t.Time = len(rows), filled
	return nil
}

// Inserted is the origin of a row that is not in the files.
const Inserted = -1

// read parses a timestamp by the format of the column.
func (k *TimeFormat) read(field string) (float64, bool) {
	if k.Layout == "" {
		return ParseNumber(field)
	}
	t, ok := ParseDate(k.Layout, field)
	return seconds(t), ok
}

// FrequencyHint says how to space rows evenly if few are missing.
func (k *TimeFormat) FrequencyHint(usual Frequency, longer, steps int) string {
	if longer*10 >= steps {
		return ""
	}
	return fmt.Sprintf(" (with order_by, every: %s adds rows of gaps for the missing timestamps)", k.every(usual))
}
