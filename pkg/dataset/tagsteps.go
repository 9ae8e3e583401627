package dataset

import (
	"fmt"
	"math"
	"slices"
	"unicode/utf8"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/table"
)

// EncodeTags appends the cells of the labels of a row's steps, step by step and within a step column by column. answers are
// those of the columns with tags, input the fields of the sequence, of which `kept` steps have cells.
func (s *Schema) EncodeTags(answers [][]string, input []string, kept int, cells []uint32) ([]uint32, *column.FieldError) {
	in := s.Input(s.Heads.StepsOf())
	steps, from := kept, 0
	if c, ok := in.Encoder.(column.Cutter); ok {
		steps, from = c.Uncut(input)
	}
	n, start := len(answers), len(cells)
	cells = append(cells, make([]uint32, n*kept)...)
	var list []uint32
	for k, fields := range answers {
		for _, field := range fields {
			if !utf8.ValidString(field) {
				return cells, notUTF8(s.Tagged[k], field)
			}
		}
		if len(fields) != steps {
			return cells, column.Wrong(s.Tagged[k], fmt.Sprintf("has %s, and %s has %s%s", phrase.Count(len(fields), "tag"), in.Name, phrase.Count(steps, in.stepName()), in.pairing()))
		}
		var err error
		if list, err = s.LabelColumns[s.Tagged[k]].Stepwise().EncodeSteps(fields, list[:0]); err != nil {
			return cells, column.Wrong(s.Tagged[k], AsFieldError(err).Text)
		}
		for i := range kept {
			cells[start+i*n+k] = list[from+i]
		}
	}
	return cells, nil
}

// stepName is what messages call a step of the input.
func (in *Input) stepName() string {
	if _, text := in.Encoder.(column.Tokenizing); text {
		return "token"
	}
	return "step"
}

// pairing says how tags and tokens are paired.
func (in *Input) pairing() string {
	if _, text := in.Encoder.(column.Tokenizing); text {
		return "; there must be one for each (tokenizer: whitespace cuts texts at white space alone, char makes each character a token)"
	}
	return "; there must be one for each"
}

// ExpandTags writes the labels of the steps that a row keeps from their cells into row i of the batch. What does not fit
// is left out.
func (b *Batch) ExpandTags(cells []uint32, i int) {
	cells = b.schema.keptTags(cells)
	at, step := 0, len(b.schema.Tagged) // of a head's columns among those with tags, and how many those are
	for k := range b.schema.Heads {
		h := &b.schema.Heads[k]
		if h.Axis == nil || h.Text() {
			continue
		}
		l, n, room := &b.Heads[k], len(h.Fitted), b.MaxLabels(k)
		if l.Ints != nil {
			clear(l.Ints[i*room : (i+1)*room])
		}
		if l.Floats != nil {
			clear(l.Floats[i*room*n : (i+1)*room*n])
		}
		for j := range min(len(cells)/step, room) {
			for c, cell := range cells[j*step+at : j*step+at+n] {
				if l.Ints != nil {
					l.Ints[i*room+j] = int32(cell)
				} else if l.Floats != nil {
					l.Floats[(i*room+j)*n+c] = math.Float32frombits(cell)
				}
			}
		}
		at += n
	}
}

// keptTags are the cells of the labels of the steps that a row keeps.
func (s *Schema) keptTags(cells []uint32) []uint32 {
	n := len(s.Tagged)
	from, to := s.kept(s.InputIndex(s.Heads.StepsOf()), len(cells)/n)
	return cells[from*n : to*n]
}

// tags encodes the labels of the steps of the used rows of a table; nil if a row has one label.
func (l *encoding) tags(s *Schema, columns *resolved, t *table.Table, used []bool, steps []Stepper) *Ragged {
	if s.Heads.StepsOf() == "" {
		return nil
	}
	own, at := columns.in(t), s.InputIndex(s.Heads.StepsOf())
	r := &Ragged{}
	answers, input := make([][]string, len(s.Tagged)), make([]string, len(own.inputs[at]))
	for row := range int32(t.Rows) {
		if used[row] {
			for k, at := range s.Tagged {
				answers[k] = column.StepFields(t, own.targets[at], row, s.LabelColumns[at].Stepwise())
			}
			for k, c := range own.inputs[at] {
				input[k] = c.Field(row)
			}
			var err *column.FieldError
			kept := steps[at].Size(row) / s.Inputs[at].StepEncoder.StepCells()
			if r.Cells, err = s.EncodeTags(answers, input, kept, r.Cells); err != nil {
				name := own.targets[err.Field].Name
				l.Mistake(columns.targets[err.Field].path, fmt.Sprintf("column %q", name), t.Place(row), fmt.Sprintf("column %q: %s", name, err.Text))
			}
		}
		r.End(true)
	}
	return r
}

// stepsFor finds the input for whose steps label columns are; "" where each has one label for a row.
func (l *fitter) stepsFor(s *Schema, columns *resolved, fitted []column.TargetColumn, separate bool) (stepsOf string) {
	n := 0
	for _, c := range fitted {
		if _, ok := c.Encoder.(column.StepTarget); ok {
			n++
		}
	}
	if n == 0 {
		return ""
	}
	if n < len(fitted) && !separate {
		l.p.Add(root+".target", "several targets must all be answers for a row, or all for each step (type: tags), unless each has a layer of its own (head: NAME in layers)")
		return ""
	}
	wanted := ""
	for _, t := range columns.targets {
		tags, ok := t.kind.(column.Stepwise)
		switch {
		case !ok || tags.StepsOf() == "":
		case wanted == "":
			wanted = tags.StepsOf()
		case wanted != tags.StepsOf():
			l.p.Add(t.path+".input", "the targets are for the steps of one input, and %s and %s are two", wanted, tags.StepsOf())
		}
	}
	var sequences []string
	for i := range s.Inputs {
		if _, ok := s.Inputs[i].Encoder.(column.SequenceEncoder); !ok {
			continue
		}
		name := s.Inputs[i].Name
		sequences = append(sequences, name)
		if stepsOf == "" && (wanted == "" || wanted == name) {
			stepsOf = name
		}
	}
	switch {
	case stepsOf != "" || len(l.unresolved) > 0:
	case len(sequences) == 0:
		l.p.Add(root+".target", "tags are for the steps of a sequence, and no input is one (type: text, for example)")
	default:
		l.p.Add(root+".target.input", "no sequence is called %q; there are: %s", wanted, phrase.List(sequences))
	}
	return stepsOf
}

// InputIndex is the place of the input of that name, -1 when there is none.
func (s *Schema) InputIndex(name string) int {
	for i := range s.Inputs {
		if s.Inputs[i].Name == name {
			return i
		}
	}
	return -1
}

// eachLabel calls f with the cells of every label that a head has in the split, one for each column: for each row one, or one
// for each step. It is not for what a net puts out step by step.
func (p *Part) eachLabel(head int, f func(cells []uint32)) {
	s := p.Of
	h := &s.Heads[head]
	from, _ := labelCells(s)
	n, at := len(h.Fitted), from+h.First
	step, own := len(s.Tagged), slices.Index(s.Tagged, h.First)
	for row := range p.Stored.All() {
		if h.Axis == nil {
			f(p.Cells.row(row)[at:][:n])
			continue
		}
		for cells := s.keptTags(p.Cells.tags.Of(row)); len(cells) > 0; cells = cells[step:] {
			f(cells[own : own+n])
		}
	}
}

// CountLabels is how many labels a head has in the split: one for each row, or for each step of all rows.
func (p *Part) CountLabels(head int) (n int) {
	if h := &p.Of.Heads[head]; h.Text() {
		k := p.Of.InputIndex(h.Axis.Of)
		for row := range p.Stored.All() {
			n += p.Of.steps(k, p.Cells.steps[k], row)
		}
		return n
	}
	p.eachLabel(head, func([]uint32) { n++ })
	return n
}

// Unaligned is a row with fewer steps than its labels must have.
type Unaligned struct{ Row, Labels, Steps int }

// Unalignable counts the rows of a split whose labels for a head do not fit into the steps that the net puts out, and returns the first. A
// row of so many steps in a block has steps(n) of these; without a block (-1) all have steps(0). There must be one for each label,
// and one between equal labels.
func Unalignable(p *Part, head, block int, steps func(n int) int) (first Unaligned, rows int) {
	labels, input := p.Of.InputIndex(p.Of.Heads[head].Axis.Of), -1
	for k := range p.Of.Inputs {
		if p.Of.Inputs[k].Block == block {
			input = k
		}
	}
	var scratch Scratch
	for row := range p.Rows() {
		cells, err := p.Cells.steps[labels].Read(p.Stored.At(row), &scratch)
		if err != nil {
			return first, rows
		}
		need := len(cells)
		for i := 1; i < len(cells); i++ {
			if cells[i] == cells[i-1] {
				need++
			}
		}
		n := 0
		if input >= 0 {
			n = p.Of.steps(input, p.Cells.steps[input], p.Stored.At(row))
		}
		if have := steps(n); have < need {
			if rows++; rows == 1 {
				first = Unaligned{row, len(cells), have}
			}
		}
	}
	return first, rows
}
