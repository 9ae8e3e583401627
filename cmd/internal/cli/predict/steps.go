package predict

import (
	"dnn/cmd/internal/cli/output"
)

// stepFields are for rows with a prediction for each step of a sequence.
type stepFields struct {
	fields []field // of one prediction
	words  []string
}

// row appends the fields of row i; where each step has a prediction, each lists those of all steps.
func (p *prediction) row(list []field, i int) []field {
	if p.write {
		list = append(list, field{word: p.texts[i].Text, isWord: true})
		if p.prob {
			list = append(list, field{number: p.texts[i].Score})
		}
		return list
	}
	if p.steps == nil {
		return p.fields(list, i)
	}
	for k := range p.names {
		s := p.steps
		s.words = s.words[:0]
		for at, to := p.of(i); at < to; at++ {
			f := p.field(at, k)
			if !f.isWord {
				f.word = string(output.AppendNumber(nil, f.number))
			}
			s.words = append(s.words, f.word)
		}
		column := min(k, len(p.task.Columns)-1)
		list = append(list, field{word: p.net.Schema.Join(p.head, column, s.words), isWord: true})
	}
	return list
}

// field is field k of the prediction at a place.
func (p *prediction) field(at, k int) field {
	p.steps.fields = p.fields(p.steps.fields[:0], at)
	return p.steps.fields[k]
}

// appendSteps writes field k of row i as a list of JSON, an entry for each step; with --top the likeliest classes of each.
func (p *prediction) appendSteps(out []byte, i, k int) []byte {
	out = append(out, '[')
	for at, to := p.of(i); at < to; at++ {
		if p.top != nil {
			out = p.appendTop(out, at)
		} else if f := p.field(at, k); f.isWord {
			out = output.QuoteJSON(out, f.word)
		} else {
			out = output.AppendNumber(out, f.number)
		}
		if at < to-1 {
			out = append(out, ',')
		}
	}
	return append(out, ']')
}
