package scores

import (
	"fmt"
	"strings"

	"dnn/cmd/internal/cli/output"
	"dnn/cmd/internal/cli/term"
	"dnn/pkg/model"
	"dnn/pkg/task"
)

// Tuning prints what was fitted to the validation split, for each head.
func Tuning(on *term.Terminal, heads []task.Head, list model.Tunings) {
	change := func(c *model.Change) string {
		if c == nil {
			return ""
		}
		return fmt.Sprintf(": %s of the validation split %s, before %s", c.Name, output.Figure(c.After), output.Figure(c.Before))
	}
	for k, t := range list {
		of := ""
		if len(list) > 1 {
			of = heads[k].Name + ": "
		}
		if t.Temperature > 0 {
			fmt.Fprintf(on.Out, "%sscores divided by the temperature %.4g%s\n", of, t.Temperature, change(t.Loss))
		}
		if t.Threshold > 0 {
			fmt.Fprintf(on.Out, "%s%s from a probability of %.4g on%s\n", of, output.Short(heads[k].Classes[1]), t.Threshold, change(t.Metric))
		}
		for _, i := range t.Intervals {
			fmt.Fprintf(on.Out, "%s%.6g %% of labels within ±%s\n", of, 100*i.Coverage, widths(i.Widths))
		}
	}
}

// widths lists the first few.
func widths(list []float64) string {
	var words []string
	for _, w := range list {
		words = append(words, output.Figure(w))
	}
	return strings.ReplaceAll(output.List(words, 6), ", ", ", ±")
}
