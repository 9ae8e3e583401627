package dataset

import (
	"encoding/json"
	"fmt"
)

// Target is what is to be predicted.
type Target struct {
	// Kind is "number" (regression), "binary" (one or several labels) or "category" (one of several classes).
	Kind string `json:"kind"`
	// Names are the target columns: one for each number or label, one for a category; of a series one for each step.
	Names []string `json:"names"`
	// Classes are the classes of a category in their order; of a single binary, its negative and its positive word.
	Classes []string `json:"classes,omitempty"`
	// Width is how many numbers the net has to put out for a row: targets, labels, or classes. Batch.Target has so many
	// for a row of numbers or labels; Batch.Classes has one for a row of a category.
	Width int `json:"width"`
	// NaiveErrors are, by season, the mean absolute errors that the seasonal naive forecast has in the training part, one for
	// each column of series; those that were asked for (Data.LearnNaive).
	NaiveErrors map[int][]float64 `json:"naive_errors,omitempty"`
	// Columns are the fitted columns, parallel to Names.
	Columns []TargetColumn `json:"columns"`
	// StepsOf names the input for each step of which there is an answer; "" where there is one answer a row.
	StepsOf string `json:"steps_of,omitempty"`

	block int // that of the input
}

// TargetColumn is one fitted target column.
type TargetColumn struct {
	Encoder TargetEncoder
}

// Answer is the encoder of a single answer: of one of several where there is one for each step.
func (c TargetColumn) Answer() TargetEncoder {
	if e, ok := c.Encoder.(stepTarget); ok {
		return e.each()
	}
	return c.Encoder
}

// settle fills in what follows from the columns.
func (t *Target) settle() {
	t.Kind = t.Columns[0].Encoder.kind()
	t.Width = len(t.Columns)
	t.Classes = nil
	switch e := t.Columns[0].Answer().(type) {
	case *CategoryTargetEncoder:
		t.Classes = e.Classes
		t.Width = len(e.Classes)
	case *BinaryTargetEncoder:
		if len(t.Columns) == 1 {
			negative, positive := t.Words(0)
			t.Classes = []string{negative, positive}
		}
	}
}

// Words names no and yes of label i of a binary target.
func (t *Target) Words(i int) (negative, positive string) {
	e := t.Columns[i].Answer().(*BinaryTargetEncoder)
	negative = e.Negative
	if negative == "" {
		negative = "not " + e.Positive[0]
	}
	return negative, e.Positive[0]
}

// Own brings a number that the net put out for target i into the target's own unit.
func (t *Target) Own(i int, v float64) float64 {
	if s, ok := t.Columns[i].Scaling(); ok {
		return s.undo(v)
	}
	return v
}

// Scaled reports whether Own changes anything.
func (t *Target) Scaled() bool {
	for _, c := range t.Columns {
		if s, ok := c.Scaling(); ok && s != (Scaling{Scale: 1}) {
			return true
		}
	}
	return false
}

// Decode brings rows of Width numbers, predicted or true, into the targets' own units. dst and src may have any length
// that is a multiple of Width.
func (t *Target) Decode(dst []float64, src []float32) {
	scaled := t.Scaled()
	for i, v := range src {
		dst[i] = float64(v)
		if scaled {
			dst[i] = t.Own(i%t.Width, dst[i])
		}
	}
}

// MarshalJSON writes {"type": "number", …}.
func (c TargetColumn) MarshalJSON() ([]byte, error) {
	key := keyOfEncoder(TargetTypes, c.Encoder, func(t TargetType) any {
		if e := t.encoder(); e != nil {
			return e
		}
		return nil
	})
	return marshalTyped(key, c.Encoder)
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (c *TargetColumn) UnmarshalJSON(data []byte) error {
	key, err := typeOf(data)
	if err != nil {
		return err
	}
	t, ok := TargetTypes.Get(key)
	if !ok || t.encoder() == nil {
		return fmt.Errorf("the target has the unknown type %q: was the model written by a newer version?", key)
	}
	c.Encoder = t.encoder()
	if err := json.Unmarshal(data, c.Encoder); err != nil {
		return err
	}
	if p, ok := c.Encoder.(preparer); ok {
		p.prepare()
	}
	return nil
}
