package draft

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"
)

// days is a series with a weekly pattern of that height, whose rows are in an order.
func days(t *testing.T, rows int, height float64, order func(row int) int) string {
	begin := time.Date(2021, 1, 4, 0, 0, 0, 0, time.UTC)
	return file(t, "sales.csv", "date,sales", rows, func(row int) string {
		row = order(row)
		x := 50 + 0.05*float64(row) + 10*noise(row, 1)
		if row%7 > 4 {
			x += height
		}
		return fmt.Sprintf("%s,%.2f", begin.AddDate(0, 0, row).Format(time.DateOnly), x)
	})
}

func forward(row int) int { return row }

// Rows in any order are sorted by their dates.
func TestForecastOfRowsInAnyOrder(t *testing.T) {
	for _, order := range map[string]func(row int) int{
		"newest first": func(row int) int { return 199 - row }, "shuffled": func(row int) int { return row * 37 % 200 },
	} {
		text := made(t, Request{Data: days(t, 200, 0, order), Target: "sales", Horizon: 7})
		holds(t, text, "order_by: date", "# 2021-01-04 to 2021-07-22, 1 day apart", "horizon: 7, season: 7", "order: true")
	}
	holds(t, made(t, Request{Data: days(t, 200, 0, func(row int) int { return 199 - row }), Target: "sales"}), "order_by: date", "horizon: 1")
}

// Rows of business days go on over weekends.
func TestForecastOfBusinessDays(t *testing.T) {
	workdays := func(row int) int { return row/5*7 + row%5 }
	holds(t, made(t, Request{Data: days(t, 200, 0, workdays), Target: "sales", Horizon: 7}), "1 business day apart", "season: 5")
	holiday := func(row int) int { row += row / 66; return workdays(row) }
	holds(t, made(t, Request{Data: days(t, 200, 0, holiday), Target: "sales", Horizon: 7}), "1 business day apart", "every: auto")
}

// A horizon that cannot be is told, with the reason.
func TestNoForecast(t *testing.T) {
	unclear := file(t, "odd.csv", "date,sales", 60, func(row int) string { return fmt.Sprintf("%d/%d/%d,%d", 1+row*7%12, 1+row*5%12, 2000+row%13, row) })
	words := file(t, "moods.csv", "date,mood", 60, func(row int) string {
		return fmt.Sprintf("2021-%02d-%02d,%s", 1+row/28, 1+row%28, []string{"good", "bad", "so"}[row%3])
	})
	table := file(t, "people.csv", "age,height", 200, func(row int) string { return fmt.Sprintf("%v,%v", 60*noise(row, 1), noise(row, 2)) })
	for _, c := range []struct{ data, target, want string }{
		{days(t, 200, 0, func(row int) int { return row - row/119 }), "sales", "--horizon needs evenly spaced dates; 2021-05-02 occurs twice in the column date"},
		{unclear, "sales", `the column date: the dates can be read with the day or the month first; choose with date_format: "%m/%d/%Y" or date_format: "%d/%m/%Y"`},
		{days(t, 200, 0, func(row int) int { return row + row/5*2 + row/3 }), "sales", "most are 1 day apart, and"},
		{words, "mood", "--horizon is for forecasts of numbers, and mood holds words"},
		{table, "height", "has no column of dates or times"},
		{t.TempDir(), "", "--horizon is for a table"},
	} {
		if _, err := Make(Request{Data: c.data, Target: c.target, Horizon: 7}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %q", err, c.want)
		}
	}
}

// A forecast that is asked for finds its dates in every form that order_by reads.
func TestHorizonInManyForms(t *testing.T) {
	month := func(row int) time.Time { return time.Date(2000, time.Month(row+1), 1, 0, 0, 0, 0, time.UTC) }
	day := func(row int) time.Time { return time.Date(2020, 1, 1+row, 0, 0, 0, 0, time.UTC) }
	for name, form := range map[string]func(row int) string{
		"when":  func(row int) string { return month(row).Format("Jan-06") },
		"monat": func(row int) string { return month(row).Format("01/2006") },
		"epoch": func(row int) string { return fmt.Sprint(day(row).Unix()) },
		"excel": func(row int) string { return fmt.Sprint(43831 + row) },
		"tage":  func(row int) string { return day(row).Format("20060102") },
		"Jahr":  func(row int) string { return fmt.Sprint(1800 + row) },
		"kw": func(row int) string {
			year, week := day(7 * row).ISOWeek()
			return fmt.Sprintf("%d-W%02d", year, week)
		},
	} {
		path := file(t, "series.csv", name+",v", 90, func(row int) string {
			return fmt.Sprintf("%s,%.3f", form(row), 5+math.Sin(float64(row)/4)+noise(row, 1))
		})
		d, err := Make(Request{Data: path, Target: "v", Horizon: 2})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		holds(t, string(d.Spec), "order_by: "+name, "horizon: 2")
	}
}

// Timestamps of several columns are found, too.
func TestHorizonOfSeveralColumns(t *testing.T) {
	for header, c := range map[string]struct{ layout, want string }{
		"year,month,day": {"2006,1,2", "order_by: [year, month, day]"}, "Jahr,Monat": {"2006,01", "order_by: [Jahr, Monat]"},
		"datum,zeit": {"02.01.2006,15:04", "order_by: [datum, zeit]"},
	} {
		at := func(row int) time.Time {
			switch {
			case strings.Contains(header, "zeit"):
				return time.Date(2024, 1, 25, row, 0, 0, 0, time.UTC)
			case strings.Contains(header, "day"):
				return time.Date(2024, 1, 25+row, 0, 0, 0, 0, time.UTC)
			}
			return time.Date(2001, time.Month(row), 1, 0, 0, 0, 0, time.UTC)
		}
		path := file(t, "series.csv", header+",v", 90, func(row int) string {
			return fmt.Sprintf("%s,%.3f", at(row).Format(c.layout), 5+math.Sin(float64(row)/4)+noise(row, 1))
		})
		holds(t, made(t, Request{Data: path, Target: "v", Horizon: 2}), c.want, "horizon: 2")
	}
}
