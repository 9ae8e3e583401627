package dates

import (
	"fmt"
	"math"
	"sort"
	"strconv"

	"dnn/internal/phrase"
)

// Longer reports whether the step between two timestamps is longer than usual.
func (k *TimeFormat) Longer(from, to float64, usual Frequency) bool {
	switch {
	case usual.months > 0:
		return months(to)-months(from) > usual.months
	case usual.business:
		return usual.Steps(from, to) > 1.5
	}
	return to-from > 1.5*usual.step
}

// Regular reports whether nine of ten steps between timestamps match a frequency. Four of five, as without
// weekends, are too few to predict the next timestamp, unless the frequency is a business day.
func (k *TimeFormat) Regular(at []float64, p Frequency) bool {
	if p.step <= 0 {
		return false
	}
	odd := 0
	for i := 1; i < len(at); i++ {
		switch {
		case p.months > 0 && months(at[i])-months(at[i-1]) == p.months:
		case p.business && Weekend(at[i]) == "" && math.Abs(p.Steps(at[i-1], at[i])-1) <= 1e-2:
		case p.months == 0 && !p.business && math.Abs(at[i]-at[i-1]-p.step) <= 1e-2*p.step:
		default:
			odd++
		}
	}
	return odd*10 < len(at)
}

// TwiceHint explains timestamps that occur twice at night because clocks are set back.
func (k *TimeFormat) TwiceHint(before, after float64, field string) string {
	if back := before - after; !TimeOfDay(k.Layout) || back < 0 || back > 3600 || date(after).Hour() > 3 {
		return ""
	}
	return fmt.Sprintf("; if clocks were set back, write all timestamps with their offset: %s and later %s", phrase.Quote(field+"+02:00"), phrase.Quote(field+"+01:00"))
}

// Describe names a frequency.
func (k *TimeFormat) Describe(p Frequency) string {
	whole := func(n float64, unit string) string { return phrase.Count(int(math.Round(n)), unit) }
	switch step := math.Round(p.step); {
	case k.Layout == "":
		return phrase.Number(p.step)
	case p.months > 0 && p.months%12 == 0:
		return phrase.Count(p.months/12, "year")
	case p.months > 0:
		return phrase.Count(p.months, "month")
	case p.business:
		return "1 business day"
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

// FrequencyOfMost is the frequency of most rows. group is the series of each.
func (k *TimeFormat) FrequencyOfMost(at []float64, group []int32) Frequency {
	var steps []float64
	for row := 1; row < len(at); row++ {
		if group[row] == group[row-1] {
			steps = append(steps, at[row]-at[row-1])
		}
	}
	if len(steps) == 0 {
		return Frequency{}
	}
	sort.Float64s(steps)
	p := Frequency{step: steps[len(steps)/2]}
	if k.Layout != "" {
		p.months = monthly(at, group, p.step)
	}
	if p.step == day && k.onBusinessDays(at, group) {
		return businessFrequency
	}
	return p
}

// monthly returns how many months apart dates are whose steps have that length, or 0 if they are not monthly: most must
// fall on the same day of the month, or on its last.
func monthly(at []float64, group []int32, step float64) int {
	n := int(math.Round(step / (365.25 / 12 * day)))
	if n == 0 {
		return 0
	}
	same, all := 0, 0
	for row := 1; row < len(at); row++ {
		if group[row] != group[row-1] {
			continue
		}
		all++
		from := date(at[row-1])
		if apart := months(at[row]) - months(at[row-1]); seconds(moved(from, apart)) == at[row] {
			same++
		}
	}
	if same*2 <= all {
		return 0
	}
	return n
}
