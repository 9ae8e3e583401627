package survey

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"dnn/pkg/dataset/table"
)

// tableOf makes a table of lines of fields.
func tableOf(t *testing.T, header string, rows int, line func(row int) string) *table.Table {
	t.Helper()
	made := &table.Table{Key: "path", Rows: rows}
	delimiter := ","
	if strings.Contains(header, ";") {
		delimiter = ";"
	}
	made.Keep(strings.Split(header, delimiter), func(string) bool { return true })
	for row := range rows {
		for i, field := range strings.Split(line(row), delimiter) {
			made.Columns[i].Add(field)
		}
	}
	for _, c := range made.Columns {
		c.Seal()
	}
	return made
}

// noise is a number between 0 and 1 that looks random.
func noise(row, column int) float64 {
	x := math.Sin(float64(row*7919+column*104729)) * 43758.5453
	return x - math.Floor(x)
}

func TestFaults(t *testing.T) {
	s := Of(tableOf(t, "id,name,day,one,gaps,kind,size,y", 200, func(row int) string {
		gap := ""
		if row == 7 {
			gap = "4"
		}
		return fmt.Sprintf("%d,n%d,%d/%d/2020,same,%s,%s,%.3f,%d", row+10, row, 1+row*5%12, 1+row*7%28, gap, []string{"a", "b"}[row%2], noise(row, 1), row%3)
	}), "y")
	for name, want := range map[string]Fault{
		"id": RowNumber, "name": Identifier, "day": Date, "one": Constant, "gaps": Empty, "kind": Sound, "size": Sound,
	} {
		if got := s.Column(name).Fault; got != want {
			t.Errorf("%s: fault %q, want %q (%s)", name, got, want, s.Column(name).Why)
		}
	}
	odd := Of(tableOf(t, "rate;euro;y", 60, func(row int) string {
		return fmt.Sprintf("%d%%;%d,%d;%d", row%50, row*7, row%10, row%3)
	}), "y")
	for _, name := range []string{"rate", "euro"} {
		if got := odd.Column(name).Fault; got != Form {
			t.Errorf("%s: fault %q, want a form that is not read", name, got)
		}
	}
	if got := len(s.Inputs()); got != 2 {
		t.Errorf("%d inputs, want kind and size", got)
	}
}

func TestLeaks(t *testing.T) {
	s := Of(tableOf(t, "a,b,copy,good,total", 400, func(row int) string {
		a, b := math.Round(100*noise(row, 1)), math.Round(100*noise(row, 2))
		return fmt.Sprintf("%v,%v,%v,%v,%v", a, b, 2*(a+b)+noise(row, 3), a+20*noise(row, 4), a+b)
	}), "total")
	for name, want := range map[string]Fault{"a": Leak, "b": Leak, "copy": Leak, "good": Sound} {
		if got := s.Column(name).Fault; got != want {
			t.Errorf("%s: fault %q, want %q (%s)", name, got, want, s.Column(name).Why)
		}
	}
	if why := s.Column("a").Why; why != "total = a + b" {
		t.Errorf("why: %q", why)
	}
	classes := Of(tableOf(t, "code,hint,y", 400, func(row int) string {
		y := []string{"yes", "no"}[int(noise(row, 1)*2)]
		hint := y
		if noise(row, 2) < 0.1 { // wrong in a tenth of the rows: a good input, and no leak
			hint = "no"
		}
		return strings.ToUpper(y) + "," + hint + "," + y
	}), "y")
	if got := classes.Column("code").Fault; got != Leak {
		t.Errorf("code: fault %q, want a leak", got)
	}
	if got := classes.Column("hint").Fault; got != Sound {
		t.Errorf("hint: fault %q, want none", got)
	}
}

func TestClock(t *testing.T) {
	even := Of(tableOf(t, "day,y", 60, func(row int) string {
		return fmt.Sprintf("2020-%02d-%02d,%v", 1+row/28, 1+row%28, noise(row, 1))
	}), "y")
	if c := even.Clock; c == nil || c.Name != "day" || !c.Unique || !c.Even || !c.Missing || c.Season != 7 {
		t.Errorf("days with gaps between months: %+v", c)
	}
	hours := Of(tableOf(t, "day,hour,y", 60, func(row int) string {
		return fmt.Sprintf("2020-01-%02d,%d,%v", 1+row/3, row%3, noise(row, 1))
	}), "y")
	if c := hours.Clock; c == nil || c.Unique || c.Even {
		t.Errorf("several rows a day: %+v", c)
	}
	newest := Of(tableOf(t, "day,y", 28, func(row int) string { return fmt.Sprintf("2021-02-%02d,%v", 28-row, noise(row, 1)) }), "y")
	if c := newest.Clock; c == nil || c.Sorted || !c.Even || c.First() != "2021-02-01" || c.Last() != "2021-02-28" {
		t.Errorf("the newest day first: %+v", c)
	}
	twice := Of(tableOf(t, "day,y", 28, func(row int) string { return fmt.Sprintf("2021-02-%02d,%v", max(1, row), noise(row, 1)) }), "y")
	if c := twice.Dates; c == nil || c.Unique || c.Twice != "2021-02-01" {
		t.Errorf("a day that occurs twice: %+v", c)
	}
	if c := Of(tableOf(t, "born,y", 60, func(row int) string {
		return fmt.Sprintf("19%02d-01-02,%v", 10+row*37%60, noise(row, 1))
	}), "y").Clock; c != nil {
		t.Errorf("dates of birth are no clock: %+v", c)
	}
}

// Amounts are no timestamps, even if one looks like a year and a month, and durations are none; eight digits may be days.
func TestNumbersAsTimestamps(t *testing.T) {
	s := Of(tableOf(t, "x,time,y", 60, func(row int) string {
		if row == 0 {
			return "4222.11,0.5,1"
		}
		return fmt.Sprintf("%.2f,%.2f,%d", 5000*noise(row, 1), 10*noise(row, 2), row%2)
	}), "y")
	if s.Clock != nil || s.Dates != nil {
		t.Errorf("amounts: %+v %+v", s.Clock, s.Dates)
	}
	days := Of(tableOf(t, "when,y", 28, func(row int) string { return fmt.Sprintf("202302%02d,%v", row+1, noise(row, 1)) }), "y")
	if c := days.Clock; c == nil || c.Name != "when" || c.Step != "1 day" || !c.Even {
		t.Errorf("days of eight digits: %+v", c)
	}
	seconds := Of(tableOf(t, "time,y", 28, func(row int) string { return fmt.Sprintf("%.1f,%v", float64(row)/2, noise(row, 1)) }), "y")
	if c := seconds.Clock; c == nil || !c.Even {
		t.Errorf("seconds with fractions: %+v", c)
	}
}

func TestGroups(t *testing.T) {
	s := Of(tableOf(t, "patient_id,dose,y", 120, func(row int) string {
		return fmt.Sprintf("p%d,%v,%d", row/4, noise(row, 1), row%2)
	}), "y")
	if s.Groups == nil || s.Groups.Name != "patient_id" || s.Groups.Fault != Identifier {
		t.Errorf("groups: %+v", s.Groups)
	}
}
