package numeral

import (
	"testing"
)

// Signs of a number are read by one rule, and what does not follow it is no number.
func TestNumberForm(t *testing.T) {
	point, comma := Form{".", ","}, Form{",", "."}
	for _, c := range []struct {
		form        Form
		field, want string // "" for no number
	}{
		{point, "$1,234.50", "1234.50"}, {point, "1,234,567", "1234567"}, {point, "1,23,456.5", "123456.5"}, {point, "12 %", "12"}, {point, "(5)", "-5"},
		{point, "($1,000)", "-1000"}, {point, "-$5", "-5"}, {point, "$-5", "-5"}, {point, "−5.5", "-5.5"}, {point, "–3", "-3"}, {point, "+7€", "7"},
		{point, "USD 3.5", "3.5"}, {point, "3.5 CHF", "3.5"}, {point, "US$4", "4"}, {point, "₹12", "12"}, {point, ".5 %", ".5"}, {point, "1e3", "1e3"}, {point, "007", "007"},
		{point, "1,5", ""}, {point, "1,2345", ""}, {point, "0,123", ""}, {point, "12,34", ""}, {point, "1 234", ""}, {point, "$$5", ""}, {point, "5%%", ""},
		{point, "(-5)", ""}, {point, "--5", ""}, {point, "5-", "-5"}, {point, "1,234.5- €", "-1234.5"}, {point, "-5-", ""}, {point, "(5-)", ""}, {point, "-", ""}, {point, "5-6", ""}, {point, "()", ""}, {point, "$", ""}, {point, "5 kg", ""}, {point, "2020-01-02", ""}, {point, "1.2.3", ""},
		{comma, "1.234,50 €", "1234.50"}, {comma, "22,5", "22.5"}, {comma, "1.234", "1234"}, {comma, "1.234.567", "1234567"}, {comma, ",5", ".5"}, {comma, "-1.000", "-1000"},
		{comma, "12.5", ""}, {comma, "0.123", ""}, {comma, "1234.567", ""}, {comma, "192.168.1.1", ""},
		{Form{",", " "}, "1\u00a0234,5", "1234.5"}, {Form{",", " "}, "12 345 678", "12345678"}, {Form{",", " "}, "1 2", ""},
		{Form{".", "'"}, "1’234.5", "1234.5"}, {Form{".", ""}, "1,234", ""}, {Form{".", ""}, "€ 12", "12"}, {Form{"x", "y"}, "$12", ""},
	} {
		got, _, ok := c.form.Read(c.field)
		if got != c.want || ok != (c.want != "") {
			t.Errorf("%s with %v: got %q, want %q", c.field, c.form, got, c.want)
		}
		if c.want != "" && c.form.Plain(c.field) != c.want || c.want == "" && c.form.Plain(c.field) != c.field {
			t.Errorf("%s with %v: plainly %q", c.field, c.form, c.form.Plain(c.field))
		}
	}
}
