package dataset

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/table"
	"dnn/pkg/task"
)

// storedSchema is how a schema lies in a model. All label columns lie in one target, as when there was but one head.
type storedSchema struct {
	Blocks   []Block           `json:"blocks"`
	Inputs   []Input           `json:"inputs"`
	Target   storedTarget      `json:"target"`
	Weight   string            `json:"weight,omitempty"`
	Format   Reader            `json:"format"`
	Ordering *table.Ordering   `json:"timing,omitempty"`
	Gaps     *table.NumberGaps `json:"number_gaps,omitempty"`
}

// storedTarget are the label columns of all heads. Kind, Classes and Width are for other readers: the columns say all.
type storedTarget struct {
	Kind        string                `json:"kind"`
	Names       []string              `json:"names"`
	Classes     []string              `json:"classes,omitempty"`
	Width       int                   `json:"width"`
	NaiveErrors map[int][]float64     `json:"naive_errors,omitempty"` // by season, one for each series
	Columns     []column.TargetColumn `json:"columns"`
	StepsOf     string                `json:"steps_of,omitempty"`
	Separate    bool                  `json:"separate,omitempty"` // each column is a head of its own
}

// MarshalJSON writes the schema for a model.
func (s Schema) MarshalJSON() ([]byte, error) {
	t := storedTarget{StepsOf: s.Heads.StepsOf(), Separate: len(s.Heads) > 1}
	for i := range s.LabelColumns {
		t.Names, t.Columns = append(t.Names, s.LabelColumns[i].Name), append(t.Columns, s.LabelColumns[i].TargetColumn)
	}
	if len(s.Heads) > 0 {
		h := &s.Heads[0]
		t.Kind, t.Width = h.Fitted[0].Encoder.Kind(), h.Width
		if h.Kind != task.Labels {
			t.Classes = h.Classes
		}
		for season, errors := range h.Training.NaiveErrors {
			if t.NaiveErrors == nil {
				t.NaiveErrors = map[int][]float64{}
			}
			for k := 0; k < len(errors); k += h.Horizon {
				t.NaiveErrors[season] = append(t.NaiveErrors[season], errors[k])
			}
		}
	}
	inputs := slices.DeleteFunc(slices.Clone(s.Inputs), func(in Input) bool { return in.Head >= 0 }) // the target makes them
	return json.Marshal(storedSchema{s.Blocks, inputs, t, s.Weight, s.Format, s.Ordering, s.Gaps})
}

// addPrefixes adds the inputs that heads make.
func addPrefixes(s *Schema) error {
	for i := range s.Heads {
		h := &s.Heads[i]
		e, ok := h.Fitted[0].Encoder.(column.Generated)
		if !ok {
			continue
		}
		prefix := e.Prefix()
		layout := prefix.Layout()
		block := slices.IndexFunc(s.Blocks, func(b Block) bool { return b.Name == h.Name })
		if block < 0 || !s.Blocks[block].Sequence || !s.Blocks[block].Ints || !slices.Equal(s.Blocks[block].Shape, layout.Shape) {
			return fmt.Errorf("no block holds the steps of the target %q", h.Name)
		}
		s.Inputs = append(s.Inputs, Input{Name: h.Name, Block: block, Hi: layout.Shape[0], Shape: layout.Shape, Vocabulary: layout.Vocabulary, Columns: h.Columns[:1], Encoder: prefix})
	}
	return nil
}

// UnmarshalJSON reads a schema and makes it ready for use.
func (s *Schema) UnmarshalJSON(data []byte) error {
	var own storedSchema
	if err := json.Unmarshal(data, &own); err != nil {
		return err
	}
	*s = Schema{Blocks: own.Blocks, Inputs: own.Inputs, Weight: own.Weight, Format: own.Format, Ordering: own.Ordering, Gaps: own.Gaps}
	for _, in := range s.Inputs {
		if in.Block < 0 || in.Block >= len(s.Blocks) || in.Lo < 0 || in.Hi > s.Blocks[in.Block].Size() {
			return fmt.Errorf("input %q lies outside its block", in.Name)
		}
	}
	t := &own.Target
	if in := s.Input(t.StepsOf); t.StepsOf != "" && (in == nil || len(in.Shape) == 0) {
		return fmt.Errorf("the target is for the steps of %q, which is no sequence", t.StepsOf)
	}
	if len(t.Names) != len(t.Columns) {
		return errors.New("the names of the target do not fit its columns")
	}
	s.Heads = newHeads(t.Names, t.Columns, t.Separate, t.StepsOf)
	if err := addPrefixes(s); err != nil {
		return err
	}
	s.Prepare()
	for season, errors := range t.NaiveErrors {
		heads, err := s.Heads.withNaiveErrors(season, errors)
		if err != nil {
			return fmt.Errorf("the target: %w", err)
		}
		s.Heads = heads
	}
	return nil
}
