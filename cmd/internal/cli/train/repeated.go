package train

import (
	"fmt"
	"math"
	"slices"

	"dnn/cmd/internal/cli/output"
	"dnn/cmd/internal/cli/term"
	"dnn/pkg/infer"
)

// repeated is what "dnn train --seeds --json" and "--folds --json" print.
type repeated struct {
	Name    string                       `json:"name"`
	Run     string                       `json:"run"`
	By      string                       `json:"by"` // seed or fold
	Fast    bool                         `json:"fast,omitempty"`
	Runs    []one                        `json:"runs"`
	Figures map[string]map[string]spread `json:"figures"` // by split
}

// one is the result of a run, with the seed or the fold.
type one struct {
	Value uint64 `json:"value"`
	*result
}

// spread is how a figure differs between runs. Std is that of a sample.
type spread struct {
	Mean   number `json:"mean"`
	Std    number `json:"std"`
	Median number `json:"median"`
	Min    number `json:"min"`
	Max    number `json:"max"`
	Runs   int    `json:"runs"` // in which the figure is defined
}

// number is null in JSON where it is undefined.
type number float64

func (x number) MarshalJSON() ([]byte, error) {
	if math.IsNaN(float64(x)) || math.IsInf(float64(x), 0) {
		return []byte("null"), nil
	}
	return fmt.Appendf(nil, "%v", float64(x)), nil
}

func (r *repeated) add(v uint64, res *result) { r.Runs = append(r.Runs, one{v, res}) }

// scores are those of a split of a run; nil where it has none.
func (o *one) scores(split string) *infer.Scores {
	switch split {
	case "train":
		return o.Train
	case "validation":
		return o.Validation
	}
	return o.Test
}

// names are the figures of a split, in the order in which tables show them.
func (r *repeated) names(split string) (names []string) {
	s := r.Runs[0].scores(split)
	if s == nil {
		return nil
	}
	names = []string{"loss"}
	for i := range s.Heads {
		h := &s.Heads[i]
		if len(s.Heads) > 1 {
			names = append(names, h.Figure("loss"))
		}
		for _, m := range h.Metrics {
			if m.Result.Single() {
				names = append(names, h.Figure(m.Name))
			}
		}
	}
	return names
}

// values are a figure of a split in all runs, NaN where it is undefined.
func (r *repeated) values(split, name string) (list []float64) {
	for i := range r.Runs {
		x := math.NaN()
		if s := r.Runs[i].scores(split); s != nil {
			x = s.Get(name)
		}
		list = append(list, x)
	}
	return list
}

// spreadOf sums up values, leaving undefined ones out.
func spreadOf(values []float64) spread {
	list := slices.DeleteFunc(slices.Sorted(slices.Values(values)), func(x float64) bool { return math.IsNaN(x) || math.IsInf(x, 0) })
	if len(list) == 0 {
		nan := number(math.NaN())
		return spread{nan, nan, nan, nan, nan, 0}
	}
	n, sum, squares := len(list), 0.0, 0.0
	for _, x := range list {
		sum += x
	}
	mean := sum / float64(n)
	if n > 1 && list[0] == list[n-1] { // rounding must not make equals differ
		mean = list[0]
	}
	for _, x := range list {
		squares += (x - mean) * (x - mean)
	}
	return spread{
		Mean: number(mean), Std: number(math.Sqrt(squares / float64(n-1))), Median: number((list[(n-1)/2] + list[n/2]) / 2),
		Min: number(list[0]), Max: number(list[n-1]), Runs: n,
	}
}

// summed is r with the spread of all figures.
func (r *repeated) summed() *repeated {
	r.Figures = map[string]map[string]spread{}
	for _, split := range []string{"train", "validation", "test"} {
		for _, name := range r.names(split) {
			if r.Figures[split] == nil {
				r.Figures[split] = map[string]spread{}
			}
			r.Figures[split][name] = spreadOf(r.values(split, name))
		}
	}
	return r
}

// print prints a row of figures for each run, and their mean and spread.
func (r *repeated) print(on *term.Terminal) {
	fmt.Fprintf(on.Out, "%s: %s, in %s\n\n", r.Name, output.Plural(len(r.Runs), r.By), r.Run)
	t := output.Table{Head: []string{r.By, "epochs", "best"}, Left: 1}
	var columns [][]float64
	shown := []string{"validation", "test"}
	if r.Runs[0].Validation == nil && r.Runs[0].Test == nil {
		shown = []string{"train"}
	}
	for _, split := range shown {
		for _, name := range r.names(split) {
			t.Head = append(t.Head, split+"_"+name)
			columns = append(columns, r.values(split, name))
		}
	}
	row := func(head []string, figure func(values []float64) float64) {
		for _, values := range columns {
			head = append(head, output.Figure(figure(values)))
		}
		t.Add(head...)
	}
	for i, o := range r.Runs {
		row([]string{fmt.Sprint(o.Value), output.Count(o.Epochs), output.Count(o.BestEpoch)}, func(values []float64) float64 { return values[i] })
	}
	row([]string{"mean", "", ""}, func(values []float64) float64 { return float64(spreadOf(values).Mean) })
	row([]string{"std", "", ""}, func(values []float64) float64 { return float64(spreadOf(values).Std) })
	t.Write(on.Out, on.Bold)
}
