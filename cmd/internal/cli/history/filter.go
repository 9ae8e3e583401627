package history

import (
	"fmt"
	"strconv"
	"strings"

	"dnn/pkg/metrics"
)

// Value is what a run has under a name: run, name, date, epochs, best_epoch or monitor, a figure, or a key of the spec.
func (r *Run) Value(name string) (text string, ok bool) {
	switch name {
	case "run":
		return r.Dir, true
	case "name":
		return r.Name, true
	case "date":
		return r.Date.Format("2006-01-02 15:04:05"), true
	case "epochs":
		return fmt.Sprint(r.Epochs), true
	case "best_epoch":
		return fmt.Sprint(r.BestEpoch), true
	case "monitor":
		return r.Monitor, true
	}
	if x, ok := r.Figures.Get(name); ok {
		return strconv.FormatFloat(x, 'g', -1, 64), true
	}
	for _, leaf := range r.Spec.Leaves() {
		if leaf.Path == name {
			return leaf.Text, true
		}
	}
	return "", false
}

// Filter is a condition on runs: NAME=VALUE, and with !=, <, <=, > or >= in place of =.
type Filter struct {
	Name, op, value string
}

// ParseFilter reads a condition.
func ParseFilter(text string) (f Filter, ok bool) {
	i := strings.IndexAny(text, "!<>=")
	if i <= 0 {
		return f, false
	}
	f.Name, f.op = strings.TrimSpace(text[:i]), text[i:i+1]
	rest := text[i+1:]
	if strings.HasPrefix(rest, "=") && f.op != "=" {
		f.op, rest = f.op+"=", rest[1:]
	}
	f.value = strings.TrimSpace(rest)
	return f, f.op != "!" && f.value != ""
}

// Holds reports whether the condition holds of a run. Of one that has nothing of that name only != holds.
func (f *Filter) Holds(r *Run) bool {
	text, ok := r.Value(f.Name)
	if !ok {
		return f.op == "!="
	}
	order := Compare(text, f.value)
	switch f.op {
	case "=":
		return order == 0
	case "!=":
		return order != 0
	case "<":
		return order < 0
	case "<=":
		return order <= 0
	case ">":
		return order > 0
	}
	return order >= 0
}

// Compare compares numbers as such, and all else as texts.
func Compare(a, b string) int {
	x, err := strconv.ParseFloat(a, 64)
	y, err2 := strconv.ParseFloat(b, 64)
	switch {
	case err != nil || err2 != nil:
		return strings.Compare(a, b)
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

// HigherIsBetter reports in which direction a figure improves, by the metric that it is called after.
func HigherIsBetter(figure string) bool {
	for words := strings.Split(figure, "_"); len(words) > 0; words = words[1:] {
		if strings.HasPrefix(strings.Join(words, "_"), "top_") {
			return true
		}
		if m, ok := metrics.Registry.Get(strings.Join(words, "_")); ok {
			return metrics.HigherIsBetter(m)
		}
	}
	return false
}
