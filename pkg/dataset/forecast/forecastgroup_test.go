package forecast_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"dnn/pkg/dataset"
	"dnn/pkg/dataset/datasettest"
	"dnn/pkg/dataset/forecast"
	"dnn/pkg/dataset/stream"
)

// One group alone is gone on with, and rows of the test split are found whose horizons lie one after the other up to its end.
func TestForecastOfOneGroup(t *testing.T) {
	var b strings.Builder
	b.WriteString("shop,v\n")
	for i := range 12 {
		fmt.Fprintf(&b, "a,%d\nb,%d\n", i, 100+i)
	}
	b.WriteString("a,\n")
	dir := datasettest.Write(t, map[string]string{"d.csv": b.String()})
	settings, p := datasettest.SettingsOf(t, "{path: d.csv, group: shop, split: {test: 6, validation: 0}, target: {column: v, type: series, horizon: 2, normalize: none}, inputs: [{column: v, type: series, window: 3, normalize: none, level: keep}]}")
	d := dataset.Load(settings, dir, 1, p)
	if p.Len() > 0 {
		t.Fatal(p)
	}
	f, err := forecast.Own(settings, d.Schema, dir, 1, 4)
	if err != nil {
		t.Fatal(err)
	}
	rows, back := f.Tested(1, d.Part("test"))
	var places []string
	for _, row := range rows {
		places = append(places, filepath.Base(d.Part("test").Place(row)))
	}
	if got := fmt.Sprint(places, back); got != "[d.csv:15 d.csv:19 d.csv:23] [6 4 2]" {
		t.Error(got)
	}
	other, _ := forecast.Own(settings, d.Schema, datasettest.Write(t, map[string]string{"d.csv": b.String() + "a,9\n"}), 1, 4)
	if rows, _ := other.Tested(0, d.Part("test")); rows != nil {
		t.Error("the rows of other data are none of the split's")
	}
	if f, err = forecast.Open(d.Schema, strings.NewReader(b.String()+"c,1\n"), "h.csv", stream.Options{}, 4); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"B": `the column "shop" has no "B" (did you mean b?)`,
		"c": `the window of v takes 3 rows of "c", and there are 1`,
	} {
		if err := f.Only(name); err == nil || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if err := f.Only("b"); err != nil || f.Len() != 1 || len(f.LeftOut()) != 0 {
		t.Fatal(err, f.Len(), f.LeftOut())
	}
	oracle(t, d.Schema, f)
	if got := fmt.Sprint(f.Group(0), f.Values(0, 0)); got != "b[112 113 114 115]" {
		t.Error(got)
	}
}
