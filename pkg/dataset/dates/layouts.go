package dates

import (
	"slices"
	"strings"
	"sync"
	"time"
	"unicode"
)

// The layouts of dates that are understood are in Go's notation, except that the month of a layout with a Q is the number
// of a quarter, and that of one with a W the number of a week. Of two that read the same dates, the first is used to write others.

// dates are the layouts of days, of months and of quarters. A Spanish month may have a de before and behind it.
var dates = []string{
	"2006-01-02", "2006-1-2", "2006/01/02", "2006/1/2", "2006.01.02", "2006.1.2", "20060102", "2006-Jan-02", "2006-Jan-2",
	"2006年01月02日", "2006年1月2日", "2006年1月", "2006-01", "2006/01", "2006/1", "01/2006", "1/2006", "2006M01", "200601",
	"01/02/2006", "1/2/2006", "01-02-2006", "1-2-2006", "01/02/06", "1/2/06", "01-02-06", "1-2-06",
	"02/01/2006", "2/1/2006", "02-01-2006", "2-1-2006", "02/01/06", "2/1/06", "02-01-06", "2-1-06",
	"02.01.2006", "2.1.2006", "02.01.06", "2.1.06",
	"02-Jan-2006", "2-Jan-2006", "02-Jan-06", "2-Jan-06", "02/Jan/2006", "2/Jan/2006", "02Jan2006", "2Jan2006",
	"02-January-2006", "2-January-2006", "Jan-2006", "Jan-06", "Jan 2006", "January 2006", "January-2006",
	"2006Q1", "2006-Q1", "2006 Q1", "Q1 2006", "Q1-2006", "Q1/2006",
	"02 Jan 2006", "2 Jan 2006", "02 January 2006", "2 January 2006", "02. January 2006", "2. January 2006", "02. Jan 2006", "2. Jan 2006", "02 Jan 06", "2 Jan 06",
	"Jan 02, 2006", "Jan 2, 2006", "January 02, 2006", "January 2, 2006", "Jan 02 2006", "Jan 2 2006", "January 02 2006", "January 2 2006",
	"02 de January de 2006", "2 de January de 2006", "02 de January del 2006", "2 de January del 2006", "02 de Jan de 2006", "2 de Jan de 2006", "January de 2006",
}

// clocks are the layouts of the time of day, after a day; an offset may follow. isoClocks are those after a year, month and day,
// and halfDays those of twelve hours.
var (
	clocks    = []string{" 15:04:05", " 15:04", ":15:04:05"}
	isoClocks = []string{"T15:04:05", "T15:04", "T150405", "T1504"}
	halfDays  = []string{
		" 03:04:05 PM", " 3:04:05 PM", " 03:04 PM", " 3:04 PM", " 03:04PM", " 3:04PM", ", 03:04 PM", ", 3:04 PM", " 03:04:05 pm", " 3:04:05 pm",
		" 03:04 pm", " 3:04 pm", " 03:04pm", " 3:04pm", ", 03:04 pm", ", 3:04 pm", ", 15:04", ", 15:04:05",
	}
)

// offsets are the layouts of the offset from UTC, after the time of day.
var offsets = []string{"", "-07:00", "Z07:00", "-0700", " -0700", " -07:00", "-07", " UTC", " GMT"}

// whole are layouts in which the parts of a date stand in another order.
var whole = []string{"20060102150405", "Mon Jan 02 15:04:05 2006", "Mon Jan 2 15:04:05 2006", "Mon Jan 02 15:04:05 -0700 2006"}

// dateLayouts are all layouts, by the shape of a date in it.
var dateLayouts = sync.OnceValue(func() map[string][]string {
	byShape := map[string][]string{}
	samples := []time.Time{ // an offset of none may be written Z
		time.Date(2006, 1, 2, 15, 4, 5, 0, time.UTC), time.Date(2006, 1, 2, 15, 4, 5, 0, time.FixedZone("", 3600)),
	}
	for _, layout := range allLayouts() {
		before := ""
		for _, at := range samples {
			if shape := shapeOf(Format(layout, 0, at)); shape != before {
				byShape[shape] = append(byShape[shape], layout)
				before = shape
			}
		}
	}
	return byShape
})

// allLayouts lists the layouts of days with and without the time of day, and the others.
func allLayouts() (list []string) {
	for _, day := range dates {
		list = append(list, day)
		if !strings.Contains(strings.Replace(day, "2006", "", 1), "2") { // of a month
			continue
		}
		times := clocks
		if strings.HasPrefix(day, "2006") {
			times = append(isoClocks, clocks...)
		}
		for _, clock := range times {
			for _, offset := range offsets {
				list = append(list, day+clock+offset)
			}
		}
		for _, clock := range halfDays {
			list = append(list, day+clock)
		}
	}
	return append(append(list, whole...), weekLayouts...)
}

// longestDate is how many bytes a date has at most.
const longestDate = 64

// layoutsOf are the layouts that a date may have, by what stands between its digits and letters. The name of a day may stand before.
func layoutsOf(field string) []string {
	if len(field) > longestDate {
		return nil
	}
	list := dateLayouts()[shapeOf(field)]
	name, between, date := cutWeekday(field)
	day := englishDay(name)
	if day == "" {
		return list
	}
	list = slices.Clone(list) // the day may be part of a layout
	for _, layout := range dateLayouts()[shapeOf(date)] {
		list = append(list, day+between+layout)
	}
	return list
}

// shapeOf is a field with one 9 for each run of digits and one a for each run of letters, without the decimals of seconds.
func shapeOf(field string) string {
	var b strings.Builder
	last := ' '
	for _, c := range field {
		same := c
		switch {
		case unicode.IsDigit(c):
			same = '9'
		case unicode.IsLetter(c):
			same = 'a'
		case c == '+':
			same = '-'
		}
		if same != last || same != '9' && same != 'a' {
			b.WriteRune(same)
		}
		last = same
	}
	shape := b.String()
	for _, decimals := range []string{":9.9", ":9,9"} {
		shape = strings.Replace(shape, decimals, ":9", 1)
	}
	return shape
}
