package survey

import (
	"slices"
	"strings"

	"dnn/pkg/dataset/dates"
	"dnn/pkg/dataset/table"
)

// partNames are the names of columns that make up timestamps, by part.
var partNames = [][]string{
	{"year", "jahr", "année", "annee", "año", "ano"}, {"month", "monat", "mois", "mes"}, {"day", "tag", "jour", "día", "dia"},
	{"hour", "stunde", "heure", "hora"}, {"minute", "minuto"}, {"second", "sekunde", "seconde", "segundo"},
}

// dateNames and timeNames are those of columns of dates and of the time of the day.
var (
	dateNames = []string{"date", "datum", "fecha"}
	timeNames = []string{"time", "zeit", "uhrzeit", "heure", "hora"}
)

// findComposed finds timestamps that several columns make up: year, month and so on, or a date and a time of the day.
func (s *Table) findComposed() *Clock {
	var parts []string
	for _, names := range partNames {
		name := s.named(names)
		if name == "" {
			break
		}
		parts = append(parts, name)
	}
	if clock := s.compose(parts); clock != nil {
		return clock
	}
	return s.compose([]string{s.named(dateNames), s.named(timeNames)})
}

// named is the column with one of these names; "" for none.
func (s *Table) named(names []string) string {
	for _, c := range s.Seen {
		if c != s.Target && c.IsText() && slices.Contains(names, strings.ToLower(c.Name)) {
			return c.Name
		}
	}
	return ""
}

// compose is the clock of the timestamps that columns make up; nil if they make up none that are evenly spaced.
func (s *Table) compose(parts []string) *Clock {
	if s.Rows < fewRows || len(parts) < 2 || slices.Contains(parts, "") {
		return nil
	}
	made, sound := table.Composed(s.Table, &table.Ordering{OrderBy: dates.ComposedName(parts), Parts: parts})
	if !sound {
		return nil
	}
	at, how, err := dates.ReadTimestamps(table.TimestampsOf(made), nil, "", "")
	if err != nil {
		return nil
	}
	clock := newClock(&Column{Column: made}, at, how)
	if clock.Parts = parts; !clock.Even || !clock.Unique {
		return nil
	}
	return clock
}
