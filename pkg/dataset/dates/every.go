package dates

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"dnn/pkg/dataset/numeral"
)

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
	if len(words) == 1 && words[0] == BusinessDay {
		return businessFrequency, true, true
	}
	if len(words) > 0 {
		if x, sound := numeral.Parse(words[0]); sound {
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

// Setting formats a frequency as ParseFrequency reads it.
func (k *TimeFormat) Setting(p Frequency) string {
	if k.Layout == "" {
		return strconv.FormatFloat(p.step, 'g', -1, 64)
	}
	if p.business {
		return BusinessDay
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

// Read parses a timestamp by the format of the column.
func (k *TimeFormat) Read(field string) (float64, bool) {
	if k.Layout == "" {
		return numeral.Parse(field)
	}
	t, ok := Parse(k.Layout, field)
	return seconds(t), ok
}

// FrequencyHint says how to space rows evenly if few are missing.
func (k *TimeFormat) FrequencyHint(usual Frequency, longer, steps int) string {
	if longer*10 >= steps {
		return ""
	}
	return fmt.Sprintf(" (with order_by, every: %s adds rows of gaps for the missing timestamps)", k.Setting(usual))
}

// FrequencyAsked returns the frequency that the setting asks for, of the timestamps of a column.
func (k *TimeFormat) FrequencyAsked(every, column string) (Frequency, error) {
	p, dated, ok := ParseFrequency(every)
	switch {
	case !ok:
		return p, fmt.Errorf("expected auto, a number, or a time such as day, business_day, 15 minutes or month, got %q", every)
	case dated && k.Layout == "":
		return p, fmt.Errorf("the column %q holds numbers; expected a number in their unit, or auto, got %q", column, every)
	case !dated && k.Layout != "":
		return p, fmt.Errorf("the column %q holds dates; expected a time such as day, business_day, 15 minutes or month, or auto, got %q", column, every)
	case p.business && Zoned(k.Layout):
		return p, fmt.Errorf("the dates of the column %q have offsets from UTC, which %s does not know; write them without", column, BusinessDay)
	}
	return p, nil
}
