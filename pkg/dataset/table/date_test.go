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

// TestHourThatComesTwice: when clocks are set back, timestamps need their offsets, and the message says so.
func TestHourThatComesTwice(t *testing.T) {
	// the hours around the 27th of October 2024, 03:00 in Berlin: universal time, and what the clock on the wall shows
	start := time.Date(2024, 10, 26, 18, 0, 0, 0, time.UTC)
	tab := func(layout string) string {
		var hours []time.Time
		for i := range 30 {
			offset := 2
			if i >= 7 {
				offset = 1
			}
			hours = append(hours, start.Add(time.Duration(i)*time.Hour).In(time.FixedZone("", offset*3600)))
		}
		return daysOf(layout, hours...)
	}
	for section, want := range map[string]string{
		oneAhead:                      `two rows have the same "date": "2024-10-27 02:00" at`,
		oneAhead + ", order_by: date": `two rows have the same "date": "2024-10-27 02:00" at`,
	} {
		_, problems := datasettest.LoadTable(t, tab("2006-01-02 15:04"), section)
		if hint := `if clocks were set back, write all timestamps with their offset: "2024-10-27 02:00+02:00" and later "2024-10-27 02:00+01:00"`; !strings.Contains(problems, want) || !strings.Contains(problems, hint) {
			t.Errorf("%s: %s", section, problems)
		}
	}
	half := strings.Replace(tab("2006-01-02 15:04"), "2024-10-27 02:00,1\n", "2024-10-27 02:00,1\n2024-10-27 02:30,2\n", 1)
	if _, problems := datasettest.LoadTable(t, half, oneAhead); !strings.Contains(problems, "rows are not sorted by the column") || !strings.Contains(problems, "with their offset") {
		t.Error(problems)
	}
	noon := "date,v\n2024-10-27 12:00,1\n2024-10-27 12:00,2\n2024-10-27 13:00,3\n"
	if _, problems := datasettest.LoadTable(t, noon, oneAhead); !strings.Contains(problems, "the same") || strings.Contains(problems, "offset") {
		t.Error(problems)
	}
	d, problems := datasettest.LoadTable(t, tab("2006-01-02 15:04-07:00"), oneAhead)
	if problems != "" || d.Schema.Heads[0].Season != 24 {
		t.Errorf("%s %q", problems, d.Notes)
	}
}

// TestForecastByTheClock: timestamps go on with the offset of the last, and days and months by the clock on the wall.
func TestForecastByTheClock(t *testing.T) {
	var hours, firsts []time.Time
	summer, winter := time.FixedZone("", 7200), time.FixedZone("", 3600)
	for i := range 30 {
		hours = append(hours, time.Date(2024, 4, 1, i, 0, 0, 0, summer))
		zone := summer
		if m := i%12 + 1; m < 4 || m > 10 {
			zone = winter
		}
		firsts = append(firsts, time.Date(2021, time.Month(1+i), 1, 0, 0, 0, 0, zone))
	}
	for _, c := range []struct {
		timestamps []time.Time
		want       string
	}{{hours, "2024-04-02T06:00:00+02:00 2024-04-02T07:00:00+02:00"}, {firsts, "2023-07-01T00:00:00+02:00 2023-08-01T00:00:00+02:00"}} {
		dir := datasettest.Write(t, map[string]string{"d.csv": daysOf(time.RFC3339, c.timestamps...)})
		section := "{path: d.csv, " + oneAhead + "}"
		d := datasettest.MustLoad(t, dir, section)
		settings, _ := datasettest.SettingsOf(t, section)
		f, err := forecast.Own(settings, d.Schema, dir, 1, 2)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(f.Times(0), " "); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

// TestForecastPastMissingRows: a few rows that are missing leave the timestamps of a forecast, and business days go on over weekends.
func TestForecastPastMissingRows(t *testing.T) {
	var days, gaps, weekdays, months []time.Time
	for i := range 60 {
		d := time.Date(2024, 1, 1+i, 0, 0, 0, 0, time.UTC)
		days = append(days, d)
		if i != 10 && i != 20 && i != 21 {
			gaps = append(gaps, d)
		}
		if d.Weekday() != time.Saturday && d.Weekday() != time.Sunday {
			weekdays = append(weekdays, d)
		}
		if i != 7 && i != 30 {
			months = append(months, time.Date(2019, time.Month(1+i), 1, 0, 0, 0, 0, time.UTC))
		}
	}
	dir := datasettest.Write(t, map[string]string{"d.csv": daysOf("2006-01-02", days...)})
	d := datasettest.MustLoad(t, dir, "{path: d.csv, "+oneAhead+"}")
	for _, c := range []struct {
		timestamps []time.Time
		want       string
	}{{gaps, "2024-03-01 2024-03-02"}, {weekdays, "2024-03-01 2024-03-04"}, {months, "2024-01-01 2024-02-01"}, {days[:3], "2024-01-04 2024-01-05"}, {append(days[:3:3], days[5]), ""}} {
		f, err := forecast.Open(d.Schema, strings.NewReader(daysOf("2006-01-02", c.timestamps...)), "h.csv", stream.Options{}, 2)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(f.Times(0), " "); got != c.want {
			t.Errorf("got %s, want %s", got, c.want)
		}
	}
}

// TestQuarters: a column of quarters tells the order and the season without being named.
func TestQuarters(t *testing.T) {
	var b strings.Builder
	b.WriteString("of,v\n")
	for i := range 24 {
		fmt.Fprintf(&b, "%dQ%d,%d\n", 2000+i/4, i%4+1, i%5)
	}
	d, problems := datasettest.LoadTable(t, b.String(), oneAhead)
	if problems != "" || d.Schema.Heads[0].Season != 4 || !datasettest.Noted(d, "the season is 4 rows (quarters)") || datasettest.Noted(d, "evenly") {
		t.Errorf("%s %q", problems, d.Notes)
	}
}

// TestFractionsOfSeconds: rows a tenth of a second apart are even, and a gap between them is told in seconds.
func TestFractionsOfSeconds(t *testing.T) {
	var timestamps []time.Time
	for i := range 30 {
		timestamps = append(timestamps, time.Date(2024, 1, 1, 0, 0, 0, i*100_000_000, time.UTC))
	}
	d, problems := datasettest.LoadTable(t, daysOf("2006-01-02 15:04:05.0", timestamps...), oneAhead)
	if problems != "" || datasettest.Noted(d, "evenly") {
		t.Errorf("%s %q", problems, d.Notes)
	}
	d, problems = datasettest.LoadTable(t, daysOf("2006-01-02 15:04:05.0", append(timestamps[:9], timestamps[12:]...)...), oneAhead)
	if problems != "" || !datasettest.Noted(d, "mostly 0.1 seconds apart, and 1 of 26 steps is longer") {
		t.Errorf("%s %q", problems, d.Notes)
	}
}
