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

// daysOf makes a table of the column v at some days.
func daysOf(layout string, days ...time.Time) string {
	var b strings.Builder
	b.WriteString("date,v\n")
	for i, d := range days {
		fmt.Fprintf(&b, "%s,%d\n", d.Format(layout), i%5)
	}
	return b.String()
}

const oneAhead = "inputs: [{column: v, window: 3}], target: {column: v, type: series}, split: {test: 4}"

// TestUnevenTimestampsAreReported: missing rows are reported.
func TestUnevenTimestampsAreReported(t *testing.T) {
	var days, weekdays, firsts, hours []time.Time
	start := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range 30 {
		d := start.AddDate(0, 0, i)
		if i != 10 && i != 20 && i != 21 {
			days = append(days, d)
		}
		if d.Weekday() != time.Saturday && d.Weekday() != time.Sunday {
			weekdays = append(weekdays, d)
		}
		if i != 7 {
			firsts = append(firsts, start.AddDate(0, i, 0))
		}
		hours = append(hours, start.Add(time.Duration(i)*time.Hour))
	}
	for _, c := range []struct{ text, want string }{
		{daysOf("2006-01-02", days...), "by date: mostly 1 day apart, and 2 of 26 steps are longer, the first from 2024-01-10 to 2024-01-12 ("},
		{daysOf("2006-01-02", append(weekdays[:7], weekdays[8:]...)...), "mostly 1 business day apart, and 1 of 20 steps is longer, the first from 2024-01-09 to 2024-01-11"},
		{daysOf("2006-01-02", firsts...), "mostly 1 month apart, and 1 of 28 steps is longer, the first from 2024-07-01 to 2024-09-01"},
		{daysOf("2006-01-02 15:04", append(hours[:9], hours[12:]...)...), "mostly 1 hour apart, and 1 of 26 steps is longer"},
		{strings.ReplaceAll(strings.ReplaceAll(datasettest.CountTable(30, ",t", func(i int) string { return fmt.Sprint(",", i) }), "\n9,9\n", "\n"), ",t", ",time"), "mostly 1 apart, and 1 of 28 steps is longer, the first from 8 to 10"},
	} {
		d, problems := datasettest.LoadTable(t, c.text, oneAhead)
		if problems != "" || !datasettest.Noted(d, c.want) {
			t.Errorf("%s %q\nwant %s", problems, d.Notes, c.want)
		}
	}
	for _, text := range []string{
		daysOf("2006-01-02", hours[:1]...) + daysOf("2006-01-02", days[:10]...)[len("date,v\n2024-01-01,0\n"):],
		datasettest.CountTable(20, ",time", func(i int) string { return fmt.Sprintf(",%.4f", 1949+float64(i)/12) }),
	} {
		if d, problems := datasettest.LoadTable(t, text, oneAhead); problems != "" || datasettest.Noted(d, "evenly") {
			t.Errorf("%s %q", problems, d.Notes)
		}
	}
}

// TestMonthsInEitherOrder: firsts of months go on in months, whether the day or the month stands first, and so in a stream of
// few rows, which alone could be read otherwise.
func TestMonthsInEitherOrder(t *testing.T) {
	var months []time.Time
	for i := range 30 {
		months = append(months, time.Date(2019, time.Month(1+i), 1, 0, 0, 0, 0, time.UTC))
	}
	for _, layout := range []string{"02/01/2006", "01/02/2006", "2/1/2006"} {
		text := daysOf(layout, months...)
		dir := datasettest.Write(t, map[string]string{"d.csv": text})
		section := "{path: d.csv, " + oneAhead + "}"
		d := datasettest.MustLoad(t, dir, section)
		if d.Schema.Heads[0].Season != 12 || !datasettest.Noted(d, "the season is 12 rows (months)") || datasettest.Noted(d, "evenly") {
			t.Errorf("%s: %q", layout, d.Notes)
		}
		settings, _ := datasettest.SettingsOf(t, section)
		f, err := forecast.Own(settings, d.Schema, dir, 1, 2)
		if err != nil {
			t.Fatal(err)
		}
		want := fmt.Sprint([]string{months[29].AddDate(0, 1, 0).Format(layout), months[29].AddDate(0, 2, 0).Format(layout)})
		if got := fmt.Sprint(f.Times(0)); got != want {
			t.Errorf("%s: got %s, want %s", layout, got, want)
		}
		last := time.Date(2022, 4, 12, 0, 0, 0, 0, time.UTC) // days whose two numbers may both be months
		few := daysOf(layout, last.AddDate(0, 0, -3), last.AddDate(0, 0, -2), last.AddDate(0, 0, -1), last)
		if f, err = forecast.Open(d.Schema, strings.NewReader(few), "few.csv", stream.Options{}, 1); err != nil {
			t.Fatal(err)
		}
		if got, want := fmt.Sprint(f.Times(0)), fmt.Sprint([]string{last.AddDate(0, 0, 1).Format(layout)}); got != want {
			t.Errorf("%s: got %s, want %s", layout, got, want)
		}
	}
	// several series in one table
	var b strings.Builder
	b.WriteString("shop,date,v\n")
	for _, shop := range []string{"a", "b"} {
		for i, m := range months {
			fmt.Fprintf(&b, "%s,%s,%d\n", shop, m.Format("02/01/2006"), i%7)
		}
	}
	d, problems := datasettest.LoadTable(t, b.String(), "group: shop, "+oneAhead)
	if problems != "" || d.Schema.Heads[0].Season != 12 {
		t.Errorf("%s %q", problems, d.Notes)
	}
}

// TestSeasonsThatDoNotFit: a season as long as the training split has nothing before it; one that a split is too short for is reported.
func TestSeasonsThatDoNotFit(t *testing.T) {
	_, problems := datasettest.LoadTable(t, datasettest.CountTable(20, "", datasettest.Nothing), "inputs: [{column: v, window: 3}], target: {column: v, season: 16}, split: {test: 4}")
	if !strings.Contains(problems, "dataset.target.season: is 16 rows, but the training split has at most 16 per series") {
		t.Error(problems)
	}
	dir := datasettest.Write(t, map[string]string{"d.csv": datasettest.CountTable(40, "", datasettest.Nothing), "t.csv": datasettest.CountTable(10, "", datasettest.Nothing)})
	d := datasettest.MustLoad(t, dir, "{train: d.csv, test: t.csv, inputs: [{column: v, window: 3}], target: {column: v, season: 12}}")
	if !datasettest.Noted(d, "warning: the season of 12 rows is longer than the test split, which has 10 in a series") {
		t.Errorf("%q", d.Notes)
	}
	var weeks []time.Time
	for i := range 40 {
		weeks = append(weeks, time.Date(2024, 1, 1+7*i, 0, 0, 0, 0, time.UTC))
	}
	d, problems = datasettest.LoadTable(t, daysOf("2006-01-02", weeks...), oneAhead)
	if problems != "" || d.Schema.Heads[0].Season != 0 || !datasettest.Noted(d, "v: the season would be 52 rows (weeks), but the training split has 36; forecasts are compared with the last value only") {
		t.Errorf("%s %q", problems, d.Notes)
	}
}

// TestWindowsThatDoNotFit: the mistake is placed at the number.
func TestWindowsThatDoNotFit(t *testing.T) {
	for section, want := range map[string]string{
		"inputs: [{column: v, window: 3}, {column: v, name: w, window: 25}], target: {column: v, type: series}": "dataset.inputs[1].window: no row of the training split has 25 rows before it and 1 row to predict (the training split has 16 rows)",
		"inputs: [{column: v, window: 3}], target: {column: v, horizon: 15}":                                    "dataset.target.horizon: no row of the training split has 3 rows before it and 15 rows to predict",
		"inputs: [{column: v, window: 3}], target: [{column: v, horizon: 15}, {column: k, horizon: 15}]":        "horizon: no row of the training split",
		"group: k, inputs: [{column: v, window: 6}], target: {column: v, type: series}":                         "dataset.inputs[0].window: no row of the training split has 6 rows before it and 1 row to predict (the training split has 16 rows, at most 4 in a series)",
		"inputs: [{column: v, window: 3}], target: {column: none, type: series}":                                `no column "none"`,
	} {
		_, problems := datasettest.LoadTable(t, datasettest.CountTable(20, ",k", func(i int) string { return fmt.Sprint(",", i%4) }), section+", split: {test: 0.2}")
		if !strings.Contains(problems, want) {
			t.Errorf("%s\n%s\nwant %s", section, problems, want)
		}
	}
}
