package model

import (
	"dnn/pkg/dataset"
	"dnn/pkg/spec"
)

// The length of a training that names none: as many epochs as make so many updates, within bounds, with early stopping. On nine
// shared sets of 178 to 20,640 rows, validation scores rose up to there, and early stopping ended most trainings sooner (see
// docs/training.md).
const (
	defaultUpdates = 8000
	leastEpochs    = 10
	mostEpochs     = 200
	leastPatience  = 10 // validations
	patienceShare  = 10 // of the epochs, one in so many
)

// withLength gives a training on so many rows that names no length the default one.
func (t Training) withLength(rows int, validation bool) Training {
	if t.Epochs > 0 || t.Steps > 0 {
		return t
	}
	t.Epochs = leastEpochs
	if rows > 0 && t.BatchSize > 0 && t.Accumulate > 0 {
		batch := t.BatchSize * t.Accumulate
		updates := (rows + batch - 1) / batch
		t.Epochs = min(max((defaultUpdates+updates/2)/updates, leastEpochs), mostEpochs)
	}
	if t.EarlyStopping == nil && validation {
		t.EarlyStopping = &EarlyStopping{Patience: max(leastPatience, t.Epochs/patienceShare)}
	}
	return t
}

// LengthNotes says of each sequence what becomes of rows longer than those of the training split.
func (n *Network) LengthNotes() (notes spec.Notes) {
	for i := range n.Schema.Blocks {
		if b := &n.Schema.Blocks[i]; b.Sequence && !dataset.ContinuesText(n.Schema) { // whose rows are windows of one length
			trained, most, why := n.Schema.Longest(i)
			upTo, others, refused := "up to ", "longer", ""
			if n.Schema.Even(i) {
				upTo, others, refused = "", "shorter and longer", ", and shorter ones refused"
			}
			if most > trained {
				notes.Add("dataset", "%s: rows of %s%d steps; %s ones are scored and predicted too, up to %d steps", b.Name, upTo, trained, others, most)
			} else {
				notes.Add("dataset", "%s: rows of %s%d steps; longer ones are cut to that%s: %s", b.Name, upTo, trained, refused, why)
			}
		}
	}
	return notes
}

// cutNotes tell which splits have rows that are cut because the net takes no more.
func cutNotes(d *dataset.Data) (notes spec.Notes) {
	for _, name := range []string{"validation", "test"} {
		if part := d.Part(name); part != nil {
			if c := part.Cut(); c.Rows > 0 {
				notes.Add("dataset", "%s: rows with more than %d steps in %s, cut to that: %d (%s)", name, c.Steps, c.Column, c.Rows, c.Why)
			}
		}
	}
	return notes
}
