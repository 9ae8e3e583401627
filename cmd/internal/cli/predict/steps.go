package predict

import (
	"dnn/cmd/internal/cli/output"
)

// stepAnswers are for rows that have an answer for each step of a sequence.
type stepAnswers struct {
	fields []field // of one answer
	words  []string
}

// row appends the fields of row i; where each step has an answer, each lists those to all steps.
func (a *answers) row(list []field, i int) []field {
	if a.steps == nil {
		return a.fields(list, i)
	}
	for k := range a.names {
		s := a.steps
		s.words = s.words[:0]
		for at, to := a.of(i); at < to; at++ {
			f := a.field(at, k)
			if !f.isWord {
				f.word = string(output.AppendNumber(nil, f.number))
			}
			s.words = append(s.words, f.word)
		}
		column := min(k, len(a.net.Schema.Target.Columns)-1)
		list = append(list, field{word: a.net.Schema.Target.Join(column, s.words), isWord: true})
	}
	return list
}

// field is field k of the answer at a place.
func (a *answers) field(at, k int) field {
	a.steps.fields = a.fields(a.steps.fields[:0], at)
	return a.steps.fields[k]
}

// appendSteps writes field k of row i as a list of JSON, an entry for each step; with --top the likeliest classes of each.
func (a *answers) appendSteps(out []byte, i, k int) []byte {
	out = append(out, '[')
	for at, to := a.of(i); at < to; at++ {
		if a.top != nil {
			out = a.appendTop(out, at)
		} else if f := a.field(at, k); f.isWord {
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
