package table

import (
	"fmt"
	"strings"
	"testing"

	"dnn/pkg/dataset/numeral"
)

// The whole column decides what a comma is, and if it does not, nothing is read.
func TestFindForm(t *testing.T) {
	for _, c := range []struct {
		fields string // separated by |
		finder numeral.Finder
		want   string
	}{
		{"1,234|$5|9.75", numeral.Finder{}, "{. ,} -"},
		{"5-|6|7.5-", numeral.Finder{}, "{. ,} -"},
		{"5,5-|6|7", numeral.Finder{}, "- {, .}"},
		{"1,234|5,5|9", numeral.Finder{}, "- {, .}"},
		{"1,234|5,678|9", numeral.Finder{}, "{. ,} {, .}"},
		{"1,234|5,678|9", numeral.Finder{Signs: numeral.Signs{Decimal: ","}}, "- {, .}"},
		{"1,234|5,678|9", numeral.Finder{Signs: numeral.Signs{Thousands: ","}}, "{. ,} -"},
		{"1,234|5,678|1,234,567", numeral.Finder{}, "{. ,} -"},
		{"1,234|1.234", numeral.Finder{}, "{. ,} {, .}"},
		{"0,234|5,678", numeral.Finder{}, "- {, .}"},
		{"0,234|5.678", numeral.Finder{}, "- {, .}"},
		{"0,25|5.75", numeral.Finder{}, "- -"},
		{"$5|(6)|7 %", numeral.Finder{}, "{. } -"},
		{"$5|(6)|7.5 %", numeral.Finder{}, "{. ,} -"},
		{"1 234|56", numeral.Finder{Spaces: true}, "{.  } -"},
		{"1 234|56", numeral.Finder{}, "- -"},
		{"1.5|2|-3e5", numeral.Finder{}, "- -"},
		{"1.234|2", numeral.Finder{Signs: numeral.Signs{Decimal: ","}}, "- {, .}"},
		{"1.5|2", numeral.Finder{Signs: numeral.Signs{Decimal: ","}}, "- -"},
		{"12|13", numeral.Finder{Signs: numeral.Signs{Decimal: ","}}, "- {, .}"},
		{"$5|high|none", numeral.Finder{}, "{. } -"},
		{"$5|5 kg", numeral.Finder{}, "- -"},
		{"$5|5 kg", numeral.Finder{Always: true}, "{. } -"},
		{"2020-01-02|5,5", numeral.Finder{}, "- -"},
	} {
		column := &Column{}
		for f := range strings.SplitSeq(c.fields, "|") {
			column.Add(f)
		}
		column.Seal()
		found := FindForm(column, &c.finder)
		text := func(f *numeral.Form) string {
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
