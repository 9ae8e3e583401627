package plot

import (
	"math"
	"strings"
	"testing"
)

func TestForecast(t *testing.T) {
	f := Forecast{
		Title: "sales", Horizon: 2, Times: []string{"2020-01", "2020-02", "2020-03", "2020-04", "2020-05"},
		Lines: []ForecastLine{
			{Name: "umbrellas", Past: []float64{1, math.NaN(), 3}, Tested: []float64{2.5}, Ahead: []float64{4, 5}},
			{Name: "ice", Past: []float64{3, 2, 1}, Ahead: []float64{0, 0}},
		},
	}
	p := f.drawing()
	svg := string(p.SVG())
	for _, want := range []string{"sales", "umbrellas", "ice", "test split, predicted 2 steps at a time", "2 steps ahead, 2020-04 to 2020-05", "2020-01"} {
		if !strings.Contains(svg, want) {
			t.Errorf("the chart does not say %q", want)
		}
	}
	if png, err := p.PNG(); err != nil || len(png) == 0 {
		t.Error(err)
	}
	if got := (&Forecast{}).drawing(); got.Height <= 0 {
		t.Error("an empty forecast has no drawing")
	}
	f.Times = f.Times[:3]
	if got := f.subtitle(); got != "2 steps ahead, after 2020-03" {
		t.Error(got)
	}
	if got := brief("1961.08333333334"); got != "1961.08" {
		t.Error(got)
	}
}
