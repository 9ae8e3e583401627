package table

import (
	"fmt"
	"math"
	"slices"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/dates"
)

// With every, rows are evenly spaced in time: each missing timestamp between two rows of a group gets a row of gaps. So
// windows, horizons and seasons, which count rows, count time.

// mostInserted limits the rows of the filled table to that many for each row of the data: more come from a wrong
// frequency or a wrong timestamp.
const mostInserted = 20

// fillMissing adds a row of gaps for each timestamp missing between two rows of a group. Only group and timestamp have
// values. It returns an error if timestamps are not at the frequency.
func (t *Table) fillMissing(how *Ordering) error {
	line := t.Time
	p, err := line.FrequencyFor(how.Every)
	if err != nil || !(p.Length() > 0) {
		return err
	}
	how.Every = line.Format.Setting(p)
	column := t.Column(line.Column)
	var rows []int32 // index of the row in the filled table, or of the row before
	var steps []int  // steps after that row
	for row := range int32(t.Rows) {
		rows, steps = append(rows, row), append(steps, 0)
		if name := dates.Weekend(line.At[row]); p.OnBusinessDays() && name != "" {
			return fmt.Errorf("is %s, but %s at %s is a %s", how.Every, phrase.Quote(column.Field(row)), t.Place(row), name)
		}
		if row+1 == int32(t.Rows) || line.Group[row+1] != line.Group[row] {
			continue
		}
		n := p.Steps(line.At[row], line.At[row+1])
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
func (t *Table) insert(how *Ordering, p dates.Frequency, rows []int32, steps []int) error {
	line := t.Time
	filled := &TimeIndex{Groups: line.Groups, Column: line.Column, Format: line.Format, calendar: line.calendar}
	timestamps := t.Column(line.Column)
	written := make([]string, len(rows))
	for i, row := range rows {
		at, origin := line.At[row], line.Origin[row]
		if written[i] = timestamps.Field(row); steps[i] > 0 {
			at, origin = p.After(at, steps[i]), Inserted
			written[i] = line.Format.After(line.At[row], timestamps.Field(row), p, steps[i])
			if again, ok := line.Format.Read(written[i]); !ok || math.Abs(again-at) > 0.01*p.Length() {
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
				field = partAt(t, how, slices.Index(how.Parts, c.Name), written[k], filled.At[k], row)
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
