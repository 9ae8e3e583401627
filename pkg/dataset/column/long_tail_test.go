package column_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"dnn/pkg/dataset"
	"dnn/pkg/dataset/datasettest"
)

// TestTargetsAreScaled: numbers are learned on a common scale, and what suits them badly is told.
func TestTargetsAreScaled(t *testing.T) {
	csv := tableOf("a,price,income,rate,zero,flat", func(i int) string {
		return fmt.Sprintf("%d,%d.5,%.3f,0.00%d1,%.3f,7", i%7, 200_000+1000*i, math.Exp(float64(i)/8), i%5, math.Exp(float64(i)/8)-1)
	})
	for target, want := range map[string]string{
		"price":                            "",
		"{column: price, normalize: none}": "warning: the target price is learned as it is (normalize: none), though its numbers are large (229500 on average, deviation",
		"income":                           "the target income has a long tail (skewness 2.",
		"{column: income, normalize: log_zscore}":                              "",
		"{column: zero, type: number}":                                         "normalize: log1p_zscore learns its logarithm",
		"{column: zero, normalize: log1p_zscore}":                              "",
		"{column: flat, type: number}":                                         "warning: the target flat is the same in all rows of the training split",
		"{column: flat, normalize: none}":                                      "warning: the target flat is the same in all rows of the training split",
		"[{column: rate, normalize: none}, {column: income, normalize: none}]": "warning: the targets rate and income are learned on very different scales",
		"[rate, income]":                                                       "long tail",
	} {
		d, problems := datasettest.LoadTable(t, csv, "inputs: [a], target: "+target)
		if problems != "" || want != "" && !datasettest.Noted(d, want) || want == "" && len(d.Notes) > 1 && strings.Contains(strings.Join(d.Notes.Texts(), "\n"), "the target") {
			t.Errorf("%s: %s\n%s", target, problems, strings.Join(d.Notes.Texts(), "\n"))
		}
	}
	d, problems := datasettest.LoadTable(t, csv, "inputs: [a], target: price")
	if problems != "" {
		t.Fatal(problems)
	}
	b := d.Schema.NewBatch(60)
	d.Train.FillFrom(b, 0, 60)
	own := make([]float64, 60)
	d.Schema.Heads[0].Denormalized(own, b.Heads[0].Floats)
	if math.Abs(float64(b.Heads[0].Floats[0])) > 2 || math.Abs(own[59]-259_000.5) > 0.1 {
		t.Error(b.Heads[0].Floats[0], own[59])
	}
}

// TestAutoScale: normalize: auto takes the logarithm of a long tail, column by column.
func TestAutoScale(t *testing.T) {
	csv := tableOf("even,money,y", func(i int) string { return fmt.Sprintf("%d,%.3f,%d.5", i, math.Exp(float64(i)/8)-1, i) })
	d, problems := datasettest.LoadTable(t, csv, "inputs: [{columns: [even, money], normalize: auto}], target: y")
	if problems != "" || !datasettest.Noted(d, "money: normalize: log1p_zscore, since it has a long tail (skewness 2.") || datasettest.Noted(d, "even: normalize") {
		t.Fatal(problems, d.Notes)
	}
	row := datasettest.Floats(d.Schema, d.Train, 0)
	if math.Abs(float64(row[30][0]-row[30][1])) > 0.01 { // both rise evenly
		t.Error(row[30])
	}
}

// TestRowNumbersOfOthers: a first column without a name that numbers the rows is left out, whatever the split.
func TestRowNumbersOfOthers(t *testing.T) {
	for _, c := range []struct{ header, first string }{{",a,y", "0"}, {"Unnamed: 0,a,y", "1"}, {"rownames,a,y", "1"}} {
		csv := c.header + "\n"
		for i := range 60 {
			csv += fmt.Sprintf("%d,%d.5,%d.25\n", i+int(c.first[0]-'0'), i%9, i)
		}
		dir := datasettest.Write(t, map[string]string{"d.csv": csv})
		d := datasettest.MustLoad(t, dir, "{path: d.csv, target: y}")
		if len(d.Schema.Inputs) != 1 || !datasettest.Noted(d, "warning: the first column, ") {
			t.Errorf("%q: %v %q", c.header, d.Schema.Columns(), d.Notes)
		}
		settings, p := datasettest.SettingsOf(t, "{path: d.csv, target: y}")
		if dataset.LoadWith(settings, d.Schema, dir, 1, p); p.Len() > 0 {
			t.Errorf("%q: %v", c.header, p.Messages())
		}
	}
	d := datasettest.MustLoad(t, datasettest.Write(t, map[string]string{"d.csv": tableOf("k,a,y", func(i int) string { return fmt.Sprintf("%d,%d.5,%d.25", (i*7)%60, i%9, i) })}), "{path: d.csv, target: y}")
	if !datasettest.Noted(d, "warning: k looks like an id") || len(d.Schema.Inputs) != 2 {
		t.Error(d.Notes)
	}
}
