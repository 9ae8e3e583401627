package dataset

import (
	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/tokenizer"
)

// Token is a token of a text.
type Token struct {
	tokenizer.Place
	Known bool // the training split holds it
}

// IsText reports whether the input is texts.
func (in *Input) IsText() bool {
	_, ok := in.Encoder.(column.Tokenizing)
	return ok
}

// IsSeries reports whether the input is series.
func (in *Input) IsSeries() bool {
	_, ok := in.Encoder.(column.Channeled)
	return ok
}

// Length is how many steps row i of a batch has in a sequence.
func (in *Input) Length(b *Batch, i int) int {
	if lengths := b.Lengths[in.Block]; lengths != nil {
		return int(lengths[i])
	}
	return b.RowSize(in.Block) / max(1, in.StepEncoder.StepCells())
}

// Tokens lists those tokens of a text, the field of row i of a batch, that the batch holds; nil of other inputs.
func (in *Input) Tokens(field string, b *Batch, i int) []Token {
	e, ok := in.Encoder.(column.Tokenizing)
	if !ok {
		return nil
	}
	places, n := e.Places(field), in.Length(b, i)
	switch cut := len(places) - n; {
	case cut > 0 && e.KeepsEnd():
		places = places[cut:]
	case cut > 0:
		places = places[:n]
	}
	ints := b.Ints[in.Block][i*b.RowSize(in.Block):]
	list := make([]Token, len(places))
	for k, p := range places {
		list[k] = Token{p, ints[k] != tokenizer.Unknown}
	}
	return list
}

// Channel is a channel of a series.
type Channel struct {
	Name string
	// Steps name the numbers: by column in a series across columns; as value[-3] in a window, by their row counted from the
	// predicted one; else by step.
	Steps  []string
	First  int       // number of the first step: 1, or that of the first row of a window, counted likewise
	Values []float64 // denormalized, gaps filled
	// NoOffset says that the offset of the window is no longer known: Values are relative to the mean of the training split.
	NoOffset bool
}

// Channels lists the channels of a series in row i of a batch; nil of other inputs.
func (b *Batch) Channels(in *Input, i int) []Channel {
	e, ok := in.Encoder.(column.Channeled)
	if !ok {
		return nil
	}
	n, width := in.Length(b, i), in.StepEncoder.StepCells()
	names := e.StepNames(in.Name, in.Columns, n)
	floats := b.Floats[in.Block][i*b.RowSize(in.Block):]
	list := make([]Channel, width)
	for k := range list {
		c := &list[k]
		*c = Channel{Name: e.ChannelName(in.Name, in.Columns, k), First: 1}
		if offset, _, ok := in.Encoder.(column.RowSteps).Window(); ok {
			c.First = offset
		}
		offset, known := b.offsetOf(in, k, i)
		c.NoOffset = !known
		for step := range n {
			at := step*width + k
			c.Steps = append(c.Steps, names[at])
			c.Values = append(c.Values, e.ChannelScale(k).Shown(float64(floats[at])+offset))
		}
	}
	return list
}

// offsetOf is what was subtracted from a channel in row i of a batch, on its scale; known is false if no target has it.
func (b *Batch) offsetOf(in *Input, channel, i int) (offset float64, known bool) {
	if e, ok := in.Encoder.(column.Recentred); !ok || e.Recentring(channel) == "" {
		return 0, true
	}
	scale := in.Encoder.(column.Channeled).ChannelScale(channel)
	for k := range b.schema.LabelColumns {
		e, ok := b.schema.LabelColumns[k].Encoder.(column.Ahead)
		if !ok || b.Offset == nil {
			continue
		}
		if input, of, based := e.Offset(); based && &b.schema.Inputs[input] == in && of == channel {
			to, _ := b.schema.LabelColumns[k].Scaling()
			own := float64(float64(b.Offset[i*b.schema.Heads[0].Width+k])*to.Scale) + to.Shift
			return (own - scale.Shift) / scale.Scale, true
		}
	}
	return 0, false
}
