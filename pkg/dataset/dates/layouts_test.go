package dates

import (
	"strings"
	"testing"
	"time"
)

// TestDatesComeBack: what a form reads is written in it again, with offsets and fractions of seconds.
func TestDatesComeBack(t *testing.T) {
	zone := time.FixedZone("", 5*3600+1800)
	for shape, layouts := range dateLayouts() {
		for _, layout := range layouts {
			timestamp := time.Date(2024, 10, 1, 0, 0, 0, 0, time.UTC)
			if strings.Contains(layout, "04") {
				timestamp = time.Date(2024, 10, 13, 21, 5, 0, 0, time.UTC)
			}
			if strings.Contains(layout, "07:00") || strings.Contains(layout, "0700") {
				timestamp = timestamp.In(zone)
			}
			if weekly(layout) && !daily(layout) {
				timestamp = timestamp.AddDate(0, 0, -1) // a Monday
			}
			field := Format(layout, 0, timestamp)
			got, ok := Parse(layout, field)
			if !ok || !got.Equal(timestamp) || Format(layout, 0, got) != field {
				t.Errorf("%s (%s): %s is read as %s (%v), want %s", layout, shape, field, got, ok, timestamp)
			}
			if TimeOfDay(layout) && strings.HasSuffix(layout, "15:04") {
				if at, ok := Parse(layout+"-07:00", field+"+02:00"); !ok || !at.Equal(timestamp.Add(-2*time.Hour)) {
					t.Errorf("%s+02:00 is read as %s (%v)", field, at, ok)
				}
			}
		}
	}
	for field, want := range map[string]int{"2020-01-01": 0, "2020.01.02 10:11": 0, "10:11:12": 0, "10:11:12.5": 1, "10:11:12,050+02:00": 3, "10:11:12.0000000000Z": 9} {
		if got := Fraction(field); got != want {
			t.Errorf("%s: %d digits, want %d", field, got, want)
		}
	}
}

// TestDateForms: the forms that spreadsheets and people write, read as a column of two rows.
func TestDateForms(t *testing.T) {
	for _, c := range []struct{ fields, want string }{
		{"1/1/20|1/31/20", "2020-01-31T00:00:00Z"},
		{"01/01/69|31/12/69", "1969-12-31T00:00:00Z"},
		{"1.1.68|2.1.68", "2068-01-02T00:00:00Z"},
		{"01-Jan-20|02-Jan-20", "2020-01-02T00:00:00Z"},
		{"Jan-20|Feb-20", "2020-02-01T00:00:00Z"},
		{"January 01, 2020|January 02, 2020", "2020-01-02T00:00:00Z"},
		{"1 May 2020|2 June 2020", "2020-06-02T00:00:00Z"},
		{"20200101T000000|20200101T013000", "2020-01-01T01:30:00Z"},
		{"20200101T000000Z|20200101T013000Z", "2020-01-01T01:30:00Z"},
		{"20200101000000|20200101013000", "2020-01-01T01:30:00Z"},
		{"2020/1/5 3:04 PM|2020/1/5 12:04 AM", "2020-01-05T00:04:00Z"},
		{"1/5/2020 3:04:05 pm|1/15/2020 12:00:00 pm", "2020-01-15T12:00:00Z"},
		{"1/5/2020 3:04|1/15/2020 13:04", "2020-01-15T13:04:00Z"},
		{"Mon, 02 Jan 2006|Tue, 03 Jan 2006", "2006-01-03T00:00:00Z"},
		{"Mon, 02 Jan 2006 15:04:05 GMT|Tue, 03 Jan 2006 15:04:05 GMT", "2006-01-03T15:04:05Z"},
		{"Monday, January 2, 2006|Tuesday, January 3, 2006", "2006-01-03T00:00:00Z"},
		{"02/Jan/2006:15:04:05 -0700|03/Jan/2006:15:04:05 -0700", "2006-01-03T22:04:05Z"},
		{"2020-01-01 00:00:00+00|2020-01-01 01:00:00+00", "2020-01-01T01:00:00Z"},
		{"2020年1月5日|2020年12月5日", "2020-12-05T00:00:00Z"},
		{"2023-W01|2023-W02", "2023-01-09T00:00:00Z"},
		{"2020W53|2021W01", "2021-01-04T00:00:00Z"},
		{"2020-W53-7|2021-W01-1", "2021-01-04T00:00:00Z"},
		{"2021-W52|2021-W53", "is neither a number nor a date like the others"}, // the year has 52
		{"01. März 2024|02. Mai 2024", "2024-05-02T00:00:00Z"},
		{"1. April 2024|1. Mai 2024", "2024-05-01T00:00:00Z"}, // the first is English, too
		{"1. Jan. 2024|1. Okt. 2024", "2024-10-01T00:00:00Z"},
		{"Mai-20|Dez-20", "2020-12-01T00:00:00Z"},
		{"1 janvier 2024|15 août 2024", "2024-08-15T00:00:00Z"},
		{"1 enero 2024|1 dic 2024", "is neither a number nor a date like the others"}, // full and short names
		{"03-ago-2024|04-dic-2024", "2024-12-04T00:00:00Z"},
		{"Mo, 02.01.2006|Di, 03.01.2006", "2006-01-03T00:00:00Z"},
		{"Mi., 1. Mai 2024 10:00|Do., 2. Mai 2024 11:30", "2024-05-02T11:30:00Z"},
		{"Montag, 2. Januar 2006|Dienstag, 3. Januar 2006", "2006-01-03T00:00:00Z"},
		{"mar 02/01/2024|mar 16/01/2024", "2024-01-16T00:00:00Z"}, // mardi, not mars
		{"Mar 02 2024|Mar 03 2024", "2024-03-03T00:00:00Z"},       // March
		{"lundi 2 janvier 2006|mardi 3 janvier 2006", "2006-01-03T00:00:00Z"},
		{"lun, 02-01-2006|mié, 13-01-2006", "2006-01-13T00:00:00Z"},
		{"2 de enero de 2006|3 de febrero de 2006", "2006-02-03T00:00:00Z"},
		{"lunes, 2 de enero del 2006|martes, 3 de enero del 2006", "2006-01-03T00:00:00Z"},
		{"enero de 2006|febrero de 2006", "2006-02-01T00:00:00Z"},
		{"Mon, 02.01.2006 10:00|Tue, 03.01.2006 10:00", "2006-01-03T10:00:00Z"},
		{"Monday 2006-01-02|Tuesday 2006-01-03", "2006-01-03T00:00:00Z"},
		{"Mo, 02.01.2006|Xy, 03.01.2006", "is neither a number nor a date like the others"},
		{"mo, 02/01/2006|di, 03/02/2006", `the dates can be read with the day or the month first; choose with date_format: "%a, %m/%d/%Y" or date_format: "%a, %d/%m/%Y"`},
		{"%a, %d/%m/%Y: mo, 02/01/2006|di, 03/02/2006", "2006-02-03T00:00:00Z"},
		{"%d %B %Y: 1 Mai 2024|2 Juni 2024", "2024-06-02T00:00:00Z"},
		{"1. März 2024|1. Smarch 2024", "is neither a number nor a date like the others"},
		{"20240131|20240229|20240331", "2024-02-29T00:00:00Z"},
		{"200411|200412|200501", "2004-12-01T00:00:00Z"},
		{"01/02/2020|03/04/2020", `the dates can be read with the day or the month first; choose with date_format: "%m/%d/%Y" or date_format: "%d/%m/%Y"`},
		{"01-02-20 10:00|03-04-20 10:00", `the dates can be read with the day or the month first; choose with date_format: "%m-%d-%y %H:%M" or date_format: "%d-%m-%y %H:%M"`},
		{"13/02/2020|02/13/2020", "is neither a number nor a date like the others"},
		{"30/02/2020|01/03/2020", "is neither a number nor a date like the others"},
		{"%d/%m/%Y: 01/02/2020|03/04/2020", "2020-04-03T00:00:00Z"},
		{"%d/%m/%Y: 1/2/2020|3/4/2020", "2020-04-03T00:00:00Z"},
		{"%d/%m/%Y: 01/02/2020|03/14/2020", `does not match date_format: "%d/%m/%Y"`},
		{"%Y%m%d: 20200101|20200102", "2020-01-02T00:00:00Z"},
		{"%y%m%d %H%M: 200101 1314|200102 1314", "2020-01-02T13:14:00Z"},
		{"%d.%m.%y %I:%M%p: 01.02.20 01:00am|01.02.20 01:00pm", "2020-02-01T13:00:00Z"},
		{"%F %T.%f %z: 2020-01-01 00:00:00.5 +0100|2020-01-01 01:00:00.25 +0100", "2020-01-01T00:00:00.25Z"},
		{"week of %B %-d, %Y: week of January 5, 2020|week of June 12, 2020", "2020-06-12T00:00:00Z"},
	} {
		format, fields, ok := strings.Cut(c.fields, ": ")
		if !ok {
			format, fields = "", c.fields
		}
		at, how, err := ReadTimestamps(ColumnOf("d", strings.Split(fields, "|")), nil, "", format)
		switch {
		case err != nil:
			if !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("%s: %v, want %s", c.fields, err, c.want)
			}
		case how.Layout == "" || date(at[1]).Format(time.RFC3339Nano) != c.want:
			t.Errorf("%s: %s (%v), want %s", c.fields, date(at[1]).Format(time.RFC3339Nano), how, c.want)
		}
	}
}

// TestDatesOfTraining: rows that come later are read in the order of day and month that training found.
func TestDatesOfTraining(t *testing.T) {
	for _, c := range []struct{ known, field, want string }{
		{"02/01/2006", "01/02/2020", "2020-02-01"},
		{"02/01/2006", "1/2/2020", "2020-02-01"},
		{"01/02/2006", "1/2/2020", "2020-01-02"},
		{"01/02/2006 15:04", "1/2/2020", "2020-01-02"},
		{"02/01/2006 15:04", "1/2/2020", "2020-02-01"},
		{"02/01/2006", "2020-01-02", "2020-01-02"},
		{"2006-01-02", "1/2/2020", ""},
	} {
		at, _, err := ReadTimestamps(ColumnOf("d", []string{c.field}), nil, c.known, "")
		if (err == nil) != (c.want != "") || err == nil && date(at[0]).Format(time.DateOnly) != c.want {
			t.Errorf("%s after %s: %v %v, want %s", c.field, c.known, at, err, c.want)
		}
	}
}

// TestDateFormats: formats that cannot be read say what is wrong.
func TestDateFormats(t *testing.T) {
	for format, want := range map[string]string{
		"dd/mm/yyyy": `expected codes such as "%d/%m/%Y" or "%Y-%m-%d %H:%M", with a year, got "dd/mm/yyyy"`,
		"%H:%M":      "with a year",
		"%d.%q.%Y":   `unknown code "%q"`,
		"%Y 1":       `"1" cannot stand for itself`,
		"%Y%":        `unknown code "%"`,
	} {
		if _, err := Layouts(format); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", format, err, want)
		}
	}
}

// Names of months and days come back as they were, in all languages.
func TestMonthsInOtherLanguages(t *testing.T) {
	for _, field := range []string{"01. März 2024|01. Mai 2024", "3-Okt-24|4-Dez-24", "1 août 2024|1 septembre 2024", "02-ene-2024|03-feb-2024",
		"Mo, 02.01.2006|Di, 03.01.2006", "mardi 1 août 2023|vendredi 1 septembre 2023", "sábado, 2 de marzo de 2024|domingo, 3 de marzo de 2024",
		"Mon, 02 Jan 2006|Tue, 03 Jan 2006", "Monday, January 2, 2006|Tuesday, January 3, 2006"} {
		fields := strings.Split(field, "|")
		at, how, err := ReadTimestamps(ColumnOf("d", fields), nil, "", "")
		if err != nil {
			t.Fatal(field, err)
		}
		for i, f := range fields {
			if got := Format(how.Layout, 0, date(at[i])); got != f {
				t.Errorf("%s is written as %s (%s)", f, got, how.Layout)
			}
		}
	}
}

// Eight digits are days only if all are, in several rows; other numbers stay numbers.
func TestNumbersThatAreNoDays(t *testing.T) {
	for _, fields := range []string{"20240131|20240201", "20240131|20240229|20240230", "20240131|2024|20240201", "12345678|12345679|12345680",
		"200411|200412", "200411|200412|200413", "180011|180012|180101"} {
		if _, how, err := ReadTimestamps(ColumnOf("d", strings.Split(fields, "|")), nil, "", ""); err != nil || how.Layout != "" {
			t.Errorf("%s: %v %v", fields, how, err)
		}
	}
}

// A few rows are read as training read its rows: as months, or as numbers, as models did before they knew months of six digits.
func TestMonthsOfTraining(t *testing.T) {
	for _, c := range []struct{ known, fields, want string }{
		{"200601", "200412", "200601"}, {Numbers, "200410|200411|200412", ""}, {Numbers, "2004-10|2004-11", "2006-01"},
	} {
		if _, how, err := ReadTimestamps(ColumnOf("d", strings.Split(c.fields, "|")), nil, c.known, ""); err != nil || how.Layout != c.want {
			t.Errorf("%s after %s: %v %v, want %q", c.fields, c.known, how, err, c.want)
		}
	}
}

// What looks like a date may have the name of a day before it.
func TestDateOrTime(t *testing.T) {
	for field, want := range map[string]bool{
		"Mo, 02.01.2006": true, "mié. 02/01/2006": true, "Mon, 02 Jan 2006": true, "sábado 2-1-06": true, "02.01.2006 10:00": true,
		"Mo, 02": false, "Mo": false, "Mx, 02.01.2006": false, "to 02.01.2006": false,
	} {
		if DateOrTime.MatchString(field) != want {
			t.Errorf("%s: %v", field, !want)
		}
	}
}
