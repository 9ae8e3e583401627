package column

import (
	"slices"
	"strings"

	"dnn/pkg/dataset/tokenizer"
	"dnn/pkg/spec"
)

// Given is what models learned of the columns of an input or a target, which fits other data too. A type takes over scaling and
// vocabularies of its own encoder; how long rows are, and what the spec says, is that of the data.
type Given struct {
	Whole  []Encoder   // of the same columns as one input
	Each   [][]Encoder // of each column
	Target []TargetEncoder
}

// Learned is what models learned, by column. A table may have tens of thousands of columns: each is looked up.
type Learned struct {
	inputs  map[string][]Encoder // of several columns together
	columns map[string][]Encoder // of each column alone
	targets map[string][]TargetEncoder
}

// NewLearned returns an empty one.
func NewLearned() *Learned {
	return &Learned{map[string][]Encoder{}, map[string][]Encoder{}, map[string][]TargetEncoder{}}
}

// AddInput adds a model's encoder of columns.
func (l *Learned) AddInput(columns []string, e Encoder) {
	key := together(columns)
	l.inputs[key] = append(l.inputs[key], e)
	each, ok := e.(Divisible)
	for i, name := range columns {
		if !ok {
			return
		}
		if one := each.Of(i); one != nil {
			l.columns[name] = append(l.columns[name], one)
		}
	}
}

// AddTarget adds a model's encoder of a target.
func (l *Learned) AddTarget(column string, e TargetEncoder) {
	l.targets[column] = append(l.targets[column], e)
}

// Input is what there is of the columns of an input.
func (l *Learned) Input(columns []string) Given {
	g := Given{Whole: l.inputs[together(columns)]}
	for _, name := range columns {
		g.Each = append(g.Each, l.columns[name])
	}
	return g
}

// Target is what there is of a target.
func (l *Learned) Target(column string) Given { return Given{Target: l.targets[column]} }

// together is a key for columns, whose names have no zero byte.
func together(columns []string) string { return strings.Join(columns, "\x00") }

// Divisible is an encoder whose columns are encoded independently.
type Divisible interface {
	// Of is the encoder of one of the columns; nil where they cannot be told apart.
	Of(i int) Encoder
}

// Joining is a Divisible encoder that can be one with others of its type, as it lies in files.
type Joining interface {
	Divisible
	// Join is the encoder of its columns and those of the others, which have its type.
	Join(others []Encoder) Encoder
}

// joined are the columns of an encoder and of others.
func joined[E Encoder, C any](e E, others []Encoder, columns func(E) []C) []C {
	list := slices.Clone(columns(e))
	for _, o := range others {
		list = append(list, columns(o.(E))...)
	}
	return list
}

// givenEach is what a model learned of the i-th column of an input, if it has the encoder E for it. fits says whether it fits the
// data.
func givenEach[E Encoder](f *Fitting, i int, name string, fits func(E) bool) (found E, ok bool) {
	if i >= len(f.Given.Each) {
		return found, false
	}
	return given(f, f.Given.Each[i], []string{name}, fits)
}

// givenWhole is what a model learned of the columns of an input together.
func givenWhole[E Encoder](f *Fitting, names []string, fits func(E) bool) (found E, ok bool) {
	return given(f, f.Given.Whole, names, fits)
}

// givenTarget is what a model learned of a target.
func givenTarget[E TargetEncoder](f *Fitting, name string, fits func(E) bool) (found E, ok bool) {
	return given(f, f.Given.Target, []string{name}, fits)
}

func given[E, A any](f *Fitting, list []A, names []string, fits func(E) bool) (found E, ok bool) {
	for _, e := range list {
		if found, ok = any(e).(E); ok && fits(found) {
			f.Findings.Taken = append(f.Findings.Taken, names...)
			return found, true
		}
	}
	return found, false
}

// only is what is given of one of the columns.
func (g Given) only(i int) Given {
	if len(g.Each) == 0 {
		return Given{}
	}
	return Given{Each: g.Each[i : i+1]}
}

// sameTokens reports whether a tokenizer makes tokens of the kind that a fitted one has.
func sameTokens(t tokenizer.Tokenizer, fitted tokenizer.Fitted) bool {
	return t != nil && fitted != nil && spec.KeyOf(t) == tokenizer.KeyOf(fitted)
}

// onOneScale reports whether two scalings differ in shift and scale only.
func onOneScale(a, b *Scaling) bool {
	return a.Log == b.Log && a.Quantiles == nil && b.Quantiles == nil
}

// knows reports whether a column of yes and no has no other words than these.
func (w *twoWords) knows(words []string) bool {
	return !slices.ContainsFunc(words, func(word string) bool {
		_, err := w.of(word)
		return err != nil || w.Unknown(word)
	})
}
