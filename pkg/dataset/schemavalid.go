package dataset

import (
	"cmp"
	"errors"
	"fmt"
	"slices"

	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/format"
	"dnn/pkg/dataset/image"
)

// largestRow is how many numbers the longest row of the training split can have in all blocks: 256 MB of them.
const largestRow = 1 << 26

// valid says what is wrong with a schema that was read from a file, which may come from others. The encoders are valid. Blocks and
// ranges follow from them, so what is written of these must be the same.
func valid(s *Schema) error {
	if len(s.Inputs) == 0 || len(s.Heads) == 0 {
		return errors.New("it has no inputs or no target")
	}
	if name, twice := repeated(s.Blocks, func(b *Block) string { return b.Name }); twice {
		return fmt.Errorf("two blocks are called %q", name)
	}
	if name, twice := repeated(s.Inputs, func(in *Input) string { return in.Name }); twice {
		return fmt.Errorf("two inputs are called %q", name)
	}
	filled := make([]int, len(s.Blocks)) // by inputs, of each block
	rest := largestRow
	for i := range s.Inputs {
		in := &s.Inputs[i]
		size := image.Volume(in.Encoder.Layout().Shape) // no overflow: the encoder is valid
		trained := size
		if e, ok := in.Encoder.(column.SequenceEncoder); ok && e.LongestSteps() > 0 {
			trained = size / in.Encoder.Layout().Shape[0] * e.LongestSteps()
		}
		if rest -= trained; rest < 0 {
			return fmt.Errorf("its rows have more than %d numbers", largestRow)
		}
		if err := validPlace(in, s, filled); err != nil {
			return fmt.Errorf("input %q: %w", in.Name, err)
		}
		filled[in.Block] += size
	}
	for i := range s.Blocks {
		if filled[i] == 0 || filled[i] != image.Volume(s.Blocks[i].Shape) {
			return fmt.Errorf("block %q is not filled by the inputs", s.Blocks[i].Name)
		}
	}
	return cmp.Or(validHeads(s), validOrder(s))
}

// repeated returns the first name that two of a list have.
func repeated[T any](list []T, name func(*T) string) (string, bool) {
	seen := make(map[string]bool, len(list))
	for i := range list {
		n := name(&list[i])
		if seen[n] {
			return n, true
		}
		seen[n] = true
	}
	return "", false
}

// validPlace says what is wrong with the place of an input in its block, of which other inputs filled some.
func validPlace(in *Input, s *Schema, filled []int) error {
	if in.Block < 0 || in.Block >= len(s.Blocks) {
		return errors.New("it lies in no block")
	}
	block, l := &s.Blocks[in.Block], in.Encoder.Layout()
	size := image.Volume(l.Shape)
	switch {
	case !slices.Equal(in.Shape, l.Shape) || in.Vocabulary != l.Vocabulary:
		return fmt.Errorf("it has the shape %v and %d categories, and what was fitted %v and %d", in.Shape, in.Vocabulary, l.Shape, l.Vocabulary)
	case in.Lo != filled[in.Block] || in.Hi-in.Lo != size:
		return fmt.Errorf("numbers %d to %d of its block are not its own", in.Lo, in.Hi)
	case !l.Own && (block.Name != featuresBlock || block.Ints || block.Sequence || len(block.Shape) != 1),
		l.Own && (block.Ints != l.Ints || block.Sequence != l.Sequence || !slices.Equal(block.Shape, l.Shape)):
		return fmt.Errorf("its block %q is of another sort", block.Name)
	}
	return nil
}

// validHeads says what is wrong with what the net predicts.
func validHeads(s *Schema) error {
	if name, twice := repeated(s.Heads, func(h *Head) string { return h.Name }); twice {
		return fmt.Errorf("two targets are called %q", name)
	}
	for k := range s.Heads {
		h := &s.Heads[k]
		if h.Text() && len(h.Fitted) > 1 {
			return fmt.Errorf("the target %q is a text among others", h.Name)
		}
		if _, text := s.Format.Format.(*format.Text); h.Text() && h.Axis.Continues && !text {
			return fmt.Errorf("the target %q continues a text, and the data is none", h.Name)
		}
		for i, c := range h.Fitted {
			if err := validColumn(s, h, i, c.Encoder); err != nil {
				return fmt.Errorf("the target %q %w", h.Columns[i], err)
			}
		}
	}
	return nil
}

// validColumn says what is wrong with column i of a head.
func validColumn(s *Schema, h *Head, i int, e column.TargetEncoder) error {
	first := h.Fitted[0].Encoder
	_, steps := e.(column.StepTarget)
	_, firstSteps := first.(column.StepTarget)
	ahead, series := e.(column.Ahead)
	switch {
	case e.Kind() != first.Kind(), steps != firstSteps, series != (h.Horizon > 0):
		return errors.New("is of another sort than those that it is predicted with")
	case len(h.Fitted) > 1 && e.Kind() == "category":
		return errors.New("is one of several classes, which one output is for")
	case steps && h.Axis == nil:
		return errors.New("has a label for each step, and no sequence is named")
	case !series:
		return nil
	}
	if _, step := ahead.Source(); len(s.Heads) > 1 || ahead.Steps() != h.Horizon || step != i%h.Horizon || len(h.Fitted)%h.Horizon != 0 {
		return fmt.Errorf("is step %d of %d", step, ahead.Steps())
	}
	input, channel, ok := ahead.Offset()
	if !ok {
		return nil
	}
	if input < 0 || input >= len(s.Inputs) || channel < 0 {
		return errors.New("is relative to an input that is not there")
	}
	in := &s.Inputs[input]
	rows, ok := in.Encoder.(column.RowSteps)
	window, recentred := in.Encoder.(column.Recentred)
	if !ok || !recentred || rows.Where() != column.InWindow || channel >= len(in.Columns) || window.Recentring(channel) == "" {
		return errors.New("is relative to an input without an offset")
	}
	return nil
}

// validOrder requires that rows follow one another where they are encoded together.
func validOrder(s *Schema) error {
	how := s.Order()
	for i := range s.Inputs {
		rows, ok := s.Inputs[i].Encoder.(column.RowSteps)
		if !ok {
			continue
		}
		if at := rows.Where(); at == column.InWindow && (s.Ordering == nil || how.ID != "") || (at == column.InID) != (how.ID != "" && at.Rows()) {
			return fmt.Errorf("input %q is of rows that do not follow one another", s.Inputs[i].Name)
		}
	}
	if s.Heads.Horizon() > 0 && (s.Ordering == nil || how.ID != "") {
		return errors.New("the target is a series, and rows do not follow one another")
	}
	return nil
}
