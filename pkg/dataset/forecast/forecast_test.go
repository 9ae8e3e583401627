package forecast_test

import (
	"fmt"
	"io"
	"strings"
	"testing"

	"dnn/pkg/dataset"
	"dnn/pkg/dataset/datasettest"
	"dnn/pkg/dataset/forecast"
	"dnn/pkg/dataset/record"
	"dnn/pkg/dataset/stream"
)

// oracle predicts each step as the value before plus one, which is right for rows that count.
func oracle(t *testing.T, s *dataset.Schema, f *forecast.Forecast) {
	t.Helper()
	b := s.NewBatch(f.Len())
	for ; !f.Done(); f.Next() {
		n, err := f.Fill(b, 0, f.Len())
		if err != nil || n != f.Len() {
			t.Fatal(n, err)
		}
		size := b.RowSize(0)
		own := make([]float64, n*s.Heads[0].Width)
		for i := range n {
			for k := range s.Heads[0].Width {
				own[i*s.Heads[0].Width+k] = float64(b.Floats[0][(i+1)*size-1]) + float64(k+1)
			}
		}
		f.Take(0, own)
	}
}

func TestForecast(t *testing.T) {
	var b strings.Builder
	b.WriteString("date,shop,v\n")
	for i := range 12 {
		fmt.Fprintf(&b, "2020-%02d-01,a,%d\n2020-%02d-01,b,%d\n", i+1, i, i+1, 100+i)
	}
	dir := datasettest.Write(t, map[string]string{"d.csv": b.String()})
	settings, p := datasettest.SettingsOf(t, "{path: d.csv, group: shop, order_by: date, split: {test: 2, validation: 0}, target: {column: v, horizon: 2, normalize: none}, inputs: [{column: v, type: series, window: 3, normalize: none, level: keep}]}")
	d := dataset.Load(settings, dir, 1, p)
	if p.Len() > 0 {
		t.Fatal(p)
	}
	s := datasettest.Again(t, d.Schema)
	f, err := forecast.Own(settings, s, dir, 1, 5)
	if err != nil {
		t.Fatal(err)
	}
	oracle(t, s, f)
	if got := fmt.Sprint(f.GroupColumn(), f.Group(1), f.TimeColumn(), f.Times(1), f.Values(0, 0), f.Values(1, 0), f.Past(1, 0, 2)); got != "shopbdate[2021-01-01 2021-02-01 2021-03-01 2021-04-01 2021-05-01] [12 13 14 15 16] [112 113 114 115 116] [110 111]" {
		t.Error(got)
	}
	f, err = forecast.Open(s, strings.NewReader("date,shop,v\n2030-01-03,a,9\n2030-01-01,a,7\n2030-01-02,a,8\n"), "h.csv", stream.Options{}, 1)
	if err != nil {
		t.Fatal(err)
	}
	oracle(t, s, f)
	if got := fmt.Sprint(f.Times(0), f.Values(0, 0)); got != "[2030-01-04] [10]" {
		t.Error(got)
	}
	if _, err := forecast.Open(s, strings.NewReader("date,shop,v\n2030-01-03,a,9\n"), "h.csv", stream.Options{}, 1); err == nil || !strings.Contains(err.Error(), `takes 3 rows of "a", and there are 1`) {
		t.Error(err)
	}
}

// TestForecastOfSomeSeries: those that cannot be continued are left out and told, unless it is all of them.
func TestForecastOfSomeSeries(t *testing.T) {
	var b strings.Builder
	b.WriteString("shop,v,k\n")
	for i := range 24 {
		fmt.Fprintf(&b, "%c,%d,%d\n", 'a'+i%2, i/2, i)
	}
	dir := datasettest.Write(t, map[string]string{"d.csv": b.String()})
	d := datasettest.MustLoad(t, dir, `{path: d.csv, group: shop, split: {test: 2, validation: 0}, target: {column: v, type: series, normalize: none},
  inputs: [{column: v, type: series, window: 3, normalize: none, level: keep}, {column: k, known: true, normalize: none}]}`)
	s := datasettest.Again(t, d.Schema)
	f, err := forecast.Open(s, strings.NewReader("shop,v,k\nb,1,0\na,1,0\na,2,0\na,3,0\nc,3,0\nc,4,0\nc,5,0\nc,,7\n"), "h.csv", stream.Options{}, 1)
	if err != nil {
		t.Fatal(err)
	}
	oracle(t, s, f)
	want := `1 c [6] [the window of v takes 3 rows of "b", and there are 1 k of the next 1 row of "a" is needed; give them in rows after the last, with v left empty (there are 0 such rows)]`
	if got := fmt.Sprint(f.Len(), " ", f.Group(0), " ", f.Values(0, 0), f.LeftOut()); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for text, want := range map[string]string{
		"shop,v,k\nb,1,0\na,1,0\n": `h.csv: the window of v takes 3 rows of "b", and there are 1; none of the 2 groups can be continued`,
		"shop,v,k\nb,1,0\n":        `h.csv: the window of v takes 3 rows of "b", and there are 1`,
		"shop,v,k\n":               "h.csv: holds no rows",
	} {
		if _, err := forecast.Open(s, strings.NewReader(text), "h.csv", stream.Options{}, 1); err == nil || err.Error() != want {
			t.Errorf("%v\nwant %s", err, want)
		}
	}
}

// TestForecastKnown: what is known of the future stands in rows after the last.
func TestForecastKnown(t *testing.T) {
	dir := datasettest.Write(t, map[string]string{"d.csv": datasettest.CountTable(12, ",k", func(i int) string { return fmt.Sprintf(",%d", 10*i) })})
	d := datasettest.MustLoad(t, dir, `{path: d.csv, split: {test: 2, validation: 0}, target: {column: v, horizon: 2, normalize: none},
  inputs: [{column: v, type: series, window: 2, normalize: none, level: keep}, {column: k, known: true, normalize: none}]}`)
	s := datasettest.Again(t, d.Schema)
	history := "v,k\n5,50\n6,60\n"
	for more, want := range map[string]string{
		"":                                  "k of the next 4 rows is needed; give them in rows after the last, with v left empty (there are 0 such row",
		",70\n,80\n,90\n":                   "k of the next 4 rows is needed",
		",70\n,80\n,90\n,100\n":             "",
		",70\n,80\n,x\n,100\n":              `column "k": "x" is not a number`,
		",70\n,80\n,90\n,\n":                "k of the next 4 rows is needed",
		",70\n,80\n,90\n,100\n,110\n,120\n": "",
	} {
		f, err := forecast.Open(s, strings.NewReader(history+more), "h.csv", stream.Options{}, 3)
		if err != nil || want != "" {
			if err == nil || !strings.Contains(err.Error(), want) || want == "" {
				t.Errorf("%q: %v", more, err)
			}
			continue
		}
		b := s.NewBatch(1)
		for range 2 {
			if _, err := f.Fill(b, 0, 1); err != nil {
				t.Fatal(err)
			}
			f.Take(0, []float64{7, 8})
			f.Next()
		}
		if got := fmt.Sprint(b.Floats[0], b.Floats[1], f.Values(0, 0)); got != "[7 8] [90 100] [7 8 7]" {
			t.Error(got)
		}
	}
}

// TestStreamOfWindows: rows come out in their order with what the rows before them hold, and say when those are missing.
func TestStreamOfWindows(t *testing.T) {
	dir := datasettest.Write(t, map[string]string{"d.csv": datasettest.CountTable(12, ",date", func(i int) string { return fmt.Sprintf(",2020-01-%02d", i) })})
	d := datasettest.MustLoad(t, dir, `{path: d.csv, order_by: date, split: {test: 2, validation: 0}, target: {column: v, horizon: 2, normalize: none}, inputs: [{column: v, type: series, window: 2, normalize: none, level: keep}]}`)
	s := datasettest.Again(t, d.Schema)
	rows := "v,date\n3,2020-01-03\n1,2020-01-01\n2,2020-01-02\n,2020-01-05\n4,2020-01-04\n"
	read := func(withTarget bool) (b *dataset.Batch, st *stream.Stream) {
		st, err := stream.Open(s, strings.NewReader(rows), "r.csv", stream.Options{WithTarget: withTarget})
		if err != nil {
			t.Fatal(err)
		}
		b = s.NewBatch(8)
		if _, err := st.Next(b, 8); err != nil {
			t.Fatal(err)
		}
		return b, st
	}
	b, st := read(false)
	if got := fmt.Sprint(st.Lines(), b.Floats[0][:10], st.Errors()[0], st.Errors()[3], st.Errors()[4]); got != "[2 3 4 5 6] [1 2 0 0 0 0 3 4 2 3] <nil> <nil> <nil>" {
		t.Error(got)
	}
	for _, i := range []int{1, 2} {
		if e := st.Errors()[i].(*record.RowError); !e.NoHistory {
			t.Error(e)
		}
	}
	b, st = read(true) // only the 3rd of January has two days before it and two that are known
	naive := make([]float64, 2)
	st.Naive(1, naive)
	if got := fmt.Sprint(b.Rows, st.Lines(), st.LeftOut(), b.Heads[0].Floats[:2], naive); got != "1 [2] 4 [3 4] [2 2]" {
		t.Error(got)
	}
	if _, err := st.Next(b, 8); err != io.EOF {
		t.Error(err)
	}
}

// TestStreamOfIDs: all rows of an id come out as one, where its first stands.
func TestStreamOfIDs(t *testing.T) {
	dir := datasettest.Write(t, map[string]string{"d.csv": "id,t,p,sex,y\na,1,1,f,no\na,2,2,f,no\nb,1,3,m,yes\n"})
	d := datasettest.MustLoad(t, dir, "{train: d.csv, sequence_id: id, order_by: t, target: y, inputs: [{column: p, type: series, normalize: none}, {column: sex, type: category}]}")
	s := datasettest.Again(t, d.Schema)
	st, err := stream.Open(s, strings.NewReader("id,t,p,sex\nx,2,7,m\ny,1,8,f\nx,1,6,m\n"), "r.csv", stream.Options{})
	if err != nil {
		t.Fatal(err)
	}
	b := s.NewBatch(4)
	n, err := st.Next(b, 4)
	block := s.Input("p").Block
	if got := fmt.Sprint(n, err, st.Records(), b.Lengths[block][:2], b.Floats[block][:4]); got != "2 <nil> [[y 1 8 f] [x 1 6 m]] [1 2] [8 0 6 7]" {
		t.Error(got)
	}
	if _, err := stream.Open(s, strings.NewReader("id,t,p,sex\nx,2,7,m\nx,1,6,f\n"), "r.csv", stream.Options{}); err == nil || !strings.Contains(err.Error(), `column "sex" is "f"`) {
		t.Error(err)
	}
}
