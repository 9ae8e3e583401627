package onnx

import (
	"fmt"
	"slices"
	"strings"

	"dnn/internal/phrase"
	"dnn/pkg/dataset"
	"dnn/pkg/export"
	"dnn/pkg/graph"
	"dnn/pkg/model"
	file "dnn/pkg/onnx"
)

// inputs adds those of the model: columns as they are in files where ONNX can encode them, else what the net is fed with.
func (w *writer) inputs() error {
	for _, v := range w.live {
		name := v.Node.Name
		switch {
		case strings.HasPrefix(name, model.FeedBlock):
			if err := w.block(v, strings.TrimPrefix(name, model.FeedBlock)); err != nil {
				return err
			}
		case strings.HasPrefix(name, model.FeedLengths), name == model.FeedBase:
			w.feeds[name] = w.fed(v, name)
		default:
			return fmt.Errorf("internal error: a prediction reads %s", name)
		}
	}
	return nil
}

// fed is an input of the graph as it is.
func (w *writer) fed(v *graph.Value, name string) string {
	return w.input(name, typeOf(v), dimsOf(w.variants, v)...)
}

// block adds what a block is made of.
func (w *writer) block(v *graph.Value, name string) error {
	s := w.net.Schema
	block := slices.IndexFunc(s.Blocks, func(b dataset.Block) bool { return b.Name == name })
	groups, raw := w.groups(block)
	if w.options.Encoded || !raw {
		w.feeds[v.Node.Name] = w.fed(v, name)
		return w.describeBlock(block, w.feeds[v.Node.Name])
	}
	var parts []string
	for _, g := range groups {
		part, err := w.group(g, v)
		if err != nil {
			return err
		}
		parts = append(parts, part...)
	}
	encoded := parts[0]
	if len(parts) > 1 {
		encoded = w.Node("Concat", parts, Set("axis", 1))
	}
	w.feeds[v.Node.Name] = encoded
	return nil
}

// group are columns that one input of the dataset reads.
type group struct {
	name    string
	columns []export.Column
}

// groups are those of a block; false where one of them is of a type that ONNX cannot encode.
func (w *writer) groups(block int) (list []group, ok bool) {
	s := w.net.Schema
	for i := range s.Inputs {
		in := &s.Inputs[i]
		if in.Block != block {
			continue
		}
		if w.written(in.Name) {
			return nil, false
		}
		columns, err := export.ColumnsOf(in)
		if err != nil || slices.ContainsFunc(columns, func(c export.Column) bool { return c.Text != nil }) {
			return nil, false
		}
		list = append(list, group{in.Name, columns})
	}
	return list, true
}

// group adds the inputs of the columns of a group, and encodes them. Several columns of numbers are one input.
func (w *writer) group(g group, v *graph.Value) (parts []string, err error) {
	batch := file.Symbolic("batch")
	if len(g.columns) > 1 && !slices.ContainsFunc(g.columns, func(c export.Column) bool { return c.Number == nil }) {
		all := w.input(g.name, file.Float32, batch, file.Dim{Size: len(g.columns)})
		var numbers []*export.Number
		names := []string{}
		for _, c := range g.columns {
			numbers, names = append(numbers, c.Number), append(names, c.Name)
		}
		return []string{w.numbers(all, numbers)}, w.describeInput(all, names, g.columns[0])
	}
	for _, c := range g.columns {
		var name, part string
		switch {
		case c.Number != nil:
			name = w.input(c.Name, file.Float32, batch, file.Dim{Size: 1})
			part = w.numbers(name, []*export.Number{c.Number})
		case c.Category != nil && c.Category.Classes() == 0:
			return nil, fmt.Errorf("column %s has no words", phrase.Quote(c.Name))
		case c.Category != nil:
			name = w.input(c.Name, file.String, batch, file.Dim{Size: 1})
			part = w.category(name, c.Category)
			if c.Category.Index {
				part = w.Node("Reshape", []string{w.cast(part, file.Int32), w.Ints(append([]int{-1}, v.Shape[1:]...)...)})
			}
		case c.Binary != nil:
			name = w.input(c.Name, file.String, batch, file.Dim{Size: 1})
			part = w.binary(name, c.Binary)
		case c.Image != nil:
			name = w.input(c.Name, file.Uint8, append([]file.Dim{batch}, file.Fixed(v.Shape[1:]...)...)...)
			part = w.image(name, c.Image)
		}
		w.scope = ""
		parts = append(parts, part)
		if err := w.describeInput(name, []string{c.Name}, c); err != nil {
			return nil, err
		}
	}
	return parts, nil
}

// numbers encodes numbers [batch, columns] in float64, as dnn does.
func (w *writer) numbers(name string, list []*export.Number) string {
	w.scope = name
	x := w.cast(name, file.Float64)
	var fills, shifts, scales []float64
	filled := false
	for _, n := range list {
		fill := 0.0
		if n.Fill != nil {
			fill, filled = *n.Fill, true
		}
		fills, shifts, scales = append(fills, fill), append(shifts, n.Shift), append(scales, n.Scale)
	}
	if filled {
		x = w.Node("Where", []string{w.Node("IsNaN", []string{x}), w.Doubles("fill", fills, 1, len(list)), x})
	}
	if !slices.ContainsFunc(list, func(n *export.Number) bool { return n.Log != "" || n.Knots != nil }) {
		return w.float(w.linear(x, shifts, scales, len(list)))
	}
	parts := []string{x}
	if len(list) > 1 {
		parts = w.Nodes("Split", len(list), []string{x}, Set("axis", 1), Set("num_outputs", len(list)))
	}
	for i, n := range list {
		parts[i] = w.scaled(parts[i], n.Scaling)
	}
	if len(list) > 1 {
		parts[0] = w.Node("Concat", parts, Set("axis", 1))
	}
	return w.float(parts[0])
}

// linear is (x - shift)/scale.
func (w *writer) linear(x string, shift, scale []float64, n int) string {
	return w.Node("Div", []string{w.Node("Sub", []string{x, w.Doubles("shift", shift, 1, n)}), w.Doubles("scale", scale, 1, n)})
}

// scaled is one column scaled.
func (w *writer) scaled(x string, s export.Scaling) string {
	switch {
	case s.Knots != nil:
		return w.knots(x, s.Knots, 0)
	case s.Log == "log":
		x = w.Node("Log", []string{x})
	case s.Log == "log1p":
		x = w.Node("Log", []string{w.Node("Add", []string{x, w.Doubles("one", []float64{1})})})
	}
	return w.linear(x, []float64{s.Shift}, []float64{s.Scale}, 1)
}

// knots goes from one side of knots to the other (from is 0 or 1), along lines between them: the first value, and of each line the
// part that lies before x.
func (w *writer) knots(x string, knots [][2]float64, from int) string {
	to := 1 - from
	var begins, lengths, rises []float64
	for i, k := range knots[1:] {
		if run := k[from] - knots[i][from]; run > 0 {
			begins, lengths, rises = append(begins, knots[i][from]), append(lengths, run), append(rises, (k[to]-knots[i][to]))
		}
	}
	n := len(begins)
	if n == 0 {
		begins, lengths, rises, n = []float64{0}, []float64{1}, []float64{0}, 1
	}
	share := w.Node("Div", []string{w.Node("Sub", []string{x, w.Doubles("knots", begins, 1, n)}), w.Doubles("lengths", lengths, 1, n)})
	share = w.Node("Clip", []string{share, w.Doubles("none", []float64{0}), w.Doubles("one", []float64{1})})
	sum := w.Node("ReduceSum", []string{w.Node("Mul", []string{share, w.Doubles("rises", rises, 1, n)}), w.Ints(1)}, Set("keepdims", 1))
	return w.Node("Add", []string{sum, w.Doubles("first", []float64{knots[0][to]})})
}

// category is one of words as one-hot numbers, or as its number from 1 on.
func (w *writer) category(name string, c *export.Category) string {
	w.scope = name
	empty := w.constant(file.New("empty", []string{""}))
	missing := w.Node("Equal", []string{name, empty})
	x := name
	if c.Gap != "" && !c.Missing {
		x = w.Node("Where", []string{missing, w.constant(file.New("gap", []string{c.Gap})), x})
	}
	var parts, some []string
	if len(c.Words) > 0 {
		hits := w.float(w.Node("Equal", []string{x, w.constant(file.New("words", c.Words, 1, len(c.Words)))}))
		parts, some = []string{hits}, []string{w.Node("ReduceMax", []string{hits, w.Ints(1)}, Set("keepdims", 1))}
	}
	if c.Missing {
		some = append(some, w.float(missing))
	}
	if c.Other {
		parts = append(parts, w.others(name, some))
	}
	if c.Missing {
		parts = append(parts, w.float(missing))
	}
	all := parts[0]
	if len(parts) > 1 {
		all = w.Node("Concat", parts, Set("axis", 1))
	}
	if !c.Index {
		return all
	}
	var numbers []float32
	for i := range c.Classes() {
		numbers = append(numbers, float32(i+1))
	}
	return w.Node("ReduceSum", []string{w.Node("Mul", []string{all, w.Floats("numbers", numbers, 1, len(numbers))}), w.Ints(1)}, Set("keepdims", 1))
}

// others is 1 where nothing else is; without anything else, for all rows.
func (w *writer) others(name string, rest []string) string {
	if len(rest) == 0 {
		rest = []string{w.float(w.Node("Not", []string{w.Node("Equal", []string{name, name})}))}
	}
	some := rest[0]
	if len(rest) > 1 {
		some = w.Node("Max", rest)
	}
	return w.Node("Sub", []string{w.Float(1), some})
}

// binary is 1 for a positive word, else 0.
func (w *writer) binary(name string, b *export.Binary) string {
	w.scope = name
	x := name
	if b.Gap != "" {
		missing := w.Node("Equal", []string{x, w.constant(file.New("empty", []string{""}))})
		x = w.Node("Where", []string{missing, w.constant(file.New("gap", []string{b.Gap})), x})
	}
	positive := spellings(b)
	hits := w.float(w.Node("Equal", []string{x, w.constant(file.New("positive", positive, 1, len(positive)))}))
	return w.Node("ReduceMax", []string{hits, w.Ints(1)}, Set("keepdims", 1))
}

// spellings are the positive words, with other capitals where the words are true and false.
func spellings(b *export.Binary) []string {
	if len(b.Positive) != 1 || len(b.Negatives) > 0 {
		return b.Positive
	}
	yes, no := strings.ToLower(b.Positive[0]), strings.ToLower(b.Negative)
	if yes != "true" && yes != "false" || no != "true" && no != "false" || yes == no {
		return b.Positive
	}
	return []string{yes, strings.ToUpper(yes), strings.ToUpper(yes[:1]) + yes[1:]}
}

// image scales bytes [batch, height, width, channels].
func (w *writer) image(name string, m *export.Image) string {
	w.scope = name
	x := w.cast(name, file.Float64)
	var shift, scale []float64
	for _, s := range m.Scalings {
		shift, scale = append(shift, s.Shift), append(scale, s.Scale)
	}
	return w.float(w.linear(x, shift, scale, len(shift)))
}

// denormalize brings numbers [.., columns] into their unit.
func (w *writer) denormalize(x string, list []export.Scaling) string {
	if list == nil {
		return x
	}
	w.scope = "denormalize"
	x = w.cast(x, file.Float64)
	var shift, scale []float64
	for _, s := range list {
		shift, scale = append(shift, s.Shift), append(scale, s.Scale)
	}
	one := func(x string, s export.Scaling, shift, scale []float64) string {
		if s.Knots != nil {
			return w.knots(x, s.Knots, 1)
		}
		x = w.Node("Add", []string{w.Node("Mul", []string{x, w.Doubles("scale", scale, len(scale))}), w.Doubles("shift", shift, len(shift))})
		switch s.Log {
		case "log":
			x = w.Node("Exp", []string{x})
		case "log1p":
			x = w.Node("Sub", []string{w.Node("Exp", []string{x}), w.Doubles("one", []float64{1})})
		}
		return x
	}
	alike := !slices.ContainsFunc(list, func(s export.Scaling) bool { return s.Log != list[0].Log || s.Knots != nil })
	if alike {
		x = one(x, export.Scaling{Log: list[0].Log}, shift, scale)
	} else {
		parts := []string{x}
		if len(list) > 1 {
			parts = w.Nodes("Split", len(list), []string{x}, Set("axis", -1), Set("num_outputs", len(list)))
		}
		for i, s := range list {
			parts[i] = one(parts[i], s, shift[i:i+1], scale[i:i+1])
		}
		x = parts[0]
		if len(list) > 1 {
			x = w.Node("Concat", parts, Set("axis", -1))
		}
	}
	x = w.float(x)
	w.scope = ""
	return x
}
