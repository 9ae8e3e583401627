package dates

import (
	"fmt"
	"strings"
	"time"

	"dnn/internal/phrase"
)

// dateCodes are the codes of a date format, as in C's strftime and pandas, with the words of a layout that they stand for.
var dateCodes = []struct{ code, word string }{
	{"%Y", "2006"}, {"%B", "January"}, {"%b", "Jan"}, {"%A", "Monday"}, {"%a", "Mon"}, {"%m", "01"}, {"%d", "02"}, {"%y", "06"},
	{"%H", "15"}, {"%I", "03"}, {"%M", "04"}, {"%S", "05"}, {"%p", "PM"}, {"%z", "Z07:00"},
}

// otherWords are words of layouts beyond those of the codes.
var otherWords = []string{"pm", "%p", "-07:00", "%z", "-0700", "%z", "-07", "%z", "1", "%m", "2", "%d", "3", "%I"}

// Layouts turns a date format such as "%d/%m/%Y" into the layouts that it stands for.
func Layouts(format string) (layouts []string, err error) {
	text := strings.NewReplacer("%F", "%Y-%m-%d", "%T", "%H:%M:%S").Replace(format)
	text = strings.NewReplacer("%S.%f", "%S", "%S,%f", "%S").Replace(text) // decimals of seconds are always read
	pad := !strings.Contains(text, "%-")
	text = strings.ReplaceAll(text, "%-", "%")
	if !strings.Contains(text, "%Y") && !strings.Contains(text, "%y") {
		return nil, fmt.Errorf(`expected codes such as "%%d/%%m/%%Y" or "%%Y-%%m-%%d %%H:%%M", with a year, got %q`, format)
	}
	var b strings.Builder
next:
	for rest := text; rest != ""; {
		if rest[0] != '%' {
			if rest[0] >= '0' && rest[0] <= '9' || rest[0] == '_' {
				return nil, fmt.Errorf("%q cannot stand for itself in a date format", rest[:1])
			}
			b.WriteByte(rest[0])
			rest = rest[1:]
			continue
		}
		for _, c := range dateCodes {
			if strings.HasPrefix(rest, c.code) {
				b.WriteString(c.word)
				rest = rest[2:]
				continue next
			}
		}
		return nil, fmt.Errorf("unknown code %s in %q; the codes are %%Y %%y %%m %%b %%B %%d %%a %%A %%H %%I %%M %%S %%f %%p %%z", phrase.Quote(rest[:min(2, len(rest))]), format)
	}
	layouts = []string{b.String(), unpadded(b.String())}
	if !pad {
		layouts[0], layouts[1] = layouts[1], layouts[0]
	}
	return alternatives(alternatives(layouts, "PM", "pm"), "Z07:00", "-07:00", "-0700", "-07"), nil
}

// alternatives adds the layouts that have other words in place of one.
func alternatives(layouts []string, word string, others ...string) (list []string) {
	for _, layout := range layouts {
		list = append(list, layout)
		for _, other := range others {
			if strings.Contains(layout, word) {
				list = append(list, strings.Replace(layout, word, other, 1))
			}
		}
	}
	return list
}

// dateFormat is the date format of a layout.
func dateFormat(layout string) string {
	plain, _ := spokenIn(layout)
	return toCodes.Replace(plain)
}

var toCodes = func() *strings.Replacer {
	var pairs []string
	for _, c := range dateCodes {
		pairs = append(pairs, c.word, c.code)
	}
	return strings.NewReplacer(append(pairs, otherWords...)...)
}()

// TimestampError says why a column holds no timestamps.
type TimestampError struct {
	Row    int32    // the first that is neither a number nor a date like the others
	Forms  []string // or two date formats by which all rows are dates, but different ones
	format string   // the date format that was asked for
}

func (e *TimestampError) Error() string {
	switch {
	case e.Forms != nil:
		return fmt.Sprintf("the dates can be read with the day or the month first; choose with date_format: %q or date_format: %q", e.Forms[0], e.Forms[1])
	case e.format != "":
		return fmt.Sprintf("does not match date_format: %q", e.format)
	}
	return "is neither a number nor a date like the others (date_format says how dates are written)"
}

// Parse parses a date by a layout, and keeps its offset. Two digits of a year are 1969 to 2068, as in POSIX.
func Parse(layout, field string) (time.Time, bool) {
	layout, other := spokenIn(layout)
	if other != nil {
		field = other.english(layout, field)
	}
	if weekly(layout) {
		return parseWeek(layout, field)
	}
	t, err := time.ParseInLocation(layout, field, time.UTC) // not time.Parse, which reads the machine's time zone
	if err != nil || !quarterly(layout) {
		return t, err == nil
	}
	quarter := t.Month()
	return time.Date(t.Year(), 3*quarter-2, 1, 0, 0, 0, 0, time.UTC), quarter <= 4
}

// Format formats a date by a layout, with that many decimals of its seconds.
func Format(layout string, digits int, t time.Time) string {
	layout, other := spokenIn(layout)
	if weekly(layout) {
		return formatWeek(layout, t)
	}
	if quarterly(layout) {
		t = time.Date(t.Year(), (t.Month()+2)/3, 1, 0, 0, 0, 0, time.UTC)
	}
	unit := time.Second
	if digits > 0 {
		layout = strings.Replace(layout, ":05", ":05."+strings.Repeat("0", digits), 1)
		for range digits {
			unit /= 10
		}
	}
	t = t.Round(unit)
	if other != nil {
		return other.own(layout, t.Format(layout), t)
	}
	return t.Format(layout)
}

// Fraction is the number of decimals of the seconds of a date, at most nine.
func Fraction(field string) (digits int) {
	point := strings.LastIndexAny(field, ".,")
	if point < 3 || field[point-3] != ':' {
		return 0
	}
	for _, c := range field[point+1:] {
		if c < '0' || c > '9' {
			break
		}
		digits++
	}
	return min(digits, 9)
}

// quarterly reports whether a layout counts quarters.
func quarterly(layout string) bool { return strings.Contains(layout, "Q") }

// Zoned reports whether a layout has an offset from UTC.
func Zoned(layout string) bool {
	return strings.Contains(layout, "07") || strings.HasSuffix(layout, " UTC") || strings.HasSuffix(layout, " GMT")
}

// TimeOfDay reports whether a layout has the time of day, but no offset.
func TimeOfDay(layout string) bool { return strings.Contains(layout, "04") && !Zoned(layout) }

// orderOf is 1 if the day of a layout stands before its month, -1 if behind it, and 0 where that cannot be mistaken.
func orderOf(layout string) int {
	_, _, date := cutWeekday(layout)
	short := unpadded(date)
	day, month := strings.Index(short, "2"), strings.Index(short, "1")
	switch {
	case day < 0 || month < 0 || strings.HasPrefix(date, "2006") || strings.Contains(layout, "Jan"):
		return 0
	case day < month:
		return 1
	}
	return -1
}

// unpadded is a layout whose days, months and hours need no leading zero.
func unpadded(layout string) string { return withoutZeros.Replace(layout) }

var withoutZeros = strings.NewReplacer("2006", "2006", "01", "1", "02", "2", "03", "3")
