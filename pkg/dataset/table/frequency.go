package table

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"strconv"

	"dnn/internal/phrase"
)

// Prefix tells in a message which of the official parts a table is.
func (t *Table) Prefix() string {
	if t.Key == "path" {
		return ""
	}
	return t.Key + ": "
}

// Longer reports whether two moments lie further apart than is usual.
func (k *TimeFormat) Longer(from, to float64, usual Frequency) bool {
	if usual.months > 0 {
		return months(to)-months(from) > usual.months
	}
	return to-from > 1.5*usual.step
}

// Keeps reports whether nine of ten steps of moments are of a pace. Five of seven, as where weekends are missing, are too few to
// tell what comes next.
func (k *TimeFormat) Keeps(at []float64, p Frequency) bool {
	if p.step <= 0 {
		return false
	}
	odd := 0
	for i := 1; i < len(at); i++ {
		if p.months > 0 && months(at[i])-months(at[i-1]) != p.months || p.months == 0 && math.Abs(at[i]-at[i-1]-p.step) > 1e-2*p.step {
			odd++
		}
	}
	return odd*10 < len(at)
}

// twiceHint says how moments of the night are told apart that come twice when clocks are set back.
func (k *TimeFormat) twiceHint(before, after float64, field string) string {
	if back := before - after; !TimeOfDay(k.Layout) || back < 0 || back > 3600 || date(after).Hour() > 3 {
		return ""
	}
	return fmt.Sprintf("; an hour that comes twice when clocks are set back wants moments with their offset, in all rows: %s and later %s", phrase.Quote(field+"+02:00"), phrase.Quote(field+"+01:00"))
}

// Describe say a pace.
func (k *TimeFormat) Describe(p Frequency) string {
	whole := func(n float64, unit string) string { return phrase.Count(int(math.Round(n)), unit) }
	switch step := math.Round(p.step); {
	case k.Layout == "":
		return phrase.Number(p.step)
	case p.months > 0 && p.months%12 == 0:
		return phrase.Count(p.months/12, "year")
	case p.months > 0:
		return phrase.Count(p.months, "month")
	case step == 0:
		return fmt.Sprintf("%s seconds", strconv.FormatFloat(p.step, 'g', 3, 64))
	case math.Mod(step, day) == 0:
		return whole(step/day, "day")
	case math.Mod(step, 3600) == 0:
		return whole(step/3600, "hour")
	case math.Mod(step, 60) == 0:
		return whole(step/60, "minute")
	}
	return fmt.Sprintf("%s seconds", phrase.Number(p.step))
}

// Longest is how many of some rows there are in the group that has most of them.
func (t *TimeIndex) Longest(rows []int32) int {
	counts := make([]int, len(t.Groups)+1)
	for _, row := range rows {
		counts[t.Group[row]]++
	}
	return slices.Max(counts)
}

// Usual is the pace of most rows.
func (t *TimeIndex) Usual() Frequency {
	if p, ok := t.steady(0); ok {
		return p
	}
	var steps []float64
	for row := 1; row < len(t.At); row++ {
		if t.Group[row] == t.Group[row-1] {
			steps = append(steps, t.At[row]-t.At[row-1])
		}
	}
	if len(steps) == 0 {
		return Frequency{}
	}
	sort.Float64s(steps)
	p := Frequency{step: steps[len(steps)/2]}
	if t.Format.Layout != "" {
		p.months = t.monthly(p.step)
	}
	return p
}

// monthly is how many months the steps of dates that lie so far apart are, 0 where they are none: most begin and end on the
// same day of a month, or on its last.
func (t *TimeIndex) monthly(step float64) int {
	n := int(math.Round(step / (365.25 / 12 * day)))
	if n == 0 {
		return 0
	}
	same, all := 0, 0
	for row := 1; row < len(t.At); row++ {
		if t.Group[row] != t.Group[row-1] {
			continue
		}
		all++
		from := date(t.At[row-1])
		if apart := months(t.At[row]) - months(t.At[row-1]); seconds(moved(from, apart)) == t.At[row] {
			same++
		}
	}
	if same*2 <= all {
		return 0
	}
	return n
}
