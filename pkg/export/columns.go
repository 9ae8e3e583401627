package export

import (
	"encoding/json"
	"fmt"

	"dnn/internal/phrase"
	"dnn/pkg/dataset"
	"dnn/pkg/dataset/column"
	"dnn/pkg/export/calls"
)

// Column is a field of a row, or what belongs to a file: how it is encoded, and where its numbers go.
type Column struct {
	Name        string
	calls.Place     // of the block in exported source
	Offset      int // of its numbers in the arena
	Size        int // numbers; of text the most tokens
	Number      *Number
	Category    *Category
	Binary      *Binary
	Image       *Image
	Text        *Text

	Block int // of the schema, which it is part of
	At    int // its place in the block
}

// Number is a column of numbers. Fill stands for a missing one; without it that is an error.
type Number struct {
	Fill *float64
	Scaling
}

// Scaling is (f(x) - Shift)/Scale, where f is the logarithm that Log names, or a map by knots [x, z].
type Scaling struct {
	Log          string
	Shift, Scale float64
	Knots        [][2]float64
}

// Category is a column of words, one-hot or as a number, which counts from 1 on.
type Category struct {
	Index      bool
	Words      []string
	Other      bool   // words that are not listed have a class
	Missing    bool   // missing words have one
	Gap        string // the word for a missing one
	GapIsError bool   `json:"gap_is_error"`
}

// Classes is how many the column has: its words, others, and the missing one.
func (c *Category) Classes() int {
	n := len(c.Words)
	for _, more := range []bool{c.Other, c.Missing} {
		if more {
			n++
		}
	}
	return n
}

// Binary is a column of two words, as 1 and 0.
type Binary struct {
	Positive  []string
	Negative  string
	Negatives []string
	Strict    bool // other words are errors
	Gap       string
}

// Image is an image as bytes [height, width, channels]: one scaling, or one for each channel.
type Image struct {
	Shape    []int
	Scalings []Scaling
}

// Text is a text that is cut into tokens.
type Text struct {
	Start      bool // a text that is too long keeps its end
	Unlimited  bool // a text that is too long is an error
	GapIsError bool
	GapWords   bool   // some words stand for a missing text
	Tokenizer  string // char, word or whitespace
	Exact      bool   // white space and accents stay as they are
	Lowercase  bool
	Words      []string // in the order of their tokens, the first of which is 2
}

// columnsOf are the columns that inputs read.
func columnsOf(s *dataset.Schema) (list []Column, err error) {
	for i := range s.Inputs {
		own, err := ColumnsOf(&s.Inputs[i])
		if err != nil {
			return nil, err
		}
		list = append(list, own...)
	}
	return list, nil
}

// ColumnsOf are the columns that an input reads, unless it is of a type that is not exported.
func ColumnsOf(in *dataset.Input) (list []Column, err error) {
	data, err := column.MarshalEncoder(in.Encoder)
	if err != nil {
		return nil, err
	}
	if list, err = decode(data, in.Columns); err != nil {
		return nil, fmt.Errorf("input %s: %w", phrase.Quote(in.Name), err)
	}
	at := in.Lo
	for i := range list {
		list[i].Block, list[i].At = in.Block, at
		at += list[i].Size
	}
	return list, nil
}

// decoders read what the encoders of a type were fitted to, by the type.
var decoders = map[string]func(data []byte, names []string) ([]Column, error){
	"number": decodeNumbers, "category": decodeCategories, "binary": decodeBinaries, "image": decodeImage, "text": decodeText,
}

// decode makes columns of an encoder as it is stored. That of columns of several types has one for each.
func decode(data []byte, names []string) (list []Column, err error) {
	key, err := column.TypeOf(data)
	if err != nil {
		return nil, err
	}
	if key == "auto" {
		var all struct{ Columns []json.RawMessage }
		if err := json.Unmarshal(data, &all); err != nil {
			return nil, err
		}
		for i, one := range all.Columns {
			c, err := decode(one, names[i:i+1])
			if err != nil {
				return nil, err
			}
			list = append(list, c...)
		}
		return list, nil
	}
	read := decoders[key]
	if read == nil {
		return nil, fmt.Errorf("columns of type %s are not exported (%s)", key, phrase.Few(names))
	}
	return read(data, names)
}

func decodeNumbers(data []byte, names []string) (list []Column, err error) {
	var s struct {
		Fill         []*float64
		Log          []string
		Shift, Scale []float64
		Quantiles    [][][2]float64
	}
	if err := json.Unmarshal(data, &s); err != nil {
		return nil, err
	}
	for i, name := range names {
		n := &Number{Scaling: Scaling{Shift: s.Shift[i], Scale: s.Scale[i]}}
		if s.Fill != nil {
			n.Fill = s.Fill[i]
		}
		if s.Log != nil {
			n.Log = s.Log[i]
		}
		if s.Quantiles != nil {
			n.Knots = s.Quantiles[i]
		}
		list = append(list, Column{Name: name, Size: 1, Number: n})
	}
	return list, nil
}

func decodeCategories(data []byte, names []string) (list []Column, err error) {
	var s struct {
		Index   bool
		Columns []*Category
	}
	if err := json.Unmarshal(data, &s); err != nil {
		return nil, err
	}
	for i, name := range names {
		c := s.Columns[min(i, len(s.Columns)-1)]
		c.Index = s.Index
		one := Column{Name: name, Size: c.Classes(), Category: c}
		if c.Index {
			one.Size = 1
		}
		list = append(list, one)
	}
	return list, nil
}

func decodeBinaries(data []byte, names []string) (list []Column, err error) {
	var s struct{ Columns []*Binary }
	if err := json.Unmarshal(data, &s); err != nil {
		return nil, err
	}
	for i, name := range names {
		list = append(list, Column{Name: name, Size: 1, Binary: s.Columns[i]})
	}
	return list, nil
}

func decodeImage(data []byte, names []string) (list []Column, err error) {
	var s struct {
		Shape    []int
		Scaling  storedScaling
		Channels []storedScaling
		Depth    int
	}
	if err := json.Unmarshal(data, &s); err != nil {
		return nil, err
	}
	if len(s.Channels) == 0 {
		s.Channels = []storedScaling{s.Scaling}
	}
	c := Column{Name: names[0], Size: 1, Image: &Image{Shape: s.Shape}}
	for _, d := range s.Shape {
		c.Size *= d
	}
	for _, one := range s.Channels {
		c.Image.Scalings = append(c.Image.Scalings, one.plain())
	}
	return []Column{c}, nil
}

// storedScaling is a scaling as it is stored.
type storedScaling struct {
	Log          string
	Shift, Scale float64
	Quantiles    [][2]float64
}

func (s storedScaling) plain() Scaling { return Scaling{s.Log, s.Shift, s.Scale, s.Quantiles} }

func decodeText(data []byte, names []string) (list []Column, err error) {
	var s struct {
		Length     int
		Start      bool
		Unlimited  bool
		GapIsError bool `json:"gap_is_error"`
		GapWords   bool `json:"gap_words"`
		Tokenizer  json.RawMessage
	}
	if err := json.Unmarshal(data, &s); err != nil {
		return nil, err
	}
	t := &Text{Start: s.Start, Unlimited: s.Unlimited, GapIsError: s.GapIsError, GapWords: s.GapWords}
	if t.Tokenizer, err = column.TypeOf(s.Tokenizer); err != nil {
		return nil, err
	}
	return []Column{{Name: names[0], Size: s.Length, Text: t}}, t.decode(s.Tokenizer, names)
}

// decode reads what a tokenizer learned.
func (t *Text) decode(data []byte, names []string) error {
	var s struct {
		Exact, Lowercase bool
		Characters       string   // of char
		Words            []string // of word
		List             []string // of whitespace
	}
	switch t.Tokenizer {
	case "char", "word", "whitespace":
	default:
		return fmt.Errorf("texts that are cut into tokens by %s are not exported (%s); char, word and whitespace are", t.Tokenizer, phrase.Few(names))
	}
	if err := json.Unmarshal(data, &s); err != nil {
		return err
	}
	t.Exact, t.Lowercase, t.Words = s.Exact, s.Lowercase, append(s.Words, s.List...)
	for _, r := range s.Characters {
		t.Words = append(t.Words, string(r))
	}
	return nil
}

// ScalingsOf are those of the numbers of a head; nil where they are learned as they are.
func ScalingsOf(h *dataset.Head) (list []Scaling) {
	if h.Scaling == nil {
		return nil
	}
	for i := range h.Fitted {
		s, ok := h.Fitted[i].Scaling()
		if !ok {
			s = column.Scaling{Scale: 1}
		}
		data, err := json.Marshal(&s)
		var one storedScaling
		if err == nil {
			err = json.Unmarshal(data, &one)
		}
		if err != nil { // what was read from a file can be written
			panic(err)
		}
		list = append(list, one.plain())
	}
	return list
}
