package dates

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// The name of a day before a date, with a comma or without, is read as what it is and not compared with the date. It is no part of
// the layouts that are listed: one that begins with it, such as "Mon, 02.01.2006", is found by what follows the name.

// numericDate begins a date of digits, before which a name can only be that of a day: the mar of "mar 02 2024" is a month.
var numericDate = regexp.MustCompile(`^[0-9]+[-/.][0-9]`)

// cutWeekday cuts a word off the beginning of a field, with the point of a short name, and what separates both. name is "" if no
// date can follow the word.
func cutWeekday(field string) (name, between, date string) {
	end := strings.IndexFunc(field, func(r rune) bool { return !unicode.IsLetter(r) })
	if end <= 0 {
		return "", "", field
	}
	rest := strings.TrimPrefix(field[end:], ".")
	date = strings.TrimLeft(rest, ", ")
	if between = rest[:len(rest)-len(date)]; between != " " && between != ", " {
		return "", "", field
	}
	if word, _ := wordIn(date); word == "" && !numericDate.MatchString(date) {
		return "", "", field
	}
	return field[:end], between, date
}

// englishDay is the layout of a name of a day in English; "" for other words.
func englishDay(name string) string {
	for day := time.Sunday; day <= time.Saturday; day++ {
		switch full := day.String(); {
		case strings.EqualFold(name, full):
			return "Monday"
		case strings.EqualFold(name, full[:3]):
			return "Mon"
		}
	}
	return ""
}

// weekday is the English name of a day, short for a short one; "" for other words.
func (l *language) weekday(name string) string {
	for day, names := range l.days {
		at := slices.IndexFunc(names, func(n string) bool { return strings.EqualFold(n, name) })
		switch english := time.Weekday(day).String(); {
		case at < 0:
		case utf8.RuneCountInString(names[at]) > 3:
			return english
		default:
			return english[:3]
		}
	}
	return ""
}

// ownWeekday writes the day before a date that is formatted in English in the language.
func (l *language) ownWeekday(layout, field string, day time.Weekday) string {
	switch full := day.String(); {
	case strings.HasPrefix(layout, "Monday"):
		return l.days[day][0] + field[len(full):]
	case strings.HasPrefix(layout, "Mon"):
		return l.days[day][1] + field[3:]
	}
	return field
}
