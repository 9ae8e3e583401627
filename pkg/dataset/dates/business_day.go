package dates

import (
	"math"
	"time"
)

// Business days are Monday to Friday. Rows at this frequency have none for weekends, and a Monday follows a Friday.

// BusinessDay is the name of the frequency.
const BusinessDay = "business_day"

// businessFrequency is a row for each business day.
var businessFrequency = Frequency{step: day, business: true}

// businessDays counts the business days from a Thursday, 1 January 1970, to a timestamp, with the part of its day. Those of a
// weekend are as many as those of the Monday after it.
func businessDays(at float64) float64 {
	week, weekday, part := weekOf(at)
	if weekday >= 5 {
		return float64(5 * (week + 1))
	}
	return float64(5*week+weekday) + part/day
}

// afterBusinessDays is the timestamp some business days after another, at the same time of the day.
func afterBusinessDays(at float64, steps int) float64 {
	week, weekday, part := weekOf(at)
	count := 5*week + min(weekday, 4) + int64(steps)
	week, weekday = count/5, count%5
	if weekday < 0 {
		week, weekday = week-1, weekday+5
	}
	return float64((7*week+weekday-3)*24*3600) + part
}

// weekOf returns the week of a timestamp, counted since 1970, the days since its Monday, and the seconds of the day.
func weekOf(at float64) (week, weekday int64, part float64) {
	whole := int64(math.Floor(at/day)) + 3
	if week, weekday = whole/7, whole%7; weekday < 0 {
		week, weekday = week-1, weekday+7
	}
	return week, weekday, at - float64((whole-3)*24*3600)
}

// Weekend names the day of the week if it is no business day, or returns "".
func Weekend(at float64) string {
	if w := date(at).Weekday(); w == time.Saturday || w == time.Sunday {
		return w.String()
	}
	return ""
}

// onBusinessDays reports whether rows are of business days alone, and some of a Friday and the Monday after it.
func (k *TimeFormat) onBusinessDays(at []float64, group []int32) bool {
	if k.Layout == "" || Zoned(k.Layout) {
		return false
	}
	over := false
	for row := range at {
		if Weekend(at[row]) != "" {
			return false
		}
		over = over || row > 0 && (group == nil || group[row] == group[row-1]) && at[row]-at[row-1] == 3*day && date(at[row]).Weekday() == time.Monday
	}
	return over
}

// everyBusinessDay reports whether there is a row for each business day, weekends among them.
func (k *TimeFormat) everyBusinessDay(at []float64) bool {
	for i := 1; i < len(at); i++ {
		if at[i] != afterBusinessDays(at[i-1], 1) {
			return false
		}
	}
	return k.onBusinessDays(at, nil)
}
