package table

import (
	"fmt"
	"strings"
	"testing"
)

// Signs of a number are read by one rule, and what does not follow it is no number.
func TestNumberForm(t *testing.T) {
	point, comma := NumberForm{".", ","}, NumberForm{",", "."}
	for _, c := range []struct {
		form        NumberForm
		field, want string // "" for no number
	}{
		{point, "$1,234.50", "1234.50"}, {point, "1,234,567", "1234567"}, {point, "1,23,456.5", "123456.5"}, {point, "12 %", "12"}, {point, "(5)", "-5"},
		{point, "($1,000)", "-1000"}, {point, "-$5", "-5"}, {point, "$-5", "-5"}, {point, "−5.5", "-5.5"}, {point, "–3", "-3"}, {point, "+7€", "7"},
		{point, "USD 3.5", "3.5"}, {point, "3.5 CHF", "3.5"}, {point, "US$4", "4"}, {point, "₹12", "12"}, {point, ".5 %", ".5"}, {point, "1e3", "1e3"}, {point, "007", "007"},
		{point, "1,5", ""}, {point, "1,2345", ""}, {point, "0,123", ""}, {point, "12,34", ""}, {point, "1 234", ""}, {point, "$$5", ""}, {point, "5%%", ""},
		{point, "(-5)", ""}, {point, "--5", ""}, {point, "5-", ""}, {point, "()", ""}, {point, "$", ""}, {point, "5 kg", ""}, {point, "2020-01-02", ""}, {point, "1.2.3", ""},
		{comma, "1.234,50 €", "1234.50"}, {comma, "22,5", "22.5"}, {comma, "1.234", "1234"}, {comma, "1.234.567", "1234567"}, {comma, ",5", ".5"}, {comma, "-1.000", "-1000"},
		{comma, "12.5", ""}, {comma, "0.123", ""}, {comma, "1234.567", ""}, {comma, "192.168.1.1", ""},
		{NumberForm{",", " "}, "1\u00a0234,5", "1234.5"}, {NumberForm{",", " "}, "12 345 678", "12345678"}, {NumberForm{",", " "}, "1 2", ""},
		{NumberForm{".", "'"}, "1’234.5", "1234.5"}, {NumberForm{".", ""}, "1,234", ""}, {NumberForm{".", ""}, "€ 12", "12"}, {NumberForm{"x", "y"}, "$12", ""},
	} {
		got, _, ok := c.form.read(c.field)
		if got != c.want || ok != (c.want != "") {
			t.Errorf("%s with %v: got %q, want %q", c.field, c.form, got, c.want)
		}
		if c.want != "" && c.form.Plain(c.field) != c.want || c.want == "" && c.form.Plain(c.field) != c.field {
			t.Errorf("%s with %v: plainly %q", c.field, c.form, c.form.Plain(c.field))
		}
	}
}

// The whole column decides what a comma is, and if it does not, nothing is read.
func TestFindForm(t *testing.T) {
	for _, c := range []struct {
		fields string // separated by |
		finder FormFinder
		want   string
	}{
		{"1,234|$5|9.75", FormFinder{}, "{. ,} -"},
		{"1,234|5,5|9", FormFinder{}, "- {, .}"},
		{"1,234|5,678|9", FormFinder{}, "{. ,} {, .}"},
		{"1,234|5,678|9", FormFinder{Signs: Signs{Decimal: ","}}, "- {, .}"},
		{"1,234|5,678|9", FormFinder{Signs: Signs{Thousands: ","}}, "{. ,} -"},
		{"1,234|5,678|1,234,567", FormFinder{}, "{. ,} -"},
		{"1,234|1.234", FormFinder{}, "{. ,} {, .}"},
		{"0,234|5,678", FormFinder{}, "- {, .}"},
		{"0,234|5.678", FormFinder{}, "- {, .}"},
		{"0,25|5.75", FormFinder{}, "- -"},
		{"$5|(6)|7 %", FormFinder{}, "{. } -"},
		{"$5|(6)|7.5 %", FormFinder{}, "{. ,} -"},
		{"1 234|56", FormFinder{Spaces: true}, "{.  } -"},
		{"1 234|56", FormFinder{}, "- -"},
		{"1.5|2|-3e5", FormFinder{}, "- -"},
		{"1.234|2", FormFinder{Signs: Signs{Decimal: ","}}, "- {, .}"},
		{"1.5|2", FormFinder{Signs: Signs{Decimal: ","}}, "- -"},
		{"12|13", FormFinder{Signs: Signs{Decimal: ","}}, "- {, .}"},
		{"$5|high|none", FormFinder{}, "{. } -"},
		{"$5|5 kg", FormFinder{}, "- -"},
		{"$5|5 kg", FormFinder{Always: true}, "{. } -"},
		{"2020-01-02|5,5", FormFinder{}, "- -"},
	} {
		column := &Column{}
		for f := range strings.SplitSeq(c.fields, "|") {
			column.Add(f)
		}
		column.Seal()
		found := c.finder.Of(column)
		text := func(f *NumberForm) string {
			if f == nil {
				return "-"
			}
			return fmt.Sprint(*f)
		}
		if got := text(found.Point) + " " + text(found.Comma); got != c.want {
			t.Errorf("%s %+v: got %s, want %s", c.fields, c.finder, got, c.want)
		}
	}
}
