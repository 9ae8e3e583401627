package numeral

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"dnn/pkg/spec"
)

// People write numbers with signs: $1,234.50, 1.234,50 €, 12 %, (5) or 5- for -5, or a typographic minus. In a column of numbers signs
// count as follows, in training and later: currency and percent signs are left out (12 % is 12), parentheses, and a minus behind, are
// a minus, signs between thousands are left out, and a decimal comma is a point. Which of a comma and a point is the decimal one is
// found out from the whole column, or set.

// Signs are the settings for the signs of numbers.
type Signs struct {
	Decimal   string `json:"decimal,omitempty" default:"auto" doc:"the sign before decimals, a point or a comma; auto: found out for each column from all its numbers, or from the other columns, and told"`
	Thousands string `json:"thousands,omitempty" default:"auto" doc:"the sign between thousands: a comma, a point, an apostrophe, a space or none; auto: found out for each column"`
}

// NumberSigns are the settings.
func (s *Signs) NumberSigns() Signs { return *s }

// CheckSigns requires two different signs.
func (s *Signs) CheckSigns(path string, p *spec.Problems) {
	if _, known := map[string]bool{"": true, "auto": true, ".": true, ",": true}[s.Decimal]; !known {
		p.Add(path+".decimal", `must be ".", "," or auto; got %q`, s.Decimal)
		s.Decimal = "auto"
	}
	if _, known := map[string]bool{"": true, "auto": true, "none": true, ".": true, ",": true, "'": true, " ": true}[s.Thousands]; !known {
		p.Add(path+".thousands", `must be ",", ".", "'", " ", none or auto; got %q`, s.Thousands)
		s.Thousands = "auto"
	}
	if s.Decimal == s.Thousands && s.Decimal != "auto" && s.Decimal != "" {
		p.Add(path+".thousands", "is the decimal sign, too: %q", s.Decimal)
		s.Thousands = "auto"
	}
}

// forms are those that the settings allow, the most likely first.
func (s Signs) forms(spaces bool) (list []Form) {
	for _, decimal := range []string{".", ","} {
		for _, thousands := range []string{",", ".", "'", " ", ""} {
			switch {
			case decimal == thousands || thousands == " " && !spaces:
			case s.Decimal != "" && s.Decimal != "auto" && s.Decimal != decimal:
			case s.Thousands == "none" && thousands != "":
			case s.Thousands != "" && s.Thousands != "auto" && s.Thousands != "none" && s.Thousands != thousands:
			default:
				list = append(list, Form{Decimal: decimal, Thousands: thousands})
			}
		}
	}
	return list
}

// Form is how the numbers of a column are written.
type Form struct {
	Decimal   string `json:"decimal"`             // a point or a comma
	Thousands string `json:"thousands,omitempty"` // what may stand between thousands
}

// marks are what a number bears besides digits.
type marks struct {
	grouped, point  bool // signs between thousands; a decimal sign
	percent, minus  bool // a minus that keyboards lack, or one behind the digits
	parenthesized   bool
	signed, negated bool
	currency        string
}

// odd reports whether there is any but a decimal point.
func (m *marks) odd() bool {
	return m.grouped || m.percent || m.minus || m.currency != "" || m.parenthesized
}

// minusSigns are the signs that typographers, and other programs, write for a minus.
const minusSigns = "−‐‑–﹣－"

// spacesWithin are those that may stand between thousands.
var spacesWithin = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2009", " ", "\u2007", " ", "’", "'")

// currencies are words for currencies; their signs are known to Unicode.
var currencies = regexp.MustCompile(`^(?:USD|EUR|GBP|JPY|CHF|CNY|INR|BRL|CAD|AUD|US\$|R\$|A\$|C\$|Rs\.?|kr\.?|zł|Fr\.?)|(?:USD|EUR|GBP|JPY|CHF|CNY|INR|BRL|CAD|AUD|kr\.?|zł|Fr\.?)$`)

// strip takes the signs off a number, and returns the rest: digits, and signs between them.
func strip(field string) (core string, m marks, ok bool) {
	core = spacesWithin.Replace(field)
	for core != "" {
		first, size := utf8.DecodeRuneInString(core)
		last, end := utf8.DecodeLastRuneInString(core)
		word := currencies.FindString(core)
		switch {
		case first == ' ' || last == ' ':
			core = strings.Trim(core, " ")
		case !m.signed && !m.parenthesized && (first == '+' || first == '-' || strings.ContainsRune(minusSigns, first)):
			m.signed, m.negated, m.minus = true, first != '+', first != '+' && first != '-'
			core = core[size:]
		case !m.signed && !m.parenthesized && len(core) > end && (last == '-' || strings.ContainsRune(minusSigns, last)): // as SAP writes
			m.signed, m.negated, m.minus = true, true, true
			core = core[:len(core)-end]
		case first == '(' && last == ')' && !m.signed && !m.parenthesized:
			m.parenthesized, m.negated = true, true
			core = core[1 : len(core)-1]
		case m.currency == "" && word != "":
			m.currency = word
			core = strings.TrimSuffix(strings.TrimPrefix(core, word), word)
		case m.currency == "" && unicode.Is(unicode.Sc, first):
			m.currency, core = string(first), core[size:]
		case m.currency == "" && unicode.Is(unicode.Sc, last):
			m.currency, core = string(last), core[:len(core)-end]
		case !m.percent && (last == '%' || last == '％'):
			m.percent, core = true, core[:len(core)-end]
		default:
			return core, m, first >= '0' && first <= '9' || first == '.' || first == ','
		}
	}
	return "", m, false
}

// Numbers with and without signs between thousands, by the decimal sign: those of India have pairs of digits before the last three.
var (
	groupedBy = map[string]*regexp.Regexp{}
	decimalBy = map[string]*regexp.Regexp{
		".": regexp.MustCompile(`^([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?$`),
		",": regexp.MustCompile(`^([0-9]+(,[0-9]*)?|,[0-9]+)([eE][-+]?[0-9]+)?$`),
	}
)

func init() {
	for _, decimal := range []string{".", ","} {
		for _, t := range []string{",", ".", "'", " "} {
			between := regexp.QuoteMeta(t)
			groupedBy[decimal+t] = regexp.MustCompile(`^[1-9][0-9]{0,2}((` + between + `[0-9]{3})+|(` + between + `[0-9]{2})+` + between + `[0-9]{3})(` + regexp.QuoteMeta(decimal) + `[0-9]*)?$`)
		}
	}
}

// Read reads a number, and returns it as it is written plainly.
func (f Form) Read(field string) (plain string, m marks, ok bool) {
	core, m, ok := strip(field)
	if !ok {
		return "", m, false
	}
	grouped, single := groupedBy[f.Decimal+f.Thousands], decimalBy[f.Decimal] // nil of a form that a damaged file has
	switch {
	case grouped != nil && grouped.MatchString(core):
		m.grouped = true
		core = strings.ReplaceAll(core, f.Thousands, "")
	case single == nil || !single.MatchString(core):
		return "", m, false
	}
	m.point = strings.Contains(core, f.Decimal)
	if core = strings.Replace(core, f.Decimal, ".", 1); m.negated {
		core = "-" + core
	}
	return core, m, true
}

// Plain returns the plain form of a number; any other field as it is.
func (f *Form) Plain(field string) string {
	if f == nil || field == "" || f.Decimal == "." && plainly(field) {
		return field
	}
	if plain, _, ok := f.Read(field); ok {
		return plain
	}
	return field
}

// plainly reports whether a field is a number without a form.
func plainly(field string) bool {
	_, ok := Parse(field)
	return ok
}
