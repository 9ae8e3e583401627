package dataset

import (
	"slices"
	"strings"

	"dnn/pkg/dataset/column"
	"dnn/pkg/task"
)

// Head is one thing that a net for the data predicts: what task.Head says of it, and the fitted columns of its labels.
type Head struct {
	task.Head
	Fitted []column.TargetColumn // parallel to Columns; of a series one for each step
	Block  int                   // of the input for each of whose steps there is a label
	First  int                   // place of its first column among those of all heads
}

// newHeads makes the heads of fitted columns: one for all, or with separate one for each. stepsOf names the input for each of
// whose steps the columns that have such labels have one.
func newHeads(names []string, fitted []column.TargetColumn, separate bool, stepsOf string) (list Heads) {
	size := len(fitted)
	for from := 0; from < len(fitted); from += size {
		if separate {
			size = listedWith(fitted[from:])
		}
		h := Head{Fitted: fitted[from : from+size], First: from}
		h.Columns = names[from : from+size]
		h.settle()
		if e, ok := h.Fitted[0].Encoder.(column.Generated); ok {
			aligned := e.AlignsLabels()
			h.Axis = &task.Axis{Of: h.Name, Generated: !aligned, Aligned: aligned, Ends: e.Ends(), Continues: e.Continues()}
		} else if stepsOf != "" && h.stepwise() {
			h.Axis = &task.Axis{Of: stepsOf}
		}
		list = append(list, h)
	}
	return list
}

// listedWith counts the first columns that are labels of the same list; 1 for any other.
func listedWith(fitted []column.TargetColumn) int {
	n := 1
	for n < len(fitted) && listOf(fitted[0]) != "" && listOf(fitted[n]) == listOf(fitted[0]) {
		n++
	}
	return n
}

// listOf is the column that lists a label; "" for any other than those.
func listOf(c column.TargetColumn) string {
	if e, ok := c.Encoder.(column.Listed); ok {
		name, _ := e.List()
		return name
	}
	return ""
}

// settle fills in what follows from the columns.
func (h *Head) settle() {
	h.Name, h.Width = h.Columns[0], len(h.Fitted)
	first := h.Fitted[0]
	switch kind := first.Encoder.Kind(); kind {
	case "binary":
		h.Kind = task.Binary
		if len(h.Fitted) > 1 {
			h.Kind, h.Classes = task.Labels, h.Columns
		}
	default:
		h.Kind = task.Kind(kind)
	}
	if e, ok := first.Encoder.(column.Listed); ok && listedWith(h.Fitted) == len(h.Fitted) {
		h.Kind, h.Classes = task.Labels, h.Columns
		h.Name, h.Separator = e.List()
	}
	if e, ok := first.Single().(column.Classed); ok {
		h.Classes = e.ClassNames()
		h.Width = len(h.Classes)
	}
	if e, ok := first.Encoder.(column.Ahead); ok {
		h.Horizon, h.Season = e.Steps(), e.SeasonSteps()
	}
	for _, c := range h.Fitted {
		if e, ok := c.Single().(column.TwoWords); ok && c.Encoder.Kind() == "binary" {
			negative, positive := e.Words()
			h.Words = append(h.Words, [2]string{negative, positive})
		}
	}
	if h.Kind == task.Binary && len(h.Words) > 0 {
		h.Classes = h.Words[0][:]
	}
	if s := (scalings)(h.Fitted); h.Kind == task.Number && s.any() {
		h.Scaling = s
	}
}

// stepwise reports whether each step of a sequence has a label.
func (h *Head) stepwise() bool {
	_, ok := h.Fitted[0].Encoder.(column.StepTarget)
	return ok
}

// Denormalized brings rows of Width numbers, predictions or labels, into the target's unit. dst and src may have any length
// that is a multiple of Width.
func (h *Head) Denormalized(dst []float64, src []float32) {
	for i, v := range src {
		if dst[i] = float64(v); h.Scaling != nil {
			dst[i] = h.Scaling.Denormalize(i%h.Width, dst[i])
		}
	}
}

// scalings are how the numbers of a head are normalized.
type scalings []column.TargetColumn

func (s scalings) any() bool {
	return slices.ContainsFunc(s, func(c column.TargetColumn) bool {
		one, ok := c.Scaling()
		return ok && one != (column.Scaling{Scale: 1})
	})
}

// Denormalize implements task.Scaling.
func (s scalings) Denormalize(column int, v float64) float64 {
	if one, ok := s[column].Scaling(); ok {
		return one.Undo(v)
	}
	return v
}

// Linear implements task.Scaling.
func (s scalings) Linear(column int) (scale, shift float64, ok bool) {
	one, ok := s[column].Scaling()
	return one.Scale, one.Shift, ok && one.Linear()
}

// LabelColumns are those of all heads, in the order of their cells.
type LabelColumns []LabelColumn

// LabelColumn is one column of labels, or one step ahead of a series.
type LabelColumn struct {
	column.TargetColumn
	Name  string
	Head  int // whose it is
	place int // in Sources of the column that it is read from
}

// Reads returns the column of the data that it is read from, and how many rows after its own.
func (c *LabelColumn) Reads() (name string, ahead int) {
	if e, ok := c.Encoder.(column.Ahead); ok {
		return e.Source()
	}
	if list := listOf(c.TargetColumn); list != "" {
		return list, 0
	}
	return c.Name, 0
}

// Stepwise is its encoder where each step of a sequence has a label; nil where a row has one.
func (c *LabelColumn) Stepwise() column.StepTarget {
	e, _ := c.Encoder.(column.StepTarget)
	return e
}

// Generated is its encoder where the net puts out a sequence step by step; nil else.
func (c *LabelColumn) Generated() column.Generated {
	e, _ := c.Encoder.(column.Generated)
	return e
}

// WrittenTokens are the tokens of a text that the column's net should write, with the one that ends it unless the text is cut.
func (c *LabelColumn) WrittenTokens(text string) []int32 {
	prefix := c.Generated().Prefix()
	cells, err := prefix.EncodeSteps([]string{text}, nil)
	if err != nil {
		panic("dataset: " + err.Error()) // a text has no other form
	}
	tokens := make([]int32, len(cells)/prefix.StepCells())
	prefix.ExpandLabels(cells, tokens)
	return tokens
}

// TokenNames are the tokens of a text that the column's net writes, each as written by itself; those that write nothing, such as
// the one that ends the text, by their names.
func (c *LabelColumn) TokenNames(tokens []int32) (names []string) {
	of := c.Generated()
	for i, t := range tokens {
		name := of.Text(tokens[i : i+1])
		if strings.TrimSpace(name) == "" {
			name = c.Encoder.(column.Classed).ClassNames()[t]
		}
		names = append(names, name)
	}
	return slices.Clip(names)
}

// Join lists the labels of the steps of a row as the data lists them.
func (c *LabelColumn) Join(labels []string) string {
	if e, ok := c.Encoder.(column.Joined); ok {
		return e.Join(labels)
	}
	return strings.Join(labels, " ")
}

// labelColumns are those of all heads, in the order of their cells, and the places of those with a label for each step.
func labelColumns(heads Heads) (list LabelColumns, tagged []int) {
	place := -1
	for k := range heads {
		for i, c := range heads[k].Fitted {
			one := LabelColumn{TargetColumn: c, Name: heads[k].Columns[i], Head: k}
			if one.begins(list) {
				place++
			}
			one.place = max(0, place)
			if one.Stepwise() != nil {
				tagged = append(tagged, len(list))
			}
			list = append(list, one)
		}
	}
	return list, tagged
}

// begins reports whether a column is the first of those that are read from the same column of the data.
func (c *LabelColumn) begins(before LabelColumns) bool {
	name, ahead := c.Reads()
	if ahead > 0 || len(before) == 0 {
		return ahead == 0
	}
	last := before[len(before)-1].TargetColumn
	return listOf(last) == "" || listOf(last) != name
}

// addSteps adds all steps of a fitted series to the columns of a head.
func addSteps(e column.Ahead, names []string, fitted []column.TargetColumn) ([]string, []column.TargetColumn) {
	for k := range e.Steps() {
		step := e.At(k)
		names, fitted = append(names, step.(column.Ahead).StepName()), append(fitted, column.TargetColumn{Encoder: step})
	}
	return names, fitted
}
