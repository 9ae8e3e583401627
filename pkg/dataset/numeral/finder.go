package numeral

import (
	"iter"
	"slices"
	"strings"
	"unicode"
)

// Finder looks for the form of a column's numbers.
type Finder struct {
	Signs  Signs
	Spaces bool // spaces may stand between thousands: no field lists several numbers
	Always bool // all fields are to be numbers, so others do not speak against a form
}

// Found is the form of a column: the one with a decimal point that reads all numbers, and the one with a decimal comma; nil where
// there is none. If there are both, they read some numbers differently.
type Found struct {
	Point, Comma *Form
	Odd          bool // some fields are no numbers without a form
}

// Of finds the forms that read all numbers of a column, given its fields, and those of them that are no plain decimals. Fields
// without a digit are not looked at.
func (f *Finder) Of(fields, odd iter.Seq[string]) Found {
	all := f.Signs.forms(f.Spaces)
	s := formSearch{alive: all, seen: map[string]bool{}}
	some, unread := false, map[string]bool{}
	for field := range odd {
		switch {
		case len(s.alive) == 0 || s.seen[field] || unread[field] || plainly(field) || !strings.ContainsFunc(field, unicode.IsDigit) || KnownGap(field):
		case f.Always && !reads(all, field):
			unread[field] = true
		default:
			some = true
			s.narrow(field)
		}
	}
	if !some && f.Signs.Decimal != "," {
		return Found{}
	}
	for field := range fields {
		if strings.IndexByte(field, '.') >= 0 && !s.seen[field] && plainly(field) {
			s.narrow(field)
		}
	}
	if len(s.alive) == 0 {
		return Found{}
	}
	s.settle(f.Signs.Decimal == "," || f.Signs.Decimal == ".")
	found := Found{Point: s.choose("."), Comma: s.choose(","), Odd: some}
	if found.Point != nil && !s.differ {
		found.Comma = nil
	}
	return found
}

// reads reports whether any form reads a field.
func reads(forms []Form, field string) bool {
	return slices.ContainsFunc(forms, func(form Form) bool { _, _, ok := form.Read(field); return ok })
}

// formSearch is the state of a search.
type formSearch struct {
	alive  []Form          // those that read all fields so far
	seen   map[string]bool // fields that are evidence for or against a form
	differ bool            // the forms read a field differently
	sure   bool            // a decimal sign or a sign between thousands occurs, or the settings name one
}

// narrow takes a field.
func (s *formSearch) narrow(field string) {
	s.seen[field] = true
	s.alive = slices.DeleteFunc(slices.Clone(s.alive), func(form Form) bool {
		_, _, ok := form.Read(field)
		return !ok
	})
}

// settle looks at all fields as the forms that are left read them.
func (s *formSearch) settle(set bool) {
	s.sure = set
	for field := range s.seen {
		first := ""
		for i, form := range s.alive {
			text, m, _ := form.Read(field)
			if i == 0 {
				first = text
			}
			s.differ = s.differ || text != first
			s.sure = s.sure || m.point || m.grouped
		}
	}
}

// choose is the form with a decimal sign. Signs between thousands that do not occur are expected only if the decimal sign is sure.
func (s *formSearch) choose(decimal string) *Form {
	var usual, none *Form
	for i := range s.alive {
		switch form := &s.alive[i]; {
		case form.Decimal != decimal:
		case form.Thousands == "":
			none = form
		case usual == nil:
			usual = form
		}
	}
	if usual != nil && (none == nil || s.sure) {
		return usual
	}
	return none
}

// PointsOf says what the points in a column of plain numbers may be: decimal ones if any number cannot be grouped by them, and signs
// between thousands if all that have points can.
func PointsOf(fields iter.Seq[string]) (decimals, thousands bool) {
	for field := range fields {
		if strings.IndexByte(field, '.') < 0 || !plainly(field) {
			continue
		}
		if !groupedBy[",."].MatchString(strings.TrimPrefix(field, "-")) {
			return true, false
		}
		thousands = true
	}
	return false, thousands
}

// Read is what was read of a column's signs.
type Read struct {
	Rows       int    // with a field that is a number only in its form
	Numbers    int    // in all
	Percent    int    // of these
	Example    string // the first
	Plain      string // and the number that it is
	Currencies []string
	Separated  bool // a decimal comma, or signs between thousands
}

// Rewrite writes a number plainly, and notes what it bore. Other fields stay.
func (n *Read) Rewrite(form *Form, field string) string {
	plain, m, ok := form.Read(field)
	if !ok {
		return field
	}
	n.take(form, field, plain, &m)
	return plain
}

// take counts a number.
func (n *Read) take(form *Form, field, plain string, m *marks) {
	n.Numbers++
	if m.percent {
		n.Percent++
	}
	if m.currency != "" && !slices.Contains(n.Currencies, m.currency) {
		n.Currencies = append(n.Currencies, m.currency)
	}
	comma := m.point && form.Decimal == ","
	n.Separated = n.Separated || m.grouped || comma
	if !m.odd() && !comma {
		return
	}
	if n.Rows++; n.Rows == 1 {
		n.Example, n.Plain = strings.Clone(field), plain
	}
}
