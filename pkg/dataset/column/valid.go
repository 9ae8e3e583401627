package column

import (
	"cmp"
	"errors"
	"fmt"
	"math"
)

// What was fitted lies in files, which others may have written or changed. Each encoder says by its own Valid what is wrong with it;
// after that, nothing in it can lead a reader beyond an array or into gigabytes.

// mostSteps is more steps than any row can have: max_length may be far beyond the rows that there are.
const mostSteps = 1 << 40

// ofColumns says that an encoder has parts for another number of columns than there are.
func ofColumns(parts, columns int) error {
	if parts != columns || columns < 1 {
		return fmt.Errorf("was fitted to %d columns, and %d are named", parts, columns)
	}
	return nil
}

// valid says what is wrong with a scaling.
func (s *Scaling) valid() error {
	switch {
	case s.Log != "" && s.Log != "log" && s.Log != "log1p":
		return fmt.Errorf("has the unknown logarithm %q", s.Log)
	case !(s.Scale > 0), math.IsInf(s.Scale, 0), math.IsNaN(s.Shift), math.IsInf(s.Shift, 0):
		return fmt.Errorf("is scaled by %v after a shift by %v", s.Scale, s.Shift)
	}
	return nil
}

// validScalings says what is wrong with the first scaling that is wrong.
func validScalings[T any](list []T, of func(*T) *Scaling) error {
	for i := range list {
		if err := of(&list[i]).valid(); err != nil {
			return err
		}
	}
	return nil
}

// Valid says what is wrong with an encoder that was read from a file.
func (e *NumberEncoder) Valid(columns int) error {
	return cmp.Or(ofColumns(len(e.Columns), columns), validScalings(e.Columns, func(c *numberColumn) *Scaling { return &c.Scaling }))
}

// Valid says what is wrong with an encoder that was read from a file.
func (e *NumberTargetEncoder) Valid() error { return e.Scaling.valid() }

// Valid says what is wrong with an encoder that was read from a file.
func (e *BinaryEncoder) Valid(columns int) error {
	for i := range e.Columns {
		if err := e.Columns[i].valid(); err != nil {
			return err
		}
	}
	return ofColumns(len(e.Columns), columns)
}

// Valid says what is wrong with an encoder that was read from a file.
func (e *BinaryTargetEncoder) Valid() error { return e.valid() }

func (w *twoWords) valid() error {
	if len(w.Positive) == 0 {
		return errors.New("has no word that means yes")
	}
	return nil
}

// Valid says what is wrong with an encoder that was read from a file.
func (e *CategoryEncoder) Valid(columns int) error {
	for _, v := range e.Columns {
		if v == nil {
			return errors.New("has no vocabulary")
		}
	}
	if !e.Index {
		return ofColumns(len(e.Columns), columns)
	}
	if len(e.Columns) != 1 {
		return fmt.Errorf("has %d vocabularies", len(e.Columns))
	}
	return ofColumns(e.Width, columns)
}

// Valid says what is wrong with an encoder that was read from a file.
func (e *CategoryTargetEncoder) Valid() error {
	if len(e.Classes) == 0 {
		return errors.New("has no classes")
	}
	return nil
}

// Valid says what is wrong with an encoder that was read from a file.
func (e *TextEncoder) Valid(columns int) error {
	if e.Longest < 0 || e.Longest > e.Length || e.Length > mostSteps {
		return fmt.Errorf("has texts of %d tokens, and a longest row of %d", e.Length, e.Longest)
	}
	return ofColumns(1, columns)
}

// Valid says what is wrong with an encoder that was read from a file.
func (e *TextTargetEncoder) Valid() error {
	if e.Length > mostSteps {
		return fmt.Errorf("has texts of %d tokens", e.Length)
	}
	return nil
}

// Valid finds nothing: the target was looked at.
func (p *textPrefix) Valid(int) error { return nil }

// Valid says what is wrong with an encoder that was read from a file.
func (e *TagsEncoder) Valid() error {
	switch e.Each.Encoder.(type) {
	case nil, StepTarget, Generated, Ahead:
		return errors.New("does not say what a tag is")
	}
	return nil
}

// Valid says what is wrong with an encoder that was read from a file.
func (e *SeriesTargetEncoder) Valid() error {
	if e.Horizon < 1 || e.Horizon > mostSteps || e.Ahead < 0 || e.Ahead >= e.Horizon || e.Season < 0 || e.Season > mostSteps {
		return fmt.Errorf("is step %d of %d, with a season of %d", e.Ahead, e.Horizon, e.Season)
	}
	return e.Scaling.valid()
}

// Valid says what is wrong with an encoder that was read from a file.
func (e *ImageEncoder) Valid(columns int) error {
	size, channels := 1, len(e.Channels)
	for _, n := range e.Shape {
		if n < 1 || n > mostSteps/size {
			return fmt.Errorf("has images of the shape %v", e.Shape)
		}
		size *= n
	}
	switch {
	case len(e.Shape) == 0:
		return errors.New("has images without a shape")
	case channels > 0 && size%channels != 0:
		return fmt.Errorf("has scales of %d channels for the shape %v", channels, e.Shape)
	case e.Depth < 0 || e.Depth > 16:
		return fmt.Errorf("has images of %d bits", e.Depth)
	}
	return cmp.Or(ofColumns(1, columns), e.Scaling.valid(), validScalings(e.Channels, func(s *Scaling) *Scaling { return s }))
}

// Valid says what is wrong with an encoder that was read from a file.
func (e *AutoEncoder) Valid(columns int) error {
	for _, c := range e.Columns {
		if c.FieldEncoder == nil {
			return errors.New("does not say how a column is encoded")
		}
		if l := c.Layout(); l.Own || len(l.Shape) != 1 || c.Cells() != 1 {
			return errors.New("has a column that is no list of numbers")
		}
	}
	return ofColumns(len(e.Columns), columns)
}

// Valid says what is wrong with an encoder that was read from a file.
func (e *SeriesEncoder) Valid(columns int) error {
	channels, most := len(e.Channels), mostSteps
	switch {
	case channels < 1 || e.Steps < 1 || e.Steps > most/channels:
		return fmt.Errorf("has %d steps of %d channels", e.Steps, channels)
	case e.Longest < 0 || e.Longest > e.Steps:
		return fmt.Errorf("has a longest row of %d steps, and at most %d", e.Longest, e.Steps)
	case e.Offset < -most || e.Offset > most:
		return fmt.Errorf("has windows that begin %d rows away", e.Offset)
	case e.Files != nil && (e.Form != "list" || len(e.Files.Columns) != channels):
		return fmt.Errorf("has files of %d columns for %d channels", len(e.Files.Columns), channels)
	}
	for i := range e.Channels {
		if level := e.Channels[i].Level; level != "" && level != "last" && level != "mean" {
			return fmt.Errorf("has the unknown offset %q", level)
		}
	}
	var fitted error
	switch e.Form {
	case "columns":
		fitted = ofColumns(channels*e.Steps, columns)
	case "list":
		fitted = ofColumns(1, columns)
	case "window", "steps":
		fitted = ofColumns(channels, columns)
	default:
		fitted = fmt.Errorf("has the unknown form %q", e.Form)
	}
	return cmp.Or(fitted, validScalings(e.Channels, func(c *SeriesChannel) *Scaling { return &c.Scaling }))
}

// Valid says what is wrong with an encoder that was read from a file.
func (e *LabelsEncoder) Valid(columns int) error {
	if len(e.Words) == 0 {
		return errors.New("has no labels")
	}
	return ofColumns(1, columns)
}

// Valid says what is wrong with an encoder that was read from a file.
func (e *LabelEncoder) Valid() error {
	if e.Label == "" || e.Column == "" {
		return errors.New("has no label, or no column that lists it")
	}
	return nil
}

// Valid is not called: a file has the encoders of the labels.
func (s *labelSet) Valid() error { return nil }
