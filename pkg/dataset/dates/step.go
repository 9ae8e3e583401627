package dates

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// Frequency is the step between timestamps: a number of months, a business day, or an amount in the unit of the timestamps.
type Frequency struct {
	months   int
	step     float64
	business bool // a step of a day leaves weekends out
}

// Length is the length of a step, about that of months.
func (p Frequency) Length() float64 { return p.step }

// OnBusinessDays reports whether a step of a day leaves weekends out.
func (p Frequency) OnBusinessDays() bool { return p.business }

const day = 24 * 3600.0

// FrequencyOf finds the frequency of evenly spaced timestamps.
func (k *TimeFormat) FrequencyOf(at []float64) (p Frequency, ok bool) {
	if len(at) < 3 {
		return p, false
	}
	p.step = (at[len(at)-1] - at[0]) / float64(len(at)-1)
	if !(p.step > 0) {
		return p, false
	}
	if k.Layout != "" {
		p.months = months(at[1]) - months(at[0])
		for i := 1; i < len(at) && p.months > 0; i++ {
			if seconds(moved(date(at[0]), p.months*i)) != at[i] {
				p.months = 0
			}
		}
		if p.months > 0 {
			return p, true
		}
	}
	slack := 1e-6 * p.step
	if ulps := 0x1p-51 * math.Abs(at[0]); ulps > slack { // below the resolution of seconds since 1970
		slack = min(ulps, 1e-2*p.step)
	}
	even := true
	for i := 1; i < len(at) && even; i++ {
		even = math.Abs(at[i]-at[i-1]-p.step) <= slack
	}
	if !even && k.everyBusinessDay(at) {
		return businessFrequency, true
	}
	return p, even
}

func date(at float64) time.Time {
	whole := math.Floor(at)
	return time.Unix(int64(whole), int64((at-whole)*1e9)).UTC()
}

func months(at float64) int { t := date(at); return t.Year()*12 + int(t.Month()) }

// moved returns the same day some months later, or the month's last day if it has no such day or the first date was a
// last day.
func moved(t time.Time, months int) time.Time {
	first := time.Date(t.Year(), t.Month()+time.Month(months), 1, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), t.Location())
	last := first.AddDate(0, 1, -1).Day()
	if t.Day() >= 28 && t.AddDate(0, 0, 1).Day() == 1 {
		return first.AddDate(0, 0, last-1)
	}
	return first.AddDate(0, 0, min(t.Day(), last)-1)
}

func seconds(t time.Time) float64 { return float64(t.Unix()) + float64(t.Nanosecond())/1e9 }

// After formats the timestamp some steps after another, at, which was read from a field. It keeps the field's offset.
func (k *TimeFormat) After(at float64, field string, p Frequency, steps int) string {
	later := math.FMA(float64(steps), p.step, at)
	if k.Layout == "" {
		text := strconv.FormatFloat(later, 'f', k.digits, 64)
		if k.digits > 0 {
			text = strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
		}
		return text
	}
	t, _ := Parse(k.Layout, field)
	switch {
	case p.months > 0:
		t = moved(t, p.months*steps)
	case p.business:
		t = date(afterBusinessDays(at, steps))
	default:
		t = date(later).In(t.Location())
	}
	return Format(k.Layout, k.digits, t)
}

// Steps returns how many steps of a frequency lie between two timestamps.
func (p Frequency) Steps(from, to float64) float64 {
	switch {
	case p.months > 0:
		return float64(months(to)-months(from)) / float64(p.months)
	case p.business:
		return businessDays(to) - businessDays(from)
	}
	return (to - from) / p.step
}

// After returns the timestamp some steps after another.
func (p Frequency) After(at float64, steps int) float64 {
	switch {
	case p.months > 0:
		return seconds(moved(date(at), p.months*steps))
	case p.business:
		return afterBusinessDays(at, steps)
	}
	return math.FMA(float64(steps), p.step, at)
}
