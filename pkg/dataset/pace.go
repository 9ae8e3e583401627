package dataset

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"strconv"
)

// prefix tells in a message which of the official parts a table is.
func (t *Table) prefix() string {
	if t.key == "path" {
		return ""
	}
	return t.key + ": "
}

// longer reports whether two moments lie further apart than is usual.
func (k *clock) longer(from, to float64, usual pace) bool {
	if usual.months > 0 {
		return months(to)-months(from) > usual.months
	}
	return to-from > 1.5*usual.step
}

// keeps reports whether nine of ten steps of moments are of a pace. Five of seven, as where weekends are missing, are too few to
// tell what comes next.
func (k *clock) keeps(at []float64, p pace) bool {
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
func (k *clock) twiceHint(before, after float64, field string) string {
	if back := before - after; !timeOfDay(k.layout) || back < 0 || back > 3600 || date(after).Hour() > 3 {
		return ""
	}
	return fmt.Sprintf("; an hour that comes twice when clocks are set back wants moments with their offset, in all rows: %s and later %s", quote(field+"+02:00"), quote(field+"+01:00"))
}

// words say a pace.
func (k *clock) words(p pace) string {
	whole := func(n float64, unit string) string { return counted(int(math.Round(n)), unit) }
	switch step := math.Round(p.step); {
	case k.layout == "":
		return number(p.step)
	case p.months > 0 && p.months%12 == 0:
		return counted(p.months/12, "year")
	case p.months > 0:
		return counted(p.months, "month")
	case step == 0:
		return fmt.Sprintf("%s seconds", strconv.FormatFloat(p.step, 'g', 3, 64))
	case math.Mod(step, day) == 0:
		return whole(step/day, "day")
	case math.Mod(step, 3600) == 0:
		return whole(step/3600, "hour")
	case math.Mod(step, 60) == 0:
		return whole(step/60, "minute")
	}
	return fmt.Sprintf("%s seconds", number(p.step))
}

// longest is how many of some rows there are in the group that has most of them.
func (t *timeline) longest(rows []int32) int {
	counts := make([]int, len(t.groups)+1)
	for _, row := range rows {
		counts[t.group[row]]++
	}
	return slices.Max(counts)
}

// usual is the pace of most rows.
func (t *timeline) usual() pace {
	if p, ok := t.steady(0); ok {
		return p
	}
	var steps []float64
	for row := 1; row < len(t.at); row++ {
		if t.group[row] == t.group[row-1] {
			steps = append(steps, t.at[row]-t.at[row-1])
		}
	}
	if len(steps) == 0 {
		return pace{}
	}
	sort.Float64s(steps)
	p := pace{step: steps[len(steps)/2]}
	if t.clock.layout != "" {
		p.months = t.monthly(p.step)
	}
	return p
}

// monthly is how many months the steps of dates that lie so far apart are, 0 where they are none: most begin and end on the
// same day of a month, or on its last.
func (t *timeline) monthly(step float64) int {
	n := int(math.Round(step / (365.25 / 12 * day)))
	if n == 0 {
		return 0
	}
	same, all := 0, 0
	for row := 1; row < len(t.at); row++ {
		if t.group[row] != t.group[row-1] {
			continue
		}
		all++
		from := date(t.at[row-1])
		if apart := months(t.at[row]) - months(t.at[row-1]); seconds(moved(from, apart)) == t.at[row] {
			same++
		}
	}
	if same*2 <= all {
		return 0
	}
	return n
}
