package table

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// TimeFormat says how the fields of a column of timestamps are written.
type TimeFormat struct {
	Layout string // of dates; "" for numbers
	digits int    // decimals, of numbers and of seconds
}

// ReadTimestamps reads a column of timestamps: dates as seconds, or numbers as they are. group is the series of each
// row, nil for only one; known is the layout of dates in the training split, "" for none, and format the date format that
// dates must have, "" for any.
//
// If all rows match several layouts (day or month first), the one is chosen in which the rows are evenly spaced, by months
// rather than by days: twelve firsts of months are more likely than the first twelve days of one month. Otherwise it is
// the one in which the rows are in order. Two that are as good as each other are an error.
func ReadTimestamps(c *Column, rows int, group []int32, known, format string) (at []float64, how TimeFormat, err *TimestampError) {
	if format != "" {
		layouts, _ := DateLayouts(format) // checked with the spec
		at, how, err = readByLayouts(c, rows, group, layouts)
		if err != nil {
			err.format = format
		}
		return at, how, err
	}
	numbers, how, where := readNumbers(c, rows)
	if numbers != nil && !compact(c, rows) {
		return numbers, how, nil
	}
	first := ""
	if rows > 0 {
		first = c.Field(0)
	}
	layouts := layoutsOf(first)
	if known != "" {
		for _, layout := range []string{known, unpadded(known)} {
			if dates, _ := readDates(c, rows, layout); dates != nil {
				return dates, TimeFormat{layout, fractions(c, rows)}, nil
			}
		}
		alike := slices.DeleteFunc(slices.Clone(layouts), func(l string) bool { return orderOf(l) != orderOf(known) })
		if at, how, err := readByLayouts(c, rows, group, alike); err == nil && orderOf(known) != 0 {
			return at, how, nil
		}
	}
	at, clock, err := readByLayouts(c, rows, group, layouts)
	switch {
	case err == nil:
		return at, clock, nil
	case numbers != nil:
		return numbers, how, nil
	case err.Forms == nil:
		err.Row = max(err.Row, where)
	}
	return nil, how, err
}

// readNumbers reads all rows as numbers, or returns the first that is none.
func readNumbers(c *Column, rows int) (numbers []float64, how TimeFormat, where int32) {
	numbers = make([]float64, rows)
	for row := range int32(rows) {
		field := c.Field(row)
		x, sound := ParseNumber(field)
		if !sound {
			return nil, TimeFormat{}, row
		}
		numbers[row] = x
		if _, behind, cut := strings.Cut(field, "."); cut {
			how.digits = max(how.digits, len(behind))
		}
	}
	return numbers, how, 0
}

// compact reports whether numbers may be dates without signs between: eight digits in a column named as one of dates, or
// fourteen.
func compact(c *Column, rows int) bool {
	digits := 14
	if rows > 0 && len(c.Field(0)) == 8 && strings.Contains(strings.ToLower(c.Name), "date") {
		digits = 8
	}
	for row := range int32(rows) {
		if len(c.Field(row)) != digits {
			return false
		}
	}
	return true
}

// readByLayouts reads all rows by the layout that fits them best.
func readByLayouts(c *Column, rows int, group []int32, layouts []string) (at []float64, how TimeFormat, err *TimestampError) {
	best, furthest := fits(-1), int32(0)
	for _, layout := range layouts {
		dates, to := readDates(c, rows, layout)
		if dates == nil {
			furthest = max(furthest, to)
			continue
		}
		k := TimeFormat{Layout: layout}
		switch fit := k.fit(dates, group); {
		case fit > best:
			best, at, how, err = fit, dates, k, nil
		case fit == best && err == nil && !slices.Equal(dates, at):
			err = &TimestampError{Forms: []string{dateFormat(how.Layout), dateFormat(layout)}}
			for dates[err.Row] == at[err.Row] {
				err.Row++
			}
		}
	}
	if best < 0 {
		return nil, how, &TimestampError{Row: furthest}
	}
	how.digits = fractions(c, rows)
	return at, how, err
}

// fits is how well a layout fits a column.
type fits int

const (
	inDisorder fits = iota
	inOrder
	evenly
	inMonths
)

// fit rates how timestamps follow one another in all groups.
func (k *TimeFormat) fit(at []float64, group []int32) fits {
	fit := inMonths
	for _, own := range byGroup(at, group) {
		if len(own) < 2 {
			continue
		}
		sorted := slices.IsSorted(own)
		slices.Sort(own)
		switch p, even := k.FrequencyOf(own); {
		case even && p.months > 0:
		case even:
			fit = min(fit, evenly)
		case sorted:
			fit = min(fit, inOrder)
		default:
			fit = inDisorder
		}
	}
	return fit
}

// byGroup returns the timestamps of each group.
func byGroup(at []float64, group []int32) (list [][]float64) {
	if group == nil {
		return [][]float64{slices.Clone(at)}
	}
	for row, g := range group {
		for int(g) >= len(list) {
			list = append(list, nil)
		}
		list[g] = append(list[g], at[row])
	}
	return list
}

// readDates reads all rows by one layout, or returns the first row that does not match it.
func readDates(c *Column, rows int, layout string) ([]float64, int32) {
	dates := []float64{} // no rows are no mistake
	for row := range int32(rows) {
		t, ok := ParseDate(layout, c.Field(row))
		if !ok {
			return nil, row
		}
		if row == 0 {
			dates = make([]float64, rows)
		}
		dates[row] = seconds(t)
	}
	return dates, 0
}

// fractions is the largest Fraction of any row.
func fractions(c *Column, rows int) (digits int) {
	for row := range int32(rows) {
		digits = max(digits, Fraction(c.Field(row)))
	}
	return digits
}

func seconds(t time.Time) float64 { return float64(t.Unix()) + float64(t.Nanosecond())/1e9 }

// Frequency is the step between timestamps: a number of months, a business day, or an amount in the unit of the timestamps.
type Frequency struct {
	months   int
	step     float64
	business bool // a step of a day leaves weekends out
}

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
	t, _ := ParseDate(k.Layout, field)
	switch {
	case p.months > 0:
		t = moved(t, p.months*steps)
	case p.business:
		t = date(afterBusinessDays(at, steps))
	default:
		t = date(later).In(t.Location())
	}
	return FormatDate(k.Layout, k.digits, t)
}

// Season guesses after how many steps a series repeats itself, and names the steps.
func (k *TimeFormat) Season(p Frequency) (steps int, what string) {
	if k.Layout == "" { // years with a fraction
		switch per := 1 / p.step; {
		case math.Abs(per-12) < 1e-3:
			return 12, "months"
		case math.Abs(per-4) < 1e-3:
			return 4, "quarters"
		}
		return 0, ""
	}
	switch {
	case p.months == 1:
		return 12, "months"
	case p.months == 3:
		return 4, "quarters"
	case p.months > 0:
		return 0, ""
	case p.business:
		return 5, "business days"
	case p.step == 3600:
		return 24, "hours"
	case p.step == day:
		return 7, "days"
	case p.step == 7*day:
		return 52, "weeks"
	}
	return 0, ""
}
