package onnx

import (
	"encoding/json"
	"slices"

	"dnn/pkg/dataset/column"
	"dnn/pkg/export"
	"dnn/pkg/model"
	file "dnn/pkg/onnx"
	"dnn/pkg/task"
)

// described is what the metadata of a model say of its inputs and predictions, as JSON.
type described struct {
	ins   []inputText
	heads []headText
}

// inputText is an input that is read as columns are, or as one of their encoders puts it.
type inputText struct {
	Name    string          `json:"name"`
	Columns []string        `json:"columns"`
	Words   []string        `json:"words,omitempty"`   // of a category, or the positive ones of a binary
	Encoder json.RawMessage `json:"encoder,omitempty"` // what columns are encoded by beforehand
}

// headText is what an output predicts.
type headText struct {
	Output    string           `json:"output"`
	Target    string           `json:"target"`
	Kind      task.Kind        `json:"kind"`
	Classes   []string         `json:"classes,omitempty"`
	Columns   []string         `json:"columns,omitempty"`
	Threshold float64          `json:"threshold,omitempty"` // from which on a binary or a label is positive
	Scalings  []export.Scaling `json:"scalings,omitempty"`  // of numbers that are put out as they were learned
	Intervals []model.Interval `json:"intervals,omitempty"`
}

// describeInput describes a column as it is.
func (w *writer) describeInput(name string, columns []string, c export.Column) error {
	t := inputText{Name: name, Columns: columns}
	switch {
	case c.Category != nil:
		t.Words = c.Category.Words
	case c.Binary != nil:
		t.Words = c.Binary.Positive
	}
	w.ins = append(w.ins, t)
	return nil
}

// describeBlock describes the inputs of a dataset that one input is made of, one behind the other.
func (w *writer) describeBlock(block int, name string) error {
	for i := range w.net.Schema.Inputs {
		in := &w.net.Schema.Inputs[i]
		if in.Block != block {
			continue
		}
		t := inputText{Name: name, Columns: in.Columns}
		if !w.written(in.Name) { // else its tokens are the classes of the head
			data, err := column.MarshalEncoder(in.Encoder)
			if err != nil {
				return err
			}
			t.Encoder = data
		}
		w.ins = append(w.ins, t)
	}
	return nil
}

// written reports whether an input is what a head has written so far.
func (w *writer) written(input string) bool {
	return slices.ContainsFunc(w.net.Heads, func(h task.Head) bool { return h.Text() && h.Axis.Of == input })
}

func (w *writer) describeHead(k int, output string) {
	h := &w.net.Heads[k]
	t := headText{Output: output, Target: h.Name, Kind: h.Kind, Classes: h.Classes, Columns: h.Columns, Intervals: w.net.Tuning.Intervals(k)}
	if h.Kind == task.Binary || h.Kind == task.Labels {
		if t.Threshold = h.Threshold; t.Threshold == 0 {
			t.Threshold = 0.5
		}
	}
	if w.options.Encoded {
		t.Scalings = export.ScalingsOf(&w.net.Schema.Heads[k])
	}
	w.heads = append(w.heads, t)
}

// describe writes the metadata. Class names of the only head have a key of their own, under which other tools look for them.
func (w *writer) describe() error {
	add := func(key string, value any) error {
		data, err := json.Marshal(value)
		w.metadata = append(w.metadata, file.Property{Key: key, Value: string(data)})
		return err
	}
	if len(w.heads) == 1 && len(w.heads[0].Classes) > 0 {
		if err := add("classes", w.heads[0].Classes); err != nil {
			return err
		}
	}
	if err := add("inputs", w.ins); err != nil {
		return err
	}
	return add("outputs", w.heads)
}
