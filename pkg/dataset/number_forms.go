package dataset

import (
	"fmt"
	"maps"
	"slices"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/format"
	"dnn/pkg/dataset/numeral"
	"dnn/pkg/dataset/table"
)

// readForms writes numbers that bear signs plainly, in the columns of numbers of all tables. The form of a column is learned from the
// table that is trained on, unless a schema says it.
func (l *arranger) readForms(tables map[string]*table.Table) map[string]numeral.Form {
	var forms map[string]numeral.Form
	if l.fitted == nil {
		forms = l.findForms(tables)
	} else if l.fitted.Gaps != nil {
		forms = l.fitted.Gaps.Forms
	}
	notes := map[string]*numeral.Read{}
	for _, split := range l.settings.Format.Given() {
		for name, form := range forms {
			if t := tables[split]; t != nil && t.Column(name) != nil && t.Column(name).IsText() {
				if notes[name] == nil {
					notes[name] = &numeral.Read{}
				}
				table.ReadNumbers(t.Column(name), &form, notes[name])
			}
		}
	}
	l.tellForms(forms, notes)
	return forms
}

// numberColumn is a column that holds numbers, or may.
type numberColumn struct {
	*table.Column
	always bool
	found  numeral.Found
}

// findForms looks for the forms of the columns of numbers. Where it is open whether a comma or a point is the decimal sign, the other
// columns decide if they agree.
func (l *arranger) findForms(tables map[string]*table.Table) map[string]numeral.Form {
	t := tables[""]
	if t == nil {
		t = tables["train"]
	}
	if _, rows := l.settings.Format.(format.Gapped); !rows || t == nil {
		return nil
	}
	var columns []numberColumn
	points, commas := false, false // decimal signs of which one is sure
	for _, c := range t.Columns {
		always, maybe := numeric(l.settings, c.Name)
		if !c.IsText() || !always && !maybe {
			continue
		}
		finder := numeral.Finder{Signs: signsOf(l.settings.Format), Spaces: !l.lists(c.Name), Always: always}
		one := numberColumn{c, always, table.FindForm(c, &finder)}
		l.checkPoints(c, finder.Signs, &one.found)
		points = points || one.found.Point != nil && one.found.Comma == nil && one.found.Odd && one.found.Point.Thousands != ""
		commas = commas || one.found.Comma != nil && one.found.Point == nil
		columns = append(columns, one)
	}
	forms := map[string]numeral.Form{}
	for _, c := range columns {
		form := l.choose(&c, points, commas, columns)
		if form == nil {
			continue
		}
		if !c.always {
			tried := t.Column(c.Name).Only(table.AllRows(t))
			table.ReadNumbers(tried, form, &numeral.Read{})
			if _, numbers := tried.GapWords(t.Rows); !numbers {
				continue
			}
		}
		forms[c.Name] = *form
	}
	return forms
}

// choose is the form of a column; nil for none, or if it is open.
func (l *arranger) choose(c *numberColumn, points, commas bool, all []numberColumn) *numeral.Form {
	point, comma := c.found.Point, c.found.Comma
	switch {
	case point == nil && comma == nil && !c.found.Odd && commas && !points && c.HoldsNumbers():
		if _, thousands := table.PointsOf(c.Column); thousands {
			l.Warn("%s is read with points between thousands, since other columns have decimal commas; decimal: \".\" reads plain numbers", c.Name)
			return &numeral.Form{Decimal: ",", Thousands: "."}
		}
		return nil
	case point == nil || comma == nil:
		if point == nil {
			return comma
		}
		return point
	}
	if !points {
		points = slices.ContainsFunc(all, func(other numberColumn) bool {
			decimals, _ := table.PointsOf(other.Column)
			return other.found.Comma == nil && decimals
		})
	}
	switch {
	case points && !commas:
		return point
	case commas && !points:
		return comma
	}
	return nil
}

// checkPoints reports a column of plain numbers that do not fit the decimal comma of the settings.
func (l *arranger) checkPoints(c *table.Column, signs numeral.Signs, found *numeral.Found) {
	if signs.Decimal != "," || found.Comma != nil || !c.HoldsNumbers() {
		return
	}
	if decimals, _ := table.PointsOf(c); decimals {
		l.p.Add(root+".decimal", "%s has numbers with a decimal point; leave decimal out to have the sign of each column found out", c.Name)
	}
}

// lists reports whether a field of a column may hold several numbers.
func (l *arranger) lists(name string) bool {
	return slices.ContainsFunc(kindsOf(l.settings, name), func(kind any) bool {
		_, lists := kind.(column.Listing)
		return lists
	})
}

// signsOf are the settings of a format for the signs of numbers.
func signsOf(f format.Format) numeral.Signs {
	if s, ok := f.(interface{ NumberSigns() numeral.Signs }); ok {
		return s.NumberSigns()
	}
	return numeral.Signs{}
}

// decimalToSet is the decimal sign that says what was found out of the forms of columns; "" if none does for all columns.
func (l *loader) decimalToSet(tables map[string]*table.Table) (decimal string) {
	if _, settable := l.settings.Format.(interface{ NumberSigns() numeral.Signs }); !settable || l.gaps == nil {
		return ""
	}
	for _, form := range l.gaps.Forms {
		if form.Decimal == "." && form.Thousands == "" { // it has neither sign
			continue
		}
		if decimal != "" && decimal != form.Decimal {
			return ""
		}
		decimal = form.Decimal
	}
	for _, t := range tables {
		for _, c := range t.Columns {
			if _, formed := l.gaps.Forms[c.Name]; formed || decimal != "," || !c.IsText() || !c.HoldsNumbers() {
				continue
			}
			if points, _ := table.PointsOf(c); points {
				return ""
			}
		}
	}
	return decimal
}

// tellForms notes how numbers with signs are read: in one line those that can only mean one thing, and those whose separators were found
// out with a warning.
func (l *arranger) tellForms(forms map[string]numeral.Form, notes map[string]*numeral.Read) {
	if l.fitted != nil {
		return
	}
	signs := signsOf(l.settings.Format)
	_, settable := l.settings.Format.(interface{ NumberSigns() numeral.Signs })
	open := settable && (signs.Decimal == "auto" || signs.Decimal == "")
	var sure, found []string
	decimals := map[string]bool{}
	for _, name := range slices.Sorted(maps.Keys(notes)) {
		n := notes[name]
		if n.Rows == 0 {
			continue
		}
		text := fmt.Sprintf("%s in %s (%s is %s)", phrase.Count(n.Rows, "row"), name, phrase.Quote(n.Example), n.Plain)
		if n.Separated && open {
			found, decimals[forms[name].Decimal] = append(found, text), true
		} else {
			sure = append(sure, text)
		}
		if n.Percent > 0 && n.Percent < n.Numbers {
			l.Warn("%s has a percent sign in %d of %d numbers; the sign is left out, so 12 %% and 12 are the same", name, n.Percent, n.Numbers)
		}
		if len(n.Currencies) > 1 {
			l.Warn("%s has several currencies: %s; the signs are left out, so the numbers are of different units", name, phrase.List(n.Currencies))
		}
	}
	if len(sure) > 0 {
		l.Note("numbers with signs: %s", phrase.Join(sure))
	}
	if len(found) > 0 {
		hint := ""
		if len(decimals) == 1 {
			for decimal := range decimals {
				hint = fmt.Sprintf("; to read them so without this warning set decimal: %q", decimal)
			}
		}
		l.Warn("numbers with signs: %s%s", phrase.Join(found), hint)
	}
}
