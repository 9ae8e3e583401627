package plot

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"dnn/internal/plot/canvas"
)

// mostTicks is how many labels a time axis has at most.
const mostTicks = 10

// fitsTicks reports whether that many labels fit side by side.
func fitsTicks(n int, widest float64) bool {
	return n <= min(mostTicks, max(2, int(780/(widest+24))))
}

// write writes the labels of an axis at y. The last one is aligned with the end of the axis; it is left out where it
// would overlap the one before.
func (a *axis) write(p *canvas.Drawing, y float64) {
	free := 0.0
	for _, t := range a.ticks {
		half := canvas.TextWidth(t.text, tickSize, false) / 2
		at := min(a.at(t.value), a.to-half)
		if at-half < free {
			continue
		}
		p.Text(at, y, t.text, tickSize, canvas.Middle, canvas.Soft)
		free = at + half + 8
	}
}

// relativeTicks are whole numbers, from the end of the history, which is 0, to the last forecast step.
func relativeTicks(past, ahead int) (ticks []tick) {
	step := int(max(1, niceStep(float64(past+ahead)/mostTicks)))
	for k := -(past - 1) / step * step; k <= ahead; k += step {
		text := minus(strconv.Itoa(k))
		if k > 0 {
			text = "+" + text
		}
		ticks = append(ticks, tick{float64(past - 1 + k), text})
	}
	return ticks
}

// timeTicks are at round times: years, months, days or round numbers; if the times are neither, at some of them.
func timeTicks(times []string) []tick {
	if ticks := numberTicks(times); ticks != nil {
		return ticks
	}
	if ticks := dateTicks(times); ticks != nil {
		return ticks
	}
	widest := 1.0
	for _, t := range times {
		widest = max(widest, canvas.TextWidth(canvas.Clean(t), tickSize, false))
	}
	every := 1
	for !fitsTicks((len(times)+every-1)/every, widest) {
		every++
	}
	var ticks []tick
	for at := every / 2; at < len(times); at += every {
		ticks = append(ticks, tick{float64(at), canvas.Clean(times[at])})
	}
	return ticks
}

// numberTicks are for times that are ascending numbers, such as years; nil for others.
func numberTicks(times []string) []tick {
	if len(times) < 2 {
		return nil
	}
	values := make([]float64, len(times))
	for i, t := range times {
		v, err := strconv.ParseFloat(strings.TrimSpace(t), 64)
		if err != nil || !finite(v) || i > 0 && v <= values[i-1] {
			return nil
		}
		values[i] = v
	}
	lo, hi := values[0], values[len(values)-1]
	step := niceStep((hi - lo) / mostTicks)
	if hi-lo >= 3 { // years or row numbers
		step = max(step, 1)
	}
	ticks := []tick{}
	at := 0
	for k := math.Ceil(lo/step - 1e-9); k*step <= hi+1e-9*step; k++ {
		v := k * step
		for at+2 < len(values) && values[at+1] < v {
			at++
		}
		place := float64(at) + (v-values[at])/(values[at+1]-values[at])
		ticks = append(ticks, tick{place, stepText(v, step, max(math.Abs(lo), math.Abs(hi)))})
	}
	return ticks
}

// dateLayouts are the time formats with round values.
var dateLayouts = []string{
	"2006-01", "2006-01-02", "2006/01/02", "2006/01", "2006-01-02 15:04:05", "2006-01-02 15:04", time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04",
}

// dateUnit divides time: a tick is drawn where a new unit begins.
type dateUnit struct {
	piece  func(t time.Time) int64
	layout string
}

// dateUnits go from fine to coarse.
var dateUnits = func() (list []dateUnit) {
	seconds := func(n int64, layout string) dateUnit {
		return dateUnit{func(t time.Time) int64 { return floorDiv(t.Unix(), n) }, layout}
	}
	for _, minutes := range []int64{1, 5, 15, 30} {
		list = append(list, seconds(60*minutes, "15:04"))
	}
	for _, hours := range []int64{1, 3, 6, 12} {
		list = append(list, seconds(3600*hours, "01-02 15:04"))
	}
	list = append(list, seconds(86400, "2006-01-02"))
	const monday = 4 * 86400 // after the beginning of 1970
	list = append(list, dateUnit{func(t time.Time) int64 { return floorDiv(t.Unix()-monday, 7*86400) }, "2006-01-02"})
	for _, months := range []int64{1, 3, 6} {
		list = append(list, dateUnit{func(t time.Time) int64 { return floorDiv(int64(t.Year())*12+int64(t.Month())-1, months) }, "2006-01"})
	}
	for _, years := range []int64{1, 2, 5, 10, 20, 50, 100} {
		list = append(list, dateUnit{func(t time.Time) int64 { return floorDiv(int64(t.Year()), years) }, "2006"})
	}
	return list
}()

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// finer reports whether some timestamp needs all digits of the layout: a coarser unit would not show it in full.
func finer(timestamps []time.Time, layout string) bool {
	return slices.ContainsFunc(timestamps, func(m time.Time) bool {
		midnight := m.Hour() == 0 && m.Minute() == 0
		switch layout {
		case "2006":
			return true
		case "2006-01":
			return m.Month() != time.January || m.Day() != 1 || !midnight
		case "2006-01-02":
			return m.Day() != 1 || !midnight
		}
		return !midnight
	})
}

// dateTicks are for dates in one of the known layouts; nil for others.
func dateTicks(times []string) []tick {
	timestamps := datesOf(times)
	if len(timestamps) < 2 {
		return nil
	}
	for _, u := range dateUnits {
		if !finer(timestamps, u.layout) {
			continue
		}
		var ticks []tick
		widest := 0.0
		before := timestamps[0].Add(-1)
		for i, m := range timestamps {
			if u.piece(m) != u.piece(before) {
				text := m.Format(u.layout)
				widest = max(widest, canvas.TextWidth(text, tickSize, false))
				ticks = append(ticks, tick{float64(i), text})
			}
			before = m
		}
		if fitsTicks(len(ticks), widest) && len(ticks) > 0 {
			return ticks
		}
	}
	return nil
}

// datesOf parses all times by one layout; nil if none fits.
func datesOf(times []string) []time.Time {
	for _, layout := range dateLayouts {
		var list []time.Time
		for _, t := range times {
			m, err := time.Parse(layout, strings.TrimSpace(t))
			if err != nil {
				break
			}
			list = append(list, m)
		}
		if len(list) == len(times) {
			return list
		}
	}
	return nil
}
