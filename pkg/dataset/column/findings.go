package column

import (
	"dnn/internal/phrase"
)

// InferredNumber is a column that was found to hold numbers.
type InferredNumber struct {
	name      string
	low, high float64
}

// NoteNumbers tells the inferred numbers: each by itself when they are few, and else together.
func (f *Findings) NoteNumbers() {
	const most = 8
	if len(f.Numbers) > most {
		first, last := f.Numbers[0].name, f.Numbers[len(f.Numbers)-1].name
		f.Notes.Add("", "%d columns from %s to %s: number, every field is one or a gap", len(f.Numbers), first, last)
		return
	}
	for _, n := range f.Numbers {
		f.Notes.Add("", "%s: number, %s to %s", n.name, phrase.Number(n.low), phrase.Number(n.high))
	}
}

// WarnConstants warns of all inputs together that are the same in every row.
func (f *Findings) WarnConstants() {
	switch n := len(f.Constants); {
	case n == 1:
		f.Notes.Warn("", "%s is the same in all rows of the training split: it tells nothing; choose the inputs to leave it out", f.Constants[0])
	case n > 1:
		f.Notes.Warn("", "%d columns are the same in all rows of the training split and tell nothing: %s; choose the inputs to leave them out", n, phrase.List(f.Constants))
	}
}
