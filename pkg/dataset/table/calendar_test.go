package table_test

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"dnn/pkg/dataset"
	"dnn/pkg/dataset/datasettest"
	"dnn/pkg/dataset/dates"
	"dnn/pkg/dataset/forecast"
	"dnn/pkg/dataset/format"
	"dnn/pkg/dataset/stream"
)

// twoShops are the days of two shops, with or without columns of their own for the weekday.
func twoShops(days int, written bool, values int) string {
	var b strings.Builder
	b.WriteString("day,shop,v")
	if written {
		b.WriteString(",weekday_sin,weekday_cos")
	}
	b.WriteString("\n")
	for i := range days {
		for shop := range 2 {
			day := time.Date(2024, 2, 26+i, 0, 0, 0, 0, time.UTC) // from a Monday on
			fmt.Fprintf(&b, "%s,%c,", day.Format("2006-01-02"), 'a'+shop)
			if i < values {
				fmt.Fprint(&b, 10*shop+i*i%11)
			}
			if turn := 2 * math.Pi * float64(i%7) / 7; written {
				fmt.Fprintf(&b, ",%.6g,%.6g", math.Sin(turn), math.Cos(turn))
			}
			b.WriteString("\n")
		}
	}
	return b.String()
}

const calendarSection = `path: d.csv, order_by: day, group: shop, split: {validation: 4, test: 6}, target: {column: v, horizon: 3},
  inputs: [{columns: [v, "weekday_*"], type: series, window: 4, level: keep}, {columns: ["weekday_*"], known: true, name: plan}, {column: weekday_cos, type: number}]`

// TestCalendar: calendar columns are like columns of a file, in all splits, in streams and in forecasts, which know
// them of the future by themselves.
func TestCalendar(t *testing.T) {
	want := datasettest.MustLoad(t, datasettest.Write(t, map[string]string{"d.csv": twoShops(30, true, 30)}), "{"+calendarSection+"}")
	dir := datasettest.Write(t, map[string]string{"d.csv": twoShops(30, false, 30)})
	settings, p := datasettest.SettingsOf(t, "{"+calendarSection+", calendar: [weekday]}")
	got := dataset.Load(settings, dir, 1, p)
	if p.Len() > 0 {
		t.Fatal(p)
	}
	for _, part := range format.Splits {
		for block := range want.Schema.Blocks {
			if !alike(datasettest.Floats(want.Schema, want.Part(part), block), datasettest.Floats(got.Schema, got.Part(part), block)) {
				t.Errorf("%s: %v, written %v", part, datasettest.Floats(got.Schema, got.Part(part), block), datasettest.Floats(want.Schema, want.Part(part), block))
			}
		}
	}
	s := datasettest.Again(t, got.Schema)
	if names := fmt.Sprint(s.Columns(), forecast.NeededAhead(s, 3), forecast.NeededAhead(want.Schema, 3)); names != "[v] [] [weekday_sin weekday_cos]" {
		t.Error(names)
	}
	read := func(s *dataset.Schema, text string) (rows [][]float32) {
		st, err := stream.Open(s, strings.NewReader(text), "d.csv", stream.Options{WithTarget: true})
		if err != nil {
			t.Fatal(err)
		}
		b := s.NewBatch(99)
		for {
			if _, err := st.Next(b, 99); err == io.EOF {
				return rows
			}
			for _, block := range b.Floats {
				rows = append(rows, slices.Clone(block))
			}
		}
	}
	if a, b := read(want.Schema, twoShops(20, true, 20)), read(s, twoShops(20, false, 20)); !alike(a, b) {
		t.Errorf("%v, written %v", b, a)
	}
	ahead := func(s *dataset.Schema, f *forecast.Forecast, err error) (rows [][]float32) {
		if err != nil {
			t.Fatal(err)
		}
		b := s.NewBatch(2)
		for ; !f.Done(); f.Next() {
			if _, err := f.Fill(b, 0, 2); err != nil {
				t.Fatal(err)
			}
			for _, block := range b.Floats {
				rows = append(rows, slices.Clone(block))
			}
			f.Take(0, []float64{1, 2, 3, 4, 5, 6})
		}
		return rows
	}
	f, err := forecast.Open(want.Schema, strings.NewReader(twoShops(36, true, 30)), "d.csv", stream.Options{}, 5)
	written := ahead(want.Schema, f, err)
	f, err = forecast.Open(s, strings.NewReader(twoShops(30, false, 30)), "d.csv", stream.Options{}, 5)
	if made := ahead(s, f, err); !alike(written, made) {
		t.Errorf("a forecast from %v, written %v", made, written)
	}
	st, err := stream.Open(s, strings.NewReader(twoShops(30, false, 30)), "d.csv", stream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for b := s.NewBatch(99); err != io.EOF; {
		_, err = st.Next(b, 99)
		for i, e := range st.Errors() {
			if early := st.Lines()[i] < 10; early != (e != nil) {
				t.Errorf("line %d: %v", st.Lines()[i], e)
			}
		}
	}
	f, err = forecast.Own(settings, s, dir, 1, 5)
	if made := ahead(s, f, err); !alike(written, made) || fmt.Sprint(f.Times(1)) != "[2024-03-27 2024-03-28 2024-03-29 2024-03-30 2024-03-31]" {
		t.Errorf("a forecast of its own data from %v at %v, written %v", made, f.Times(1), written)
	}
	for group := range 2 {
		if rows, back := f.Tested(group, got.Test); fmt.Sprint(rows, back) != fmt.Sprint([]int{4 * group, 4*group + 3}, []int{6, 3}) {
			t.Error(rows, back)
		}
	}
}

// alike compares numbers, of which some were written with six digits.
func alike(a, b [][]float32) bool {
	return slices.EqualFunc(a, b, func(x, y []float32) bool {
		return slices.EqualFunc(x, y, func(x, y float32) bool { return math.Abs(float64(x-y)) < 1e-4 })
	})
}

// TestCalendarCycles: where timestamps lie in their cycles.
func TestCalendarCycles(t *testing.T) {
	at := time.Date(2024, 12, 29, 18, 30, 0, 0, time.UTC) // a Sunday
	want := map[string]float64{"minute": 0.5, "hour": 18.5 / 24, "weekday": 6.0 / 7, "monthday": 28.0 / 31, "month": 11.0 / 12, "yearday": 363.0 / 366}
	for _, part := range dates.Cycles {
		if got := part.Turn(at); math.Abs(got-want[part.Name]) > 1e-12 {
			t.Error(part.Name, got)
		}
	}
	text := "t,v\n"
	for i := range 12 {
		text += fmt.Sprintf("2024-01-01T%02d:30+05:00,%d\n", i, i)
	}
	d, problems := datasettest.LoadTable(t, text, "order_by: t, calendar: [hour], inputs: [{columns: [v, hour_sin], type: series, normalize: none, level: keep, window: 1}], target: {column: v, type: series}, split: {test: 2}")
	if problems != "" {
		t.Fatal(problems)
	}
	if got := datasettest.Floats(d.Schema, d.Train, 0)[0][1]; math.Abs(float64(got)-math.Sin(2*math.Pi*0.5/24)) > 1e-5 { // the hour as it is written
		t.Error(strconv.FormatFloat(float64(got), 'g', -1, 32))
	}
}

// TestCalendarErrors: settings and data that the calendar does not go with are told, and what makes numbers of weekdays.
func TestCalendarErrors(t *testing.T) {
	const table = "t,v,d\n2024-01-01,1,Mon\n2024-01-02,2,Tue\n2024-01-03,5,Wed\n2024-01-04,3,Thu\n2024-01-05,4,Fri\n"
	for section, want := range map[string]string{
		"order_by: t, calendar: [week_day], inputs: [{column: v, window: 1}]":                                       `dataset.calendar[0]: expected minute, hour, weekday, monthday, month, yearday, holiday, got "week_day" (did you mean weekday?)`,
		"order_by: t, calendar: [{weekday: onehot}], inputs: [{column: v, window: 1}]":                              `dataset.calendar[0]: expected a name, or a name with one_hot, as in {weekday: one_hot}`,
		"order_by: t, calendar: [{yearday: one_hot}], inputs: [{column: v, window: 1}]":                             "dataset.calendar[0]: yearday cannot be one_hot",
		"order_by: t, calendar: [holiday], inputs: [{column: v, window: 1}]":                                        "dataset.calendar: holiday needs holidays: a list of dates, or a file of them",
		"order_by: t, holidays: [2024-12-25], inputs: [{column: v, window: 1}]":                                     "dataset.holidays: needs calendar: [holiday]",
		"order_by: t, calendar: [holiday], holidays: [01/02/2024], inputs: [{column: v, window: 1}]":                `dataset.holidays: day and month of "01/02/2024" may be mistaken; write dates as 2024-12-25`,
		"order_by: t, calendar: [holiday], holidays: [Easter], inputs: [{column: v, window: 1}]":                    `dataset.holidays: "Easter" is no date like the others`,
		"order_by: t, calendar: [holiday], holidays: none.csv, inputs: [{column: v, window: 1}]":                    "none.csv: no such file",
		"order_by: t, calendar: [month, month], inputs: [{column: v, window: 1}]":                                   "duplicate value month",
		"calendar: [month], inputs: [{column: v, window: 1}]":                                                       "dataset.calendar: needs order_by",
		"order_by: v, calendar: [month], inputs: [{column: v, window: 1}]":                                          `dataset.calendar: the column "v" holds numbers`,
		"order_by: t, inputs: [{column: v, window: 1}, {column: d, known: true}]":                                   `; with order_by, calendar: [weekday] adds the columns weekday_sin and weekday_cos`,
		"order_by: t, calendar: [weekday], inputs: [{column: v, window: 1}, {column: weekday_tan, known: true}]":    `no column "weekday_tan"`,
		"order_by: t, calendar: [weekday], inputs: [{column: v, window: 1}, {columns: [weekday_sin], known: true}]": "",
	} {
		_, problems := datasettest.LoadTable(t, table, section+", target: {column: v, type: series}, split: {test: 1}")
		if !strings.Contains(problems, want) || strings.Count(problems, "\n") > 1 || want == "" && problems != "" {
			t.Errorf("%s: %q, want %s", section, problems, want)
		}
	}
	if _, problems := datasettest.LoadTable(t, strings.Replace(table, "d\n", "weekday_sin\n", 1), "order_by: t, calendar: [weekday], inputs: [{column: v, window: 1}], target: {column: v, type: series}"); !strings.Contains(problems, "dataset.calendar: the table already has a column \"weekday_sin\"") {
		t.Error(problems)
	}
}
