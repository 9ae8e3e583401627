package table_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"dnn/pkg/dataset"
	"dnn/pkg/dataset/datasettest"
	"dnn/pkg/dataset/forecast"
	"dnn/pkg/dataset/format"
	"dnn/pkg/dataset/stream"
)

// dailyShops are two shops' days, one a line, in disorder; kept tells which days have a row. Others have one of gaps, if gaps
// says so.
func dailyShops(kept func(shop, day int) bool, gaps bool) string {
	var b strings.Builder
	b.WriteString("day,shop,v,k\n")
	for day := 27; day >= 0; day-- {
		for shop := range 2 {
			switch date := fmt.Sprintf("2024-02-%02d", day+1); {
			case kept(shop, day):
				fmt.Fprintf(&b, "%s,%c,%d,%d\n", date, 'a'+shop, 100*shop+day, day%7)
			case gaps:
				fmt.Fprintf(&b, "%s,%c,,\n", date, 'a'+shop)
			}
		}
	}
	return b.String()
}

const everySection = `path: d.csv, order_by: day, group: shop, split: {validation: 5, test: 6},
  target: {column: v, horizon: 2}, inputs: [{column: v, type: series, window: 3, level: keep}, {column: k, known: true}]`

// TestMissingTimestampsAreGaps: with every, a table without rows for some timestamps is like one that has rows of gaps for them, in
// training, in files that are predicted, and in forecasts.
func TestMissingTimestampsAreGaps(t *testing.T) {
	kept := func(shop, day int) bool { return day != 8+shop && (shop == 0 || day < 13 || day > 15) }
	text := dailyShops(kept, false)
	want := datasettest.MustLoad(t, datasettest.Write(t, map[string]string{"d.csv": dailyShops(kept, true)}), "{"+everySection+"}")
	for _, every := range []string{"day", "auto", "24 hours"} {
		got := datasettest.MustLoad(t, datasettest.Write(t, map[string]string{"d.csv": text}), "{"+everySection+", every: "+every+"}")
		if got.Schema.Ordering.Every != "day" || !datasettest.Noted(got, "every: day: 5 rows of gaps for missing timestamps, the first 2024-02-09 (missing after ") || datasettest.Noted(got, "evenly") {
			t.Error(got.Schema.Ordering, got.Notes)
		}
		for _, part := range format.Splits {
			for block := range want.Schema.Blocks {
				if a, b := fmt.Sprint(datasettest.Floats(want.Schema, want.Part(part), block)), fmt.Sprint(datasettest.Floats(got.Schema, got.Part(part), block)); a != b {
					t.Errorf("every: %s, %s: %s, with rows of gaps %s", every, part, b, a)
				}
			}
		}
		if a, b := fmt.Sprint(futures(t, want.Schema, dailyShops(kept, true))), fmt.Sprint(futures(t, got.Schema, text)); a != b {
			t.Errorf("a forecast from %s, with rows of gaps %s", b, a)
		}
		if a, b := answered(t, want.Schema, dailyShops(kept, true), ",,"), answered(t, got.Schema, text, "?"); a != b {
			t.Errorf("%s\nwith rows of gaps\n%s", b, a)
		}
	}
	plain, problems := datasettest.TryLoad(t, datasettest.Write(t, map[string]string{"d.csv": text}), "{"+everySection+"}", 1)
	if problems != "" || !datasettest.Noted(plain, "whatever the time between them") || !datasettest.Noted(plain, "(with order_by, every: day adds rows of gaps") {
		t.Error(problems, plain.Notes)
	}
}

// futures are the windows that a forecast begins with.
func futures(t *testing.T, s *dataset.Schema, text string) (list []string) {
	t.Helper()
	text += "2024-02-29,a,,1\n2024-02-29,b,,1\n2024-03-01,a,,2\n2024-03-01,b,,2\n"
	f, err := forecast.Open(s, strings.NewReader(text), "d.csv", stream.Options{}, 2)
	if err != nil {
		t.Fatal(err)
	}
	b := s.NewBatch(4)
	for {
		if _, err := f.Fill(b, 0, 2); err != nil {
			t.Fatal(err)
		}
		list = append(list, fmt.Sprint(b.Floats, f.Times(0), f.Times(1)))
		if f.Next(); f.Done() {
			return list
		}
	}
}

// answered are the inputs of the rows of a file that are scored, but for those that hold something.
func answered(t *testing.T, s *dataset.Schema, text, but string) string {
	t.Helper()
	st, err := stream.Open(s, strings.NewReader(text), "d.csv", stream.Options{WithTarget: true})
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	b := s.NewBatch(64)
	for {
		n, err := st.Next(b, 64)
		if err == io.EOF {
			return out.String()
		}
		for i := range n {
			if fields := strings.Join(st.Records()[i], ","); !strings.HasSuffix(fields, but) {
				fmt.Fprintln(&out, fields, st.Errors()[i], b.Floats[0][3*i:3*i+3], b.Floats[1][2*i:2*i+2], b.Heads[0].Floats[2*i:2*i+2])
			}
		}
	}
}

// TestOwnForecastWithGaps: a forecast of the data that was trained on has its rows of gaps too, at the frequency that was found.
func TestOwnForecastWithGaps(t *testing.T) {
	dir := datasettest.Write(t, map[string]string{"d.csv": "t,v\n" + strings.ReplaceAll(datasettest.CountTable(20, "", datasettest.Nothing)[2:], "\n", ",1\n")})
	settings, p := datasettest.SettingsOf(t, "{path: d.csv, order_by: t, every: auto, target: {column: v, type: series}, inputs: [{column: v, type: series, window: 4}], split: {test: 2}}")
	d := dataset.Load(settings, dir, 1, p)
	if p.Len() > 0 {
		t.Fatal(p)
	}
	dir = datasettest.Write(t, map[string]string{"d.csv": "t,v\n1,3\n3,4\n5,1\n6,2\n8,3\n"}) // by twos, mostly
	f, err := forecast.Own(settings, datasettest.Again(t, d.Schema), dir, 1, 2)
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(f.Past(0, 0, 9), f.PastTimes(0, 9), f.Times(0)); got != "[3 NaN 4 NaN 1 2 NaN 3] [1 2 3 4 5 6 7 8] [9 10]" {
		t.Error(got)
	}
}

// TestEveryFrequency: frequencies of months, numbers and parts of hours.
func TestEveryFrequency(t *testing.T) {
	const section = "inputs: [{column: v, type: series, window: 2}], target: {column: v, type: series}, split: {test: 3}, order_by: t, every: "
	for _, c := range []struct {
		every, want string
		timestamps  string
	}{
		{"month", "every: month: 2 rows", "2020-01 2020-02 2020-03 2020-05 2020-06 2020-07 2020-09 2020-10 2020-11 2020-12 2021-01 2021-02"},
		{"auto", "every: month: 1 row of gaps for missing timestamps, the first 2020-03-31 (", "2020-01-31 2020-02-29 2020-04-30 2020-05-31 2020-06-30 2020-07-31 2020-08-31 2020-09-30 2020-10-31 2020-11-30"},
		{"quarter", "every: 3 months: 1 row", "2020Q1 2020Q2 2020Q4 2021Q1 2021Q2 2021Q3 2021Q4 2022Q1 2022Q2"},
		{"15 minutes", "every: 15 minutes: 2 rows", "2020-01-01T00:00 2020-01-01T00:15 2020-01-01T01:00 2020-01-01T01:15 2020-01-01T01:30 2020-01-01T01:45 2020-01-01T02:00 2020-01-01T02:15"},
		{"0.5", "every: 0.5: 1 row of gaps for missing timestamps, the first 2 (", "0.5 1.0 1.5 2.5 3.0 3.5 4.0 4.5 5.0 5.5"},
		{"auto", "every: 10: 1 row", "0 10 20 40 50 60 70 80 90 100"},
		{"year", "holds numbers", "2001 2002 2004 2005 2006 2007 2008"},
		{"1", "holds dates", "2020-01 2020-02 2020-03 2020-05 2020-06 2020-07"},
		{"day", "one after \"2020-01\" would be \"2020-01\"", "2020-01 2020-02 2020-03 2020-05 2020-06 2020-07"},
		{"year", "is year, but two rows are closer: \"2020-01\" at ", "2020-01 2020-02 2020-03 2020-05 2020-06 2020-07"},
		{"second", "is a timestamp or the frequency wrong", "2020-01-01 2020-01-02 2020-01-03 2020-01-04"},
		{"fortnight", "expected auto, a number, or a time", "2020-01 2020-02 2020-03 2020-05"},
		{"-1", "expected auto, a number, or a time", "1 2 3 5 6"},
	} {
		text := "t,v\n"
		for i, m := range strings.Fields(c.timestamps) {
			text += fmt.Sprintf("%s,%d\n", m, i*i%7)
		}
		d, problems := datasettest.LoadTable(t, text, section+c.every)
		if !strings.Contains(problems, c.want) && !(problems == "" && datasettest.Noted(d, c.want)) || strings.Count(problems, "\n") > 1 {
			t.Errorf("every: %s: %q %q, want %s", c.every, problems, d.Notes, c.want)
		}
	}
	for section, want := range map[string]string{
		"inputs: [{column: v, window: 2}], target: {column: v, type: series}, every: day": "dataset.every: needs order_by",
		"inputs: [v], target: k, order_by: v, every: 1":                                   "dataset.every: is for windows",
	} {
		if _, problems := datasettest.LoadTable(t, "v,k\n1,0\n2,1\n4,0\n5,1\n6,1\n7,1\n8,1\n", section); !strings.Contains(problems, want) {
			t.Errorf("%s: %q, want %s", section, problems, want)
		}
	}
}

// TestPlacesBesideGaps: mistakes are told at their lines, however many rows were made before them.
func TestPlacesBesideGaps(t *testing.T) {
	text := "t,v\n1,1\n2,2\n5,3\n6,4\n7,oops\n8,1\n9,1\n10,2\n"
	if _, problems := datasettest.LoadTable(t, text, "inputs: [{column: v, type: series, window: 2}], target: {column: v, type: series}, order_by: t, every: 1"); !strings.Contains(problems, ":6: column \"v\"") || strings.Contains(problems, "absent") {
		t.Error(problems)
	}
	if _, problems := datasettest.LoadTable(t, text, "inputs: [{column: v, type: series, window: 2, missing: error}], target: {column: v, type: series}, order_by: t, every: 1"); !strings.Contains(problems, "missing after ") || !strings.Contains(problems, ":3: column \"v\": is missing") {
		t.Error(problems)
	}
}
