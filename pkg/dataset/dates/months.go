package dates

import (
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Names of months and days in other languages than English are read in their place: a layout that ends with a language, such as
// "02. January 2006@de", reads and writes its names.

// A language has the names of months, and of days from Sunday on: the full one, and the short forms, the usual one first.
type language struct {
	code  string
	names [12][]string
	days  [7][]string
}

// languages are those that are known. Of a name that several share, the first has it.
var languages = []language{
	{"de", [12][]string{{"Januar", "Jan", "Jän", "Jänner"}, {"Februar", "Feb", "Feber"}, {"März", "Mär", "Mrz"}, {"April", "Apr"}, {"Mai", "Mai"}, {"Juni", "Jun"},
		{"Juli", "Jul"}, {"August", "Aug"}, {"September", "Sep", "Sept"}, {"Oktober", "Okt"}, {"November", "Nov"}, {"Dezember", "Dez"}},
		[7][]string{{"Sonntag", "So"}, {"Montag", "Mo"}, {"Dienstag", "Di"}, {"Mittwoch", "Mi"}, {"Donnerstag", "Do"}, {"Freitag", "Fr"}, {"Samstag", "Sa", "Sonnabend"}}},
	{"fr", [12][]string{{"janvier", "janv"}, {"février", "févr", "fév"}, {"mars", "mars"}, {"avril", "avr"}, {"mai", "mai"}, {"juin", "juin"},
		{"juillet", "juil"}, {"août", "août"}, {"septembre", "sept"}, {"octobre", "oct"}, {"novembre", "nov"}, {"décembre", "déc"}},
		[7][]string{{"dimanche", "dim"}, {"lundi", "lun"}, {"mardi", "mar"}, {"mercredi", "mer"}, {"jeudi", "jeu"}, {"vendredi", "ven"}, {"samedi", "sam"}}},
	{"es", [12][]string{{"enero", "ene"}, {"febrero", "feb"}, {"marzo", "mar"}, {"abril", "abr"}, {"mayo", "may"}, {"junio", "jun"},
		{"julio", "jul"}, {"agosto", "ago"}, {"septiembre", "sep", "sept"}, {"octubre", "oct"}, {"noviembre", "nov"}, {"diciembre", "dic"}},
		[7][]string{{"domingo", "dom"}, {"lunes", "lun"}, {"martes", "mar"}, {"miércoles", "mié", "miercoles", "mie"}, {"jueves", "jue"}, {"viernes", "vie"},
			{"sábado", "sáb", "sabado", "sab"}}},
}

var englishMonths = strings.Fields("January February March April May June July August September October November December")

// wordIn is the first run of at least three letters in a field, and where it begins; "" for none.
func wordIn(field string) (word string, at int) {
	for i := 0; i < len(field); {
		n := strings.IndexFunc(field[i:], func(r rune) bool { return !unicode.IsLetter(r) })
		if n < 0 {
			n = len(field) - i
		}
		if utf8.RuneCountInString(field[i:i+n]) >= 3 {
			return field[i : i+n], i
		}
		_, next := utf8.DecodeRuneInString(field[i+n:])
		i += n + next
	}
	return "", 0
}

// month finds a name of a month, and whether it is the full one, a short one or both; -1 for none.
func (l *language) month(word string) (month int, full, short bool) {
	same := func(name string) bool { return strings.EqualFold(name, word) }
	for m, names := range l.names {
		if full, short = same(names[0]), slices.ContainsFunc(names[1:], same); full || short {
			return m, full, short
		}
	}
	return -1, false, false
}

// languageOf is the language of the names of months and days in a column; nil for English, and where there are none. All names are
// of one language, and not all are English.
func languageOf(c *Column) *language {
	if c.Rows == 0 {
		return nil
	}
	day, _, rest := cutWeekday(c.Field(0))
	if word, _ := wordIn(rest); word == "" && day == "" {
		return nil
	}
	for i := range languages {
		l, foreign, known := &languages[i], false, true
		for row := int32(0); row < int32(c.Rows) && known; row++ {
			own := false
			own, known = l.speaks(c.Field(row))
			foreign = foreign || own
		}
		if known && foreign {
			return l
		}
	}
	return nil
}

// speaks reports whether the names in a field are known to the language, and whether some are not English.
func (l *language) speaks(field string) (foreign, known bool) {
	day, _, rest := cutWeekday(field)
	if day != "" {
		foreign = englishDay(day) == ""
		if foreign && l.weekday(day) == "" {
			return false, false
		}
	}
	word, _ := wordIn(rest)
	if word == "" {
		return foreign, day != ""
	}
	month, _, _ := l.month(word)
	if month < 0 {
		return false, false
	}
	return foreign || !strings.EqualFold(word, englishMonths[month]) && !strings.EqualFold(word, englishMonths[month][:3]), true
}

// english writes the names of a field in English, short ones as short ones.
func (l *language) english(layout, field string) string {
	day, between, date := cutWeekday(field)
	if name := l.weekday(day); name != "" {
		day = name
	}
	word, at := wordIn(date)
	month, full, short := l.month(word)
	if month < 0 {
		return day + between + date
	}
	name, rest := englishMonths[month], date[at+len(word):]
	switch spelled := strings.Contains(layout, "January"); {
	case spelled && !full, !spelled && short:
		name, rest = name[:3], strings.TrimPrefix(rest, ".")
	}
	return day + between + date[:at] + name + rest
}

// own writes the month and the day of a date that is formatted in English in the language.
func (l *language) own(layout, field string, t time.Time) string {
	month := t.Month() - 1
	name, short := englishMonths[month], l.names[month][0]
	if !strings.Contains(layout, "January") {
		name, short = name[:3], l.names[month][1]
	}
	return l.ownWeekday(layout, strings.Replace(field, name, short, 1), t.Weekday())
}

// spokenIn cuts the language off a layout; nil for English.
func spokenIn(layout string) (plain string, l *language) {
	plain, code, other := strings.Cut(layout, "@")
	for i := range languages {
		if other && languages[i].code == code {
			return plain, &languages[i]
		}
	}
	return plain, nil
}

// layoutsOf are the layouts that a date in the language may have.
func (l *language) layoutsOf(field string) (list []string) {
	for _, layout := range []string{"January", "Jan"} { // with full and with short names, which may have a point
		for _, one := range layoutsOf(l.english(layout, field)) {
			if strings.Contains(one, "January") == (layout == "January") {
				list = append(list, one+"@"+l.code)
			}
		}
	}
	return list
}
