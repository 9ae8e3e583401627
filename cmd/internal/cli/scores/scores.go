// Package scores prints what a model achieves: figures of each split, of each class, and the confusion matrix.
package scores

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"dnn/cmd/internal/cli/output"
	"dnn/cmd/internal/cli/term"
	"dnn/internal/plot"
	"dnn/pkg/infer"
	"dnn/pkg/metrics"
	"dnn/pkg/task"
	"dnn/pkg/train"
)

// Table prints a row of figures for each split, and below it those of predictions that need no net; of
// constant ones, which achieve much the same everywhere, only below the last.
func Table(on *term.Terminal, parts []string, scores []*infer.Scores) {
	if len(parts) == 0 {
		return
	}
	t := output.Table{Head: []string{"split", "rows", "loss"}, Left: 1}
	for i := range scores[0].Heads {
		h := &scores[0].Heads[i]
		if len(scores[0].Heads) > 1 {
			t.Head = append(t.Head, h.Figure("loss"))
		}
		for _, m := range single(h.Metrics) {
			t.Head = append(t.Head, h.Figure(m.Name))
		}
	}
	for i, s := range scores {
		row := []string{parts[i], output.Count(s.Rows), output.Figure(s.Loss)}
		for k := range s.Heads {
			if len(s.Heads) > 1 {
				row = append(row, output.Figure(s.Heads[k].Loss))
			}
			for _, m := range single(s.Heads[k].Metrics) {
				row = append(row, output.Figure(m.Result.Value))
			}
		}
		t.Add(row...)
		baselineRows(&t, s, i == len(scores)-1)
	}
	t.Write(on.Out, on.Bold)
	for i, s := range scores {
		for k := range s.Heads {
			if h := &s.Heads[k]; h.Judged > 0 && h.Judged < s.Rows {
				fmt.Fprintf(on.Out, "%s: metrics of texts judge %s of %s rows, spread evenly\n", strings.TrimSpace(parts[i]+" "+h.Name), output.Count(h.Judged), output.Count(s.Rows))
			}
		}
	}
	for k := range scores[0].Heads {
		h := &scores[0].Heads[k]
		for _, m := range h.Metrics {
			if m.Signature != "" {
				fmt.Fprintf(on.Out, "%s: %s\n", h.Figure(m.Name), m.Signature)
			}
		}
	}
}

// baselineRows adds a row for each baseline. The heads of a net have one each, or series two.
func baselineRows(t *output.Table, s *infer.Scores, last bool) {
	for i := range maxBaselines {
		row, names := []string{"", "", ""}, []string(nil)
		for k := range s.Heads {
			h := &s.Heads[k]
			if len(s.Heads) > 1 {
				row = append(row, "")
			}
			if i >= len(h.Baselines) || h.Baselines[i].Constant && !last {
				row = append(row, make([]string, len(single(h.Metrics)))...)
				continue
			}
			if name := strings.ReplaceAll(h.Baselines[i].Name, "_", " "); !slices.Contains(names, name) {
				names = append(names, name)
			}
			for _, m := range h.Baselines[i].Metrics {
				row = append(row, output.Figure(m.Result.Value))
			}
		}
		if len(names) > 0 {
			row[0] = "  " + strings.Join(names, ", ")
			t.Add(row...)
		}
	}
}

// maxBaselines is the most that a head has.
const maxBaselines = 2

// WarnOfBaselines warns of heads that are in no metric better than a prediction that needs no net. Of naive forecasts, the first,
// the last value, says whether the net learned anything.
func WarnOfBaselines(on *term.Terminal, split string, s *infer.Scores) {
	for k := range s.Heads {
		h := &s.Heads[k]
		for i, b := range h.Baselines {
			if !b.Beaten {
				head := output.Choose(h.Name != "", ", "+h.Name, "")
				on.Warn("%s: the net is in no metric better than %s for every row%s", split+head, b.Does, output.Choose(i == 0, ": it learned nothing of use", ""))
				break
			}
		}
	}
}

// WarnOfMonitor warns of best weights whose figure, by which they were chosen, is no better than that of the same prediction for
// every row.
func WarnOfMonitor(on *term.Terminal, figure string, higher bool, validation *infer.Scores) {
	for k := range validation.Heads {
		h := &validation.Heads[k]
		for _, b := range h.Baselines {
			for _, m := range b.Metrics {
				ours, theirs := validation.Get(h.Figure(m.Name)), m.Result.Value
				if !b.Constant || "validation_"+h.Figure(m.Name) != figure || math.IsNaN(ours) || math.IsNaN(theirs) {
					continue
				}
				if higher && ours <= theirs || !higher && ours >= theirs {
					on.Warn("%s of the best epoch is %s, and %s for every row has %s: by that figure no epoch was of use; train.monitor: validation_loss may choose better weights",
						figure, output.Figure(ours), b.Does, output.Figure(theirs))
				}
			}
		}
	}
}

// single are the results that are one number.
func single(list []metrics.Named) (singles []metrics.Named) {
	for _, m := range list {
		if m.Result.Single() {
			singles = append(singles, m)
		}
	}
	return singles
}

// maxClasses is how many classes are printed one by one.
const maxClasses = 30

// ClassCounts prints, for each head, how many rows of each class the splits have.
func ClassCounts(on *term.Terminal, heads []task.Head, parts []train.PartScores) {
	for k := range heads {
		if len(parts) > 0 && parts[0].Counts[k] != nil {
			classCounts(on, k, heads, parts)
		}
	}
}

func classCounts(on *term.Terminal, k int, heads []task.Head, parts []train.PartScores) {
	head, what := &heads[k], "class"
	if head.Kind == task.Labels {
		what = "label"
	}
	if len(heads) > 1 {
		what = head.Name
	}
	t := output.Table{Head: []string{what}, Left: 1}
	for _, p := range parts {
		t.Head = append(t.Head, p.Part)
	}
	for i, name := range plot.Distinct(head.Classes, output.Short) {
		if i == maxClasses {
			t.Add(fmt.Sprintf("… (%d more)", len(head.Classes)-i))
			break
		}
		row := []string{name}
		for _, p := range parts {
			row = append(row, output.Count(p.Counts[k][i]))
		}
		t.Add(row...)
	}
	fmt.Fprintln(on.Out)
	t.Write(on.Out, on.Bold)
}

// PerClass prints the scores of each class of a head.
func PerClass(on *term.Terminal, s *infer.HeadScores) {
	c := s.Confusion
	t := output.Table{Head: []string{"class", output.Choose(s.Steps > 0, "steps", "rows"), "predicted", "precision", "recall", "f1"}, Left: 1}
	if c.Tables() != nil {
		t.Head[0] = "label"
	}
	if s.Name != "" {
		t.Head[0] = s.Name
	}
	names := plot.Distinct(c.Labels(), output.Short)
	for i, k := range c.OneVsRest() {
		if i == maxClasses {
			t.Add(fmt.Sprintf("… (%d more)", len(c.Labels())-i))
			break
		}
		t.Add(names[i], weight(k.Support()), weight(k.Predicted()),
			output.Figure(share(k.TP, k.Predicted())), output.Figure(share(k.TP, k.Support())), output.Figure(share(2*k.TP, k.Support()+k.Predicted())))
	}
	fmt.Fprintln(on.Out)
	t.Write(on.Out, on.Bold)
}

// share is part of whole, 0 where there is nothing.
func share(part, whole float64) float64 {
	if whole == 0 {
		return 0
	}
	return part / whole
}

// weight writes a count of rows, which is no whole number when rows are weighted.
func weight(x float64) string {
	if x == math.Trunc(x) && math.Abs(x) < 1e15 {
		return output.Count(int64(x))
	}
	return output.Figure(x)
}

// Confusion prints the matrix of true and predicted classes.
func Confusion(on *term.Terminal, s *infer.HeadScores) {
	c := s.Confusion
	m := c.Matrix()
	if m == nil {
		return
	}
	if len(m) > maxClasses {
		topConfusions(on, c.Labels(), m)
		return
	}
	t := output.Table{Head: []string{"true \\ predicted"}, Left: 1}
	names := plot.Distinct(c.Labels(), output.Short)
	for i, row := range m {
		t.Head = append(t.Head, names[i])
		cells := []string{names[i]}
		for _, x := range row {
			cells = append(cells, weight(x))
		}
		t.Add(cells...)
	}
	fmt.Fprintln(on.Out)
	t.Write(on.Out, on.Bold)
}

// mostConfusions is how many pairs of classes are listed of a matrix that is too large to print.
const mostConfusions = 10

// topConfusions prints the pairs of classes that are confused most often.
func topConfusions(on *term.Terminal, labels []string, m [][]float64) {
	type pair struct {
		truth, predicted int
		rows             float64
	}
	var pairs []pair
	sums := make([]float64, len(m))
	for i, row := range m {
		for k, x := range row {
			if sums[i] += x; i != k && x > 0 {
				pairs = append(pairs, pair{i, k, x})
			}
		}
	}
	if len(pairs) == 0 {
		return
	}
	slices.SortStableFunc(pairs, func(a, b pair) int { return cmp.Compare(b.rows, a.rows) })
	t := output.Table{Head: []string{"true", "predicted", "rows", "share"}, Left: 2}
	names := plot.Distinct(labels, output.Short)
	for _, p := range pairs[:min(mostConfusions, len(pairs))] {
		t.Add(names[p.truth], names[p.predicted], weight(p.rows), output.Figure(share(p.rows, sums[p.truth])))
	}
	fmt.Fprintln(on.Out, "\nmost frequent confusions (share of the rows of the true class):")
	t.Write(on.Out, on.Bold)
}
