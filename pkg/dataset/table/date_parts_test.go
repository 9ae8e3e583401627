package table_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"dnn/pkg/dataset/datasettest"
	"dnn/pkg/dataset/forecast"
	"dnn/pkg/dataset/stream"
)

// TestComposedDates: columns of year, month and day are one timestamp, in files, streams and forecasts.
func TestComposedDates(t *testing.T) {
	var b strings.Builder
	b.WriteString("day,v,year,month\n")
	for i := 39; i >= 0; i-- {
		at := time.Date(2024, 2, 20+i, 0, 0, 0, 0, time.UTC)
		if i != 20 {
			fmt.Fprintf(&b, "%d,%d,%s,%s\n", at.Day(), i+1, at.Format([]string{"06", "2006"}[i%2]), at.Format([]string{"1", "Jan", "January"}[i%3]))
		}
	}
	text := b.String()
	section := "{path: d.csv, order_by: [year, month, day], every: day, split: {test: 4, validation: 0}, target: {column: v, horizon: 2, normalize: none}, inputs: [{columns: [v, day], window: 2, type: series, normalize: none, level: keep}]}"
	dir := datasettest.Write(t, map[string]string{"d.csv": text})
	settings, p := datasettest.SettingsOf(t, section)
	d, problems := datasettest.TryLoad(t, dir, section, 1)
	if problems != "" || p.Len() > 0 {
		t.Fatal(problems)
	}
	if !datasettest.Noted(d, "every: day: 1 row of gaps for missing timestamps, the first 2024-03-11") {
		t.Errorf("%q", d.Notes)
	}
	s := datasettest.Again(t, d.Schema)
	if got := fmt.Sprint(s.Columns(), s.TimeColumns(true), datasettest.Floats(s, d.Train, 0)[18]); got != "[v day] [year month day] [22 11 22 12]" {
		t.Error(got)
	}
	f, err := forecast.Own(settings, s, dir, 1, 2)
	if err != nil || fmt.Sprint(f.TimeColumn(), f.Times(0)) != "year-month-day[2024-03-31 2024-04-01]" {
		t.Error(err, f.TimeColumn(), f.Times(0))
	}
	st, err := stream.Open(s, strings.NewReader("year,month,day,v\n2030,1,2,7\n2030,1,1,6\n2030,1,3,8\n"), "r.csv", stream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	rows := s.NewBatch(4)
	if n, err := st.Next(rows, 4); n != 3 || err != nil || fmt.Sprint(rows.Floats[0][8:12]) != "[6 1 7 2]" {
		t.Error(n, err, rows.Floats[0])
	}
}

// TestNoComposedDates: parts that are no dates are told with their place.
func TestNoComposedDates(t *testing.T) {
	for text, want := range map[string]string{
		"year,month,day,v\n2024,2,30,1\n":  "d.csv:2: there is no day 30 in February 2024",
		"year,month,day,v\n2024,13,30,1\n": `d.csv:2: column "month": "13" is no month`,
		"year,month,day,v\n2024,2,,1\n":    `d.csv:2: column "day": "" is no day`,
		"month,day,v\n2,1,1\n":             `dataset.order_by: no column "year"`,
	} {
		if _, problems := datasettest.LoadTable(t, text, "order_by: [year, month, day], "+oneAhead); !strings.Contains(problems, want) {
			t.Errorf("%s, want %s", problems, want)
		}
	}
	for section, want := range map[string]string{
		"order_by: [a, b, a]":                                   "dataset.order_by[2]: duplicate column \"a\"",
		"order_by: [a, b, c, d, e, f, g]":                       "expected at most 6 columns: those of year, month, day, hour, minute, second",
		"order_by: [a, b], date_format: \"%Y\"":                 "is for a column of dates",
		"order_by: v, date_format: dd/mm":                       "dataset.date_format: expected codes",
		"order_by: v, sequence_id: v, date_format: \"%Y-%m-%\"": `unknown code "%"`,
	} {
		if _, problems := datasettest.LoadTable(t, "v\n1\n", section+", "+oneAhead); !strings.Contains(problems, want) {
			t.Errorf("%s, want %s", problems, want)
		}
	}
}

// TestYearIsNoOrder: a column of years is the order of rows only where it rises from row to row.
func TestYearIsNoOrder(t *testing.T) {
	for year, want := range map[string]string{",%d": "year", ",%d0": "year"} {
		d, problems := datasettest.LoadTable(t, datasettest.CountTable(9, ",year", func(i int) string { return fmt.Sprintf(year, 100+i) }), oneAhead)
		if problems != "" || d.Schema.Ordering.OrderBy != want {
			t.Errorf("%s %q", problems, d.Schema.Ordering.OrderBy)
		}
	}
	for _, name := range []string{"year", "month", "day"} {
		d, problems := datasettest.LoadTable(t, datasettest.CountTable(9, ","+name, func(i int) string { return fmt.Sprintf(",%d", 1+i/2) }), oneAhead)
		if problems != "" || d.Schema.Ordering.OrderBy != "" {
			t.Errorf("%s: %s %q", name, problems, d.Schema.Ordering.OrderBy)
		}
	}
}

// TestDateAndTime: columns of a date and of a time are one timestamp, also in rows that are added and in streams.
func TestDateAndTime(t *testing.T) {
	for layout, day := range map[string]string{"02.01.2006": "01.02.2030", "2006-01-02": "2030-02-01", "20060102": "20300201", "Jan 2, 2006": "Feb 1, 2030"} {
		var b strings.Builder
		b.WriteString("date;v;time\n")
		for i := 39; i >= 0; i-- {
			if at := time.Date(2024, 2, 28, i, 0, 0, 0, time.UTC); i != 20 {
				fmt.Fprintf(&b, "%s;%d;%s\n", at.Format(layout), i+1, at.Format("15:04"))
			}
		}
		section := "{path: d.csv, delimiter: ';', order_by: [date, time], every: hour, split: {test: 4, validation: 0}, target: {column: v, horizon: 2, normalize: none}, inputs: [{columns: [v], window: 2, type: series, normalize: none, level: keep}]}"
		dir := datasettest.Write(t, map[string]string{"d.csv": b.String()})
		settings, _ := datasettest.SettingsOf(t, section)
		d, problems := datasettest.TryLoad(t, dir, section, 1)
		if problems != "" {
			t.Fatal(layout, problems)
		}
		if !datasettest.Noted(d, "every: hour: 1 row of gaps for missing timestamps") {
			t.Errorf("%s: %q", layout, d.Notes)
		}
		s := datasettest.Again(t, d.Schema)
		last := time.Date(2024, 2, 29, 15, 0, 0, 0, time.UTC)
		want := fmt.Sprint([]string{last.Add(time.Hour).Format(layout + " 15:04"), last.Add(2 * time.Hour).Format(layout + " 15:04")})
		if f, err := forecast.Own(settings, s, dir, 1, 2); err != nil || fmt.Sprint(f.Times(0)) != want {
			t.Errorf("%s: %v, want %s (%v)", layout, f.Times(0), want, err)
		}
		st, err := stream.Open(s, strings.NewReader("date;time;v\n"+day+";10:00;7\n"+day+";09:00;6\n"+day+";11:00;8\n"), "r.csv", stream.Options{})
		if err != nil {
			t.Fatal(err)
		}
		rows := s.NewBatch(4)
		if n, err := st.Next(rows, 4); n != 3 || err != nil || fmt.Sprint(rows.Floats[0][4:6]) != "[6 7]" {
			t.Error(layout, n, err, rows.Floats[0])
		}
	}
}
