package dates

import (
	"math"
	"slices"
	"strings"

	"dnn/pkg/dataset/numeral"
)

// TimeFormat says how the fields of a column of timestamps are written.
type TimeFormat struct {
	Layout string // of dates; "" for numbers
	digits int    // decimals, of numbers and of seconds
}

// Column is the fields of a column of timestamps.
type Column struct {
	Name  string
	Rows  int
	Field func(row int32) string
}

// ColumnOf is a column of these fields.
func ColumnOf(name string, fields []string) *Column {
	return &Column{Name: name, Rows: len(fields), Field: func(row int32) string { return fields[row] }}
}

// ReadTimestamps reads a column of timestamps: dates as seconds, or numbers as they are. group is the series of each
// row, nil for only one; known is the layout of dates in the training split, Numbers if it has numbers, "" if it is not known, and
// format the date format that dates must have, "" for any.
//
// If all rows match several layouts (day or month first), the one is chosen in which the rows are evenly spaced, by months
// rather than by days: twelve firsts of months are more likely than the first twelve days of one month. Otherwise it is
// the one in which the rows are in order. Two that are as good as each other are an error.
func ReadTimestamps(c *Column, group []int32, known, format string) (at []float64, how TimeFormat, err *TimestampError) {
	if format != "" {
		layouts, _ := Layouts(format) // checked with the spec
		if other := languageOf(c); other != nil {
			for i := range layouts {
				layouts[i] += "@" + other.code
			}
		}
		at, how, err = readByLayouts(c, group, layouts)
		if err != nil {
			err.format = format
		}
		return at, how, err
	}
	numbers, how, where := readNumbers(c)
	if numbers != nil && (known == Numbers || !compact(c) && !digitsOnly(known)) {
		return numbers, how, nil
	}
	if known == Numbers {
		known = ""
	}
	first := ""
	if c.Rows > 0 {
		first = c.Field(0)
	}
	layouts := layoutsOf(first)
	if other := languageOf(c); other != nil {
		layouts = other.layoutsOf(first)
	}
	if known != "" {
		for _, layout := range []string{known, unpadded(known)} {
			if dates, _ := readDates(c, layout); dates != nil {
				return dates, TimeFormat{layout, fractions(c)}, nil
			}
		}
		alike := slices.DeleteFunc(slices.Clone(layouts), func(l string) bool { return orderOf(l) != orderOf(known) })
		if at, how, err := readByLayouts(c, group, alike); err == nil && orderOf(known) != 0 {
			return at, how, nil
		}
	}
	at, clock, err := readByLayouts(c, group, layouts)
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

// readNumbers reads all rows as numbers, or returns the first that is not a number.
func readNumbers(c *Column) (numbers []float64, how TimeFormat, where int32) {
	numbers = make([]float64, c.Rows)
	for row := range int32(c.Rows) {
		field := c.Field(row)
		x, sound := numeral.Parse(field)
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

// Numbers is what is known of timestamps that are no dates.
const Numbers = "numbers"

// digitsOnly reports whether dates of a layout are numbers.
func digitsOnly(layout string) bool { return layout != "" && strings.Trim(layout, "0123456789") == "" }

// compact reports whether numbers may be dates without signs between: fourteen digits, or eight in a column that is named as one of
// dates, or in which several rows have eight that are days of our times, or six that are months.
func compact(c *Column) bool {
	digits := 14
	if c.Rows > 0 && len(c.Field(0)) <= 8 {
		digits = len(c.Field(0))
	}
	named := digits == 8 && strings.Contains(strings.ToLower(c.Name), "date")
	if digits < 14 && !named && c.Rows < fewDays {
		return false
	}
	for row := range int32(c.Rows) {
		field := c.Field(row)
		if len(field) != digits || digits < 14 && !named && !Likely(field) {
			return false
		}
	}
	return true
}

// fewDays is how many rows show that numbers of eight digits are days, and those of six are months.
const fewDays = 3

// Likely reports whether a field is eight digits that are a day from 1900 to 2100, or six that are a month of these years.
func Likely(field string) bool {
	layout := "20060102"
	if len(field) == 6 {
		layout = "200601"
	}
	t, ok := Parse(layout, field)
	return ok && t.Year() >= 1900 && t.Year() <= 2100
}

// readByLayouts reads all rows by the layout that fits them best.
func readByLayouts(c *Column, group []int32, layouts []string) (at []float64, how TimeFormat, err *TimestampError) {
	best, furthest := fits(-1), int32(0)
	for _, layout := range layouts {
		dates, to := readDates(c, layout)
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
	how.digits = fractions(c)
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

// Rising reports whether timestamps rise from row to row of each group.
func Rising(at []float64, group []int32) bool {
	for _, own := range byGroup(at, group) {
		for i := 1; i < len(own); i++ {
			if own[i] <= own[i-1] {
				return false
			}
		}
	}
	return true
}

// readDates reads all rows by one layout, or returns the first row that does not match it.
func readDates(c *Column, layout string) ([]float64, int32) {
	dates := []float64{} // no rows are no mistake
	for row := range int32(c.Rows) {
		t, ok := Parse(layout, c.Field(row))
		if !ok {
			return nil, row
		}
		if row == 0 {
			dates = make([]float64, c.Rows)
		}
		dates[row] = seconds(t)
	}
	return dates, 0
}

// fractions is the largest Fraction of any row.
func fractions(c *Column) (digits int) {
	for row := range int32(c.Rows) {
		digits = max(digits, Fraction(c.Field(row)))
	}
	return digits
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
