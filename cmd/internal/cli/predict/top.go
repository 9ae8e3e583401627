package predict

import (
	"slices"
	"strconv"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/output"
	"dnn/pkg/metrics"
	"dnn/pkg/task"
)

// likeliest are the K likeliest classes of a row, for predictions cut short: top_1, p_1, top_2, p_2 and so on.
type likeliest struct {
	k     int
	order []int
}

// onlyTop cuts the predictions of the only head down.
func (ps *predictions) onlyTop(k int) error {
	if len(ps.heads) > 1 {
		return exit.Usagef("--top is for models with one target; this one predicts %d", len(ps.heads))
	}
	return ps.heads[0].onlyTop(k)
}

// onlyTop cuts the prediction down to the k likeliest classes, or to all of them where there are fewer.
func (p *prediction) onlyTop(k int) error {
	if p.write {
		return exit.Usagef("--top is for models that predict one of several classes; this one writes texts (predict.beam in its spec searches for better ones)")
	}
	if p.task.Kind != task.Category && p.task.Kind != task.Binary {
		what := "numbers"
		if p.task.Kind == task.Labels {
			what = "labels of which any may hold"
		}
		return exit.Usagef("--top is for models that predict one of several classes; this one predicts %s", what)
	}
	p.top = &likeliest{k: min(k, len(p.task.Classes))}
	p.name()
	return nil
}

func (p *prediction) nameTop() {
	for i := range p.top.k {
		n := strconv.Itoa(i + 1)
		p.names = append(p.names, "top_"+n)
		if p.prob {
			p.names = append(p.names, "p_"+n)
		}
	}
}

// ranked returns the likeliest classes at place i, the likeliest first; of equals the one that stands first, which is also
// the one that is predicted.
func (p *prediction) ranked(i int) []int {
	t := p.top
	t.order = t.order[:0]
	for c := range p.task.Classes {
		t.order = append(t.order, c)
	}
	if p.task.Kind == task.Binary {
		if metrics.Positive(p.task, p.own[i]) {
			slices.Reverse(t.order)
		}
		return t.order[:t.k]
	}
	row := p.own[i*p.width : (i+1)*p.width]
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
func (p *prediction) probability(i, class int) float64 {
	if p.task.Kind != task.Binary {
		return p.own[i*p.width+class]
	}
	if class == 0 {
		return 1 - p.own[i]
	}
	return p.own[i]
}

// topFields appends the fields of the likeliest classes at place i.
func (p *prediction) topFields(list []field, i int) []field {
	for _, c := range p.ranked(i) {
		list = append(list, field{word: p.task.Classes[c], isWord: true})
		if p.prob {
			list = append(list, field{number: p.probability(i, c)})
		}
	}
	return list
}

// appendTop writes the likeliest classes at place i as a list of JSON: [{"class":"cat","p":0.93}, …], or ["cat", …].
func (p *prediction) appendTop(out []byte, i int) []byte {
	out = append(out, '[')
	for k, c := range p.ranked(i) {
		if k > 0 {
			out = append(out, ',')
		}
		if !p.prob {
			out = output.QuoteJSON(out, p.task.Classes[c])
			continue
		}
		out = output.QuoteJSON(append(out, `{"class":`...), p.task.Classes[c])
		out = output.AppendNumber(append(out, `,"p":`...), p.probability(i, c))
		out = append(out, '}')
	}
	return append(out, ']')
}
