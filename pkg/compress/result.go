package compress

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math"
	"path/filepath"
	"strconv"

	"dnn/internal/newfile"
	"dnn/internal/plot"
	"dnn/pkg/model"
)

// Files of the result of a recipe, in the folder of its run. The chart has an .svg and a .png.
const (
	JSONFile = "compress.json"
	CSVFile  = "compress.csv"
	Chart    = "compress"
)

// Result is what a recipe comes to.
type Result struct {
	Name   string  `json:"name"`
	Dir    string  `json:"run"`
	Model  string  `json:"model,omitempty"` // the file of the result; "" where no model keeps the budget
	Stages []Stage `json:"stages"`          // the model that the recipe began with, then that of each step
	Chosen int     `json:"result"`          // which of the stages; -1 where none keeps the budget
	Ended  string  `json:"ended,omitempty"` // why it ended before its last step
	Test   *Tested `json:"test,omitempty"`  // nil without a test split, or with train.test: false
}

// Tested are the figures of the test split, before the first step and of the result.
type Tested struct {
	Before []Score `json:"before"`
	After  []Score `json:"after"`
}

// finish keeps the model that was chosen, scores the test split, which decided nothing, and writes the result.
func (r *runner) finish(res *Result) error {
	res.Name = r.net.Config.Name
	if res.Chosen >= 0 {
		f, err := r.load(res.Stages[res.Chosen].Model)
		if err != nil {
			return err
		}
		res.Model = filepath.Join(r.o.Dir, ModelFile)
		if err := r.saveAs(res.Model, &Made{Net: f.Net, State: f.State}); err != nil {
			return err
		}
		if err := r.test(res, f); err != nil {
			return err
		}
	}
	data, err := json.MarshalIndent(res, "", "  ")
	if err != nil {
		return err
	}
	if err := newfile.Write(filepath.Join(r.o.Dir, JSONFile), append(data, '\n')); err != nil {
		return err
	}
	if data, err = res.csv(); err != nil {
		return err
	}
	if err := newfile.Write(filepath.Join(r.o.Dir, CSVFile), data); err != nil {
		return err
	}
	return plot.DrawSteps(filepath.Join(r.o.Dir, Chart), res.chart())
}

// test scores the test split by the result f and by the model that the recipe began with.
func (r *runner) test(res *Result, f *model.File) error {
	data, err := r.splits(f)
	if err != nil || data.Test == nil || data.Test.Rows() == 0 || !r.net.Config.Train.Test {
		return err
	}
	res.Test = &Tested{}
	if res.Test.After, err = r.score(f, data.Test); err != nil {
		return err
	}
	first, err := r.load(res.Stages[0].Model)
	if err != nil {
		return err
	}
	res.Test.Before, err = r.score(first, data.Test)
	return err
}

// csv has a line for each stage.
func (res *Result) csv() ([]byte, error) {
	first := &res.Stages[0].Figures
	head := []string{"step", "model", "size_bytes", "parameters", "non_zeros", "multiplications", "latency_1_us", "latency_64_us", "rows_per_second", "memory_bytes"}
	for _, s := range first.Scores {
		head = append(head, first.Split+"_"+s.Name)
	}
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	w.Write(append(head, "result"))
	for i, s := range res.Stages {
		m := &s.Figures
		row := []string{
			s.Step, s.Model, fmt.Sprint(m.Size), fmt.Sprint(m.Parameters), fmt.Sprint(m.NonZeros), number(m.Multiplications),
			number(m.Latency1.Seconds() * 1e6), number(m.Latency64.Seconds() * 1e6), number(math.Round(m.Throughput())), fmt.Sprint(m.Memory),
		}
		for _, score := range first.Scores {
			row = append(row, number(m.Of(score.Name)))
		}
		w.Write(append(row, strconv.FormatBool(i == res.Chosen)))
	}
	w.Flush()
	return out.Bytes(), w.Error()
}

// number is empty where it is undefined.
func number(x float64) string {
	if math.IsNaN(x) {
		return ""
	}
	return strconv.FormatFloat(x, 'g', 9, 64)
}

// chart shows what the steps gained and cost.
func (res *Result) chart() plot.Steps {
	c := plot.Steps{Title: res.Name, Chosen: res.Chosen}
	for _, s := range res.Stages {
		c.Names = append(c.Names, s.Step)
	}
	add := func(name string, value func(f *Figures) float64) {
		p := plot.StepsPanel{Name: name}
		for i := range res.Stages {
			p.Values = append(p.Values, value(&res.Stages[i].Figures))
		}
		c.Panels = append(c.Panels, p)
	}
	add("size on disk (kB)", func(f *Figures) float64 { return float64(f.Size) / 1e3 })
	add("parameters that are not zero", func(f *Figures) float64 { return float64(f.NonZeros) })
	add("latency of one row (µs)", func(f *Figures) float64 { return f.Latency1.Seconds() * 1e6 })
	add("latency of 64 rows (µs)", func(f *Figures) float64 { return f.Latency64.Seconds() * 1e6 })
	first := &res.Stages[0].Figures
	for _, s := range first.Scores[:min(3, len(first.Scores))] {
		add(first.Split+" "+s.Name, func(f *Figures) float64 { return f.Of(s.Name) })
	}
	return c
}
