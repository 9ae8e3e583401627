package table_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"dnn/pkg/dataset/datasettest"
	"dnn/pkg/dataset/forecast"
)

// businessDays are the days from the 1st of January 2024, a Monday, but weekends and some more.
func businessDays(n int, but ...int) (days []time.Time) {
	for i := range n {
		d := time.Date(2024, 1, 1+i, 0, 0, 0, 0, time.UTC)
		missing := d.Weekday() == time.Saturday || d.Weekday() == time.Sunday
		for _, k := range but {
			missing = missing || i == k
		}
		if !missing {
			days = append(days, d)
		}
	}
	return days
}

// TestEveryBusinessDay: rows are made for days that are missing, none for weekends, and forecasts go on over them.
func TestEveryBusinessDay(t *testing.T) {
	for every, want := range map[string]string{"business_day": "", "auto": "", "day": "15 rows of gaps"} {
		dir := datasettest.Write(t, map[string]string{"d.csv": daysOf("2006-01-02", businessDays(54, 8)...)})
		section := "{train: d.csv, order_by: date, every: " + every + ", inputs: [{column: v, window: 2, normalize: none}], target: {column: v, horizon: 2, normalize: none}}"
		settings, p := datasettest.SettingsOf(t, section)
		d, problems := datasettest.TryLoad(t, dir, section, 1)
		if problems != "" || p.Len() > 0 {
			t.Fatal(problems)
		}
		if want == "" {
			want = "every: business_day: 1 row of gaps for missing timestamps, the first 2024-01-09"
		}
		if !datasettest.Noted(d, want) {
			t.Errorf("%s: %q", every, d.Notes)
		}
		if every == "day" {
			continue
		}
		if d.Schema.Heads[0].Season != 5 {
			t.Errorf("%s: a season of %d", every, d.Schema.Heads[0].Season)
		}
		f, err := forecast.Own(settings, datasettest.Again(t, d.Schema), dir, 1, 4)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(f.Times(0)); got != "[2024-02-26 2024-02-27 2024-02-28 2024-02-29]" {
			t.Errorf("%s: %s", every, got)
		}
	}
}

// TestNoBusinessDays: rows of weekends and dates with offsets do not go with the frequency.
func TestNoBusinessDays(t *testing.T) {
	days := businessDays(30)
	for text, want := range map[string]string{
		daysOf("2006-01-02", append(days[:5:5], days[4].AddDate(0, 0, 1))...): `dataset.every: is business_day, but "2024-01-06" at`,
		daysOf(time.RFC3339, days...):                                         `have offsets from UTC, which business_day does not know`,
		"date,v\n1,1\n2,2\n3,3\n":                                             `the column "date" holds numbers`,
	} {
		if _, problems := datasettest.LoadTable(t, text, "order_by: date, every: business_day, "+oneAhead); !strings.Contains(problems, want) {
			t.Errorf("%s, want %s", problems, want)
		}
	}
	for i := range days {
		days[i] = days[i].Add(16 * time.Hour)
	}
	if d, problems := datasettest.LoadTable(t, daysOf("2006-01-02 15:04", days...), "order_by: date, every: business_day, "+oneAhead); problems != "" || datasettest.Noted(d, "rows of gaps") {
		t.Error(problems)
	}
}

// TestOneHotAndHolidays: a column for each place of a cycle, and one for the days that are given.
func TestOneHotAndHolidays(t *testing.T) {
	text := daysOf("2006-01-02", businessDays(20)...)
	want := "[0 0 0 1 0 0 0 0] [0 0 0 0 1 0 0 1] [1 0 0 0 0 0 0 0]"
	for holidays, files := range map[string]map[string]string{
		"[2024-01-05, 2024-12-25]": {"d.csv": text},
		"[Jan 5 2024]":             {"d.csv": text},
		"days.csv":                 {"d.csv": text, "days.csv": "\ufeffday,name\n# closed\n5.1.2024,a day\n\n25.12.2024,Christmas\n"},
	} {
		section := "{train: d.csv, order_by: date, calendar: [{weekday: one_hot}, holiday], holidays: " + holidays + `,
		  inputs: [{column: v, window: 1}, {name: days, columns: ["weekday_*", holiday], known: true, type: series, normalize: none}], target: {column: v, type: series}}`
		settings, p := datasettest.SettingsOf(t, section)
		dir := datasettest.Write(t, files)
		d, problems := datasettest.TryLoad(t, dir, section, 1)
		if problems != "" || p.Len() > 0 {
			t.Fatal(problems)
		}
		s := datasettest.Again(t, d.Schema)
		rows := datasettest.Floats(s, d.Train, s.Input("days").Block)
		if got := fmt.Sprint(rows[2], rows[3], rows[4]); got != want { // from Thursday to Monday
			t.Errorf("%s: %s, want %s", holidays, got, want)
		}
		if f, err := forecast.Own(settings, s, dir, 1, 2); err != nil || strings.Join(f.Times(0), " ") != "2024-01-22 2024-01-23" {
			t.Error(err)
		}
		if moved, err := settings.Rebase(".", "elsewhere"); err != nil || strings.HasSuffix(holidays, "csv") != (moved.Holidays.File == "../days.csv") {
			t.Error(err, moved.Holidays)
		}
	}
}
