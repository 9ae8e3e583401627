package predict

import (
	"slices"
	"strconv"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/output"
	"dnn/pkg/metrics"
	"dnn/pkg/task"
)

// likeliest are the K likeliest classes of a row, for answers cut short: top_1, p_1, top_2, p_2 and so on.
type likeliest struct {
	k     int
	order []int
}

// onlyTop cuts the answers down to the k likeliest classes, or to all of them where there are fewer.
func (a *answers) onlyTop(k int) error {
	if a.task.Kind != task.Category && a.task.Kind != task.Binary {
		what := "numbers"
		if a.task.Kind == task.Labels {
			what = "labels of which any may hold"
		}
		return exit.Usagef("--top is for models that predict one of several classes; this one predicts %s", what)
	}
	a.top = &likeliest{k: min(k, len(a.task.Classes))}
	a.name()
	return nil
}

func (a *answers) nameTop() {
	for i := range a.top.k {
		n := strconv.Itoa(i + 1)
		a.names = append(a.names, "top_"+n)
		if a.prob {
			a.names = append(a.names, "p_"+n)
		}
	}
}

// ranked returns the likeliest classes at place i, the likeliest first; of equals the one that stands first, which is also
// the one that is predicted.
func (a *answers) ranked(i int) []int {
	t := a.top
	t.order = t.order[:0]
	for c := range a.task.Classes {
		t.order = append(t.order, c)
	}
	if a.task.Kind == task.Binary {
		if metrics.Positive(a.task, a.own[i]) {
			slices.Reverse(t.order)
		}
		return t.order[:t.k]
	}
	row := a.own[i*a.width : (i+1)*a.width]
	slices.SortStableFunc(t.order, func(b, c int) int {
		switch {
		case row[b] > row[c]:
			return -1
		case row[b] < row[c]:
			return 1
		}
		return 0
	})
	return t.order[:t.k]
}

// probability is that of a class at place i.
func (a *answers) probability(i, class int) float64 {
	if a.task.Kind != task.Binary {
		return a.own[i*a.width+class]
	}
	if class == 0 {
		return 1 - a.own[i]
	}
	return a.own[i]
}

// topFields appends the fields of the likeliest classes at place i.
func (a *answers) topFields(list []field, i int) []field {
	for _, c := range a.ranked(i) {
		list = append(list, field{word: a.task.Classes[c], isWord: true})
		if a.prob {
			list = append(list, field{number: a.probability(i, c)})
		}
	}
	return list
}

// appendTop writes the likeliest classes at place i as a list of JSON: [{"class":"cat","p":0.93}, …], or ["cat", …].
func (a *answers) appendTop(out []byte, i int) []byte {
	out = append(out, '[')
	for k, c := range a.ranked(i) {
		if k > 0 {
			out = append(out, ',')
		}
		if !a.prob {
			out = output.QuoteJSON(out, a.task.Classes[c])
			continue
		}
		out = output.QuoteJSON(append(out, `{"class":`...), a.task.Classes[c])
		out = output.AppendNumber(append(out, `,"p":`...), a.probability(i, c))
		out = append(out, '}')
	}
	return append(out, ']')
}
