package plot

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"dnn/internal/plot/canvas"
)

// written are ticks as "place:text".
func written(ticks []tick) string {
	var list []string
	for _, t := range ticks {
		list = append(list, fmt.Sprintf("%.3g:%s", t.value, t.text))
	}
	return strings.Join(list, " ")
}

func TestTimeTicks(t *testing.T) {
	years := make([]string, 60) // months, as parts of years
	for i := range years {
		years[i] = fmt.Sprint(1956.25 + float64(i)/12)
	}
	days := func(from string, n int) (list []string) {
		at, _ := time.Parse(time.DateOnly, from)
		for range n {
			list, at = append(list, at.Format(time.DateOnly)), at.AddDate(0, 0, 1)
		}
		return list
	}
	var hours, months []string
	for i := range 30 {
		hours = append(hours, time.Date(2020, 1, 1, i, 0, 0, 0, time.UTC).Format("2006-01-02 15:04"))
		months = append(months, time.Date(2020, time.Month(11+i), 1, 0, 0, 0, 0, time.UTC).Format("2006-01"))
	}
	for _, c := range []struct {
		times []string
		want  string
	}{
		{years, "9:1957 21:1958 33:1959 45:1960 57:1961"},
		{[]string{"1", "2", "3", "4"}, "0:1 1:2 2:3 3:4"},
		{days("1990-10-20", 132), "12:1990-11 42:1990-12 73:1991-01 104:1991-02"},
		{days("2020-01-01", 5), "0:2020-01-01 1:2020-01-02 2:2020-01-03 3:2020-01-04 4:2020-01-05"},
		{days("1985-06-01", 1500), "30:1985-07 214:1986-01 395:1986-07 579:1987-01 760:1987-07 944:1988-01 1.13e+03:1988-07 1.31e+03:1989-01 1.49e+03:1989-07"},
		{months, "2:2021-01 5:2021-04 8:2021-07 11:2021-10 14:2022-01 17:2022-04 20:2022-07 23:2022-10 26:2023-01 29:2023-04"},
		{hours, "0:01-01 00:00 6:01-01 06:00 12:01-01 12:00 18:01-01 18:00 24:01-02 00:00"},
		{[]string{"mon", "tue", "wed"}, "0:mon 1:tue 2:wed"},
		{[]string{"2", "1", "3"}, "0:2 1:1 2:3"},
	} {
		got := written(timeTicks(c.times))
		if got != c.want {
			t.Errorf("%s…: %s, want %s", c.times[0], got, c.want)
		}
	}
	if got := written(relativeTicks(120, 12)); got != "19:−100 39:−80 59:−60 79:−40 99:−20 119:0" {
		t.Error(got)
	}
	if got := written(relativeTicks(1, 1)); got != "0:0 1:+1" {
		t.Error(got)
	}
	if got := written(relativeTicks(0, 3)); got != "0:+1 1:+2 2:+3" {
		t.Error(got)
	}
}

// Labels lie side by side, and the last ends with the axis.
func TestLabelsKeepWithinAxis(t *testing.T) {
	for n := 2; n < 200; n += 3 {
		var times []string
		for i := range n {
			times = append(times, time.Date(2020, 1, 31+i, 0, 0, 0, 0, time.UTC).Format(time.DateOnly))
		}
		f := Forecast{Times: times, Lines: []ForecastLine{{Name: "v", Past: make([]float64, n-1), Ahead: make([]float64, 1)}}}
		before := 0.0
		for _, one := range f.drawing().Shapes {
			l, ok := one.(canvas.Label)
			if !ok || l.Align != canvas.Middle || !strings.HasPrefix(l.Text, "2020") {
				continue
			}
			half := canvas.TextWidth(l.Text, l.Size, false) / 2
			if l.At.X-half < before || l.At.X+half > curvesWidth-sideMargin+1e-9 {
				t.Fatalf("%d steps: %s lies from %v to %v, after %v", n, l.Text, l.At.X-half, l.At.X+half, before)
			}
			before = l.At.X + half
		}
		if before == 0 {
			t.Fatalf("%d steps: no labels", n)
		}
	}
}
