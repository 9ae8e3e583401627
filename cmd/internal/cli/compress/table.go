package compress

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"time"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/output"
	"dnn/internal/newfile"
	"dnn/pkg/compress"
)

// tableFile is in the folder of a recipe's run, and holds the table as it is printed.
const tableFile = "table.txt"

func write(res *compress.Result) error {
	var out bytes.Buffer
	print(&out, res, nil)
	return newfile.Write(filepath.Join(res.Dir, tableFile), out.Bytes())
}

// print prints what each step gained and cost: a column for each model.
func print(w io.Writer, res *compress.Result, bold func(string) string) {
	fmt.Fprintf(w, "%s: %s, in %s\n\n", res.Name, output.Plural(len(res.Stages)-1, "step"), res.Dir)
	t := output.Table{Head: []string{""}, Left: 1}
	for _, s := range res.Stages {
		t.Head = append(t.Head, s.Step)
	}
	row := func(name string, text func(f *compress.Figures) string) {
		cells := []string{name}
		for i := range res.Stages {
			cells = append(cells, text(&res.Stages[i].Figures))
		}
		t.Add(cells...)
	}
	row("size on disk", func(f *compress.Figures) string { return output.Memory(int(f.Size)) })
	row("parameters", func(f *compress.Figures) string { return output.Count(f.Parameters) })
	row("not zero", func(f *compress.Figures) string { return output.Count(f.NonZeros) })
	row("multiplications per row", func(f *compress.Figures) string { return output.Amount(f.Multiplications) })
	row("latency of 1 row", func(f *compress.Figures) string { return span(f.Latency1) })
	row("latency of 64 rows", func(f *compress.Figures) string { return span(f.Latency64) })
	row("rows per second", func(f *compress.Figures) string { return output.Count(int(math.Round(f.Throughput()))) })
	row("memory", func(f *compress.Figures) string { return output.Memory(f.Memory) })
	first := &res.Stages[0].Figures
	for _, s := range first.Scores {
		row(first.Split+" "+s.Name, func(f *compress.Figures) string { return output.Figure(f.Of(s.Name)) })
	}
	if res.Test != nil {
		addTest(&t, res)
	}
	t.Write(w, bold)
	fmt.Fprintln(w)
	rest := output.Table{Left: 2}
	for i, s := range res.Stages[1:] {
		if s.Summary != "" {
			rest.Add(fmt.Sprintf("%d %s", i+1, s.Step), s.Summary)
		}
		for _, b := range s.Breaks {
			rest.Add("", "over the budget: "+b.String())
		}
	}
	if res.Ended != "" {
		rest.Add("ended", fmt.Sprintf("after step %d; %s", len(res.Stages)-1, res.Ended))
	}
	if res.Chosen >= 0 {
		rest.Add("result", output.Choose(res.Chosen == 0, "the model as it was", fmt.Sprintf("step %d, %s", res.Chosen, res.Stages[res.Chosen].Step)))
		rest.Add("model", res.Model)
	}
	rest.Add("chart", filepath.Join(res.Dir, compress.Chart+".png"))
	rest.Write(w, nil)
}

// addTest adds the figures of the test split, of the first model and the result.
func addTest(t *output.Table, res *compress.Result) {
	for i, s := range res.Test.Before {
		cells := make([]string, 1+len(res.Stages))
		cells[0] = "test " + s.Name
		cells[1], cells[1+res.Chosen] = figure(s), figure(res.Test.After[i])
		t.Add(cells...)
	}
}

func figure(s compress.Score) string {
	if s.Value == nil {
		return output.Figure(math.NaN())
	}
	return output.Figure(*s.Value)
}

// span writes how long a prediction takes, with three digits.
func span(d time.Duration) string {
	unit := time.Nanosecond
	for d/unit >= 1000 {
		unit *= 10
	}
	return d.Round(unit).String()
}

// noneKeeps is the error of a budget that no model keeps.
func noneKeeps(res *compress.Result) error {
	last := res.Stages[len(res.Stages)-1]
	return &exit.Error{
		Code: exit.Failed,
		Err:  fmt.Errorf("no model keeps the budget; of the last, %s", last.Breaks[0]),
		Hint: "the model of each step is in its folder in " + res.Dir,
	}
}
