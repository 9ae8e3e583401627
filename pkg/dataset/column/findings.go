package column

import (
	"dnn/internal/phrase"
)

// InferredNumber is a column that was inferred to hold numbers.
type InferredNumber struct {
	name      string
	low, high float64
}

// NoteNumbers reports the inferred numbers: one by one if they are few, otherwise together.
func (f *Findings) NoteNumbers() {
	const most = 8
	if len(f.Numbers) > most {
		first, last := f.Numbers[0].name, f.Numbers[len(f.Numbers)-1].name
		f.Notes.Add("", "%d columns from %s to %s: number, each field is a number or a gap", len(f.Numbers), first, last)
		return
	}
	for _, n := range f.Numbers {
		f.Notes.Add("", "%s: number, %s to %s", n.name, phrase.Number(n.low), phrase.Number(n.high))
	}
}

// WarnConstants warns once of all inputs that are the same in every row.
func (f *Findings) WarnConstants() {
	switch n := len(f.Constants); {
	case n == 1:
		f.Notes.Warn("", "%s is constant in the training split, so it is useless; list the inputs to leave it out", f.Constants[0])
	case n > 1:
		f.Notes.Warn("", "%d columns are constant in the training split, so they are useless: %s; list the inputs to leave them out", n, phrase.List(f.Constants))
	}
}
