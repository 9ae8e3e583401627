package dataset

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"sync"

	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/image"
	"dnn/pkg/dataset/table"
	"dnn/pkg/task"
)

// storedSchema is how a schema lies in a model. All label columns lie in one target, as when there was but one head.
type storedSchema struct {
	Blocks   []Block           `json:"blocks"`
	Inputs   []storedInput     `json:"inputs"`
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

// storedInput is an input, or a run of inputs that follow one another in a block: each is called as its only column, and all that was
// fitted is that of one encoder of all these columns. So thousands of columns are read quickly. Former versions knew no runs.
type storedInput struct {
	Name       string          `json:"name,omitempty"`
	Names      []string        `json:"names,omitempty"` // of a run, which has no name, shape and columns
	Block      int             `json:"block"`
	Lo         int             `json:"lo"`
	Hi         int             `json:"hi"`
	Shape      []int           `json:"shape,omitzero"`
	Vocabulary int             `json:"vocabulary,omitempty"`
	Columns    []string        `json:"columns,omitzero"`
	Fitted     json.RawMessage `json:"fitted"`
}

// storeInputs makes runs of inputs that are alike.
func storeInputs(inputs []Input) (list []storedInput, err error) {
	for len(inputs) > 0 {
		n := alike(inputs)
		first, last := &inputs[0], &inputs[n-1]
		one := storedInput{Block: first.Block, Lo: first.Lo, Hi: last.Hi}
		e := first.Encoder
		if n == 1 {
			one.Name, one.Shape, one.Vocabulary, one.Columns = first.Name, first.Shape, first.Vocabulary, first.Columns
		} else {
			others := make([]column.Encoder, n-1)
			for i := range others {
				others[i] = inputs[1+i].Encoder
			}
			for i := range inputs[:n] {
				one.Names = append(one.Names, inputs[i].Name)
			}
			e = e.(column.Joining).Join(others)
		}
		if one.Fitted, err = column.MarshalEncoder(e); err != nil {
			return nil, err
		}
		list, inputs = append(list, one), inputs[n:]
	}
	return list, nil
}

// alike returns how many inputs from the first on make a run.
func alike(inputs []Input) int {
	for i := range inputs {
		in := &inputs[i]
		_, joining := in.Encoder.(column.Joining)
		if !joining || in.Encoder.Layout().Own || len(in.Columns) != 1 || in.Columns[0] != in.Name || reflect.TypeOf(in.Encoder) != reflect.TypeOf(inputs[0].Encoder) {
			return max(1, i)
		}
	}
	return len(inputs)
}

// readInputs is the inverse of storeInputs. What was fitted is read on all threads, for there may be thousands of inputs that are not
// alike. The first input that is wrong is told.
func readInputs(stored []storedInput) ([]Input, error) {
	from := make([]int, len(stored)+1) // of each, the place among all inputs
	for i := range stored {
		from[i+1] = from[i] + max(1, len(stored[i].Names))
	}
	list := make([]Input, from[len(stored)])
	readers := min(runtime.GOMAXPROCS(0), 1+len(stored)/256)
	wrong := make([]error, readers)
	var wait sync.WaitGroup
	for r := range readers {
		wait.Go(func() {
			for i := len(stored) * r / readers; i < len(stored)*(r+1)/readers && wrong[r] == nil; i++ {
				wrong[r] = stored[i].read(list[from[i]:from[i+1]])
			}
		})
	}
	wait.Wait()
	return list, cmp.Or(wrong...)
}

// read makes an input, or all of a run.
func (in *storedInput) read(list []Input) error {
	if len(in.Names) == 0 {
		e, err := column.UnmarshalEncoder(in.Fitted, len(in.Columns))
		list[0] = Input{Name: in.Name, Block: in.Block, Lo: in.Lo, Hi: in.Hi, Shape: in.Shape, Vocabulary: in.Vocabulary, Columns: in.Columns, Encoder: e}
		if err != nil {
			return fmt.Errorf("input %q %w", in.Name, err)
		}
		return nil
	}
	run := fmt.Sprintf("one of the inputs %q to %q", in.Names[0], in.Names[len(in.Names)-1])
	e, err := column.UnmarshalEncoder(in.Fitted, len(in.Names))
	if err != nil {
		return fmt.Errorf("%s %w", run, err)
	}
	each, ok := e.(column.Joining)
	if !ok || e.Layout().Own {
		return fmt.Errorf("%s has a type whose inputs are stored one by one", run)
	}
	at := in.Lo
	for i := range list {
		one := each.Of(i)
		shape := one.Layout().Shape
		list[i] = Input{Name: in.Names[i], Block: in.Block, Lo: at, Hi: at + image.Volume(shape), Shape: shape, Columns: in.Names[i : i+1 : i+1], Encoder: one}
		at = list[i].Hi
	}
	if at != in.Hi {
		return fmt.Errorf("%s does not lie between the numbers %d and %d of its block", run, in.Lo, in.Hi)
	}
	return nil
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
	inputs, err := storeInputs(slices.DeleteFunc(slices.Clone(s.Inputs), func(in Input) bool { return in.Head >= 0 })) // the target makes them
	if err != nil {
		return nil, err
	}
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
	inputs, err := readInputs(own.Inputs)
	if err != nil {
		return err
	}
	*s = Schema{Blocks: own.Blocks, Inputs: inputs, Weight: own.Weight, Format: own.Format, Ordering: own.Ordering, Gaps: own.Gaps}
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
	if err := valid(s); err != nil {
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

// OtherInput is the name of the first input that two schemas do not share with the same encoding, "" where a batch of one is a batch
// of the other.
func OtherInput(a, b *Schema) string { return otherInput(a, b, sameInput) }

// OtherColumns is the name of the first input that two schemas do not both have of the same columns and type, "" where rows that can
// be encoded for the one can be for the other.
func OtherColumns(a, b *Schema) string { return otherInput(a, b, sameColumns) }

func otherInput(a, b *Schema, same func(a, b *Input) bool) string {
	for i := range max(len(a.Inputs), len(b.Inputs)) {
		switch {
		case i >= len(a.Inputs):
			return b.Inputs[i].Name
		case i >= len(b.Inputs) || !same(&a.Inputs[i], &b.Inputs[i]):
			return a.Inputs[i].Name
		}
	}
	return ""
}

func sameColumns(a, b *Input) bool {
	return a.Name == b.Name && a.Head == b.Head && slices.Equal(a.Columns, b.Columns) && reflect.TypeOf(a.Encoder) == reflect.TypeOf(b.Encoder)
}

func sameInput(a, b *Input) bool {
	if !sameColumns(a, b) || a.Block != b.Block || a.Lo != b.Lo || a.Hi != b.Hi {
		return false
	}
	if a.Head >= 0 { // its encoder is that of the target
		return true
	}
	x, err := column.MarshalEncoder(a.Encoder)
	y, err2 := column.MarshalEncoder(b.Encoder)
	return err == nil && err2 == nil && bytes.Equal(x, y)
}
