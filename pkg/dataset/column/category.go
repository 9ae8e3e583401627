package column

import (
	"fmt"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/record"
	"dnn/pkg/dataset/table"
	"dnn/pkg/spec"
)

// categoryWords are words by which others know the type, as an input and as a target.
var categoryWords = []string{"categorical", "class", "classification", "multiclass", "nominal", "string", "word"}

func init() {
	Types.Register("category", "words, one-hot or as indices for an embedding", &Category{}).
		Also(categoryWords...)
	TargetTypes.Register("category", "one of several classes to predict", &CategoryTarget{}).
		Also(categoryWords...)
}

// Category is an input of words. The classes are learned from the training split, in alphabetical order (by value if
// all are numbers; then 1 and 1.0 are the same word). Well-known gap words such as ? and n/a are gaps, unless fill is one.
//
// encode: one_hot gives each column floats in "features", one per class, of which one is 1. After the words comes a
// class for rare words ("other") if there are any (by default those in less than one of 300 rows), and one for gaps if
// there are any. An unseen word is "other"; without that class all floats are 0, so that no untrained weight is used.
//
// encode: index gives whole numbers in a separate block, of shape [] for one column and [columns] for several, which
// then share one vocabulary. 0 is "other" and unseen words; then come the words, then gaps.
type Category struct {
	Encode        string `default:"one_hot" oneof:"one_hot|index" doc:"one_hot: a float per class; index: a whole number for an embedding layer"`
	Missing       string `default:"category" oneof:"category|mode|constant|drop_row|error" doc:"how to fill a gap; category: a separate class; mode: the most frequent word; constant: the word of fill"`
	Fill          string `scalar:"any" doc:"the word for missing: constant"`
	MinCount      int    `default:"0" range:"[0,)" doc:"rows of the training split that must have a word; rarer words become the class other; 0: one in 300 rows"`
	MaxCategories int    `default:"1000" range:"[1,)" doc:"the most words with a class; the rarest beyond become the class other"`
}

// CheckSpec requires fill exactly where it is used.
func (c *Category) CheckSpec(path string, p *spec.Problems) {
	if (c.Missing == "constant") != (c.Fill != "") {
		p.Add(path, "set missing: constant and fill together")
	}
}

// Spelled are the words that the spec gives.
func (c *Category) Spelled() []string { return []string{c.Fill} }

func (c *Category) Drops() bool      { return c.Missing == "drop_row" }
func (c *Category) Flat() bool       { return c.Encode == "one_hot" }
func (c *Category) Encoder() Encoder { return &CategoryEncoder{} }

func (c *Category) Fit(f *Fitting, columns []*table.Column) Encoder {
	if !f.needsFields(columns...) {
		return nil
	}
	e := &CategoryEncoder{Index: c.Encode == "index", count: len(columns)}
	if !e.Index {
		for i, col := range columns {
			counts, gaps := f.words(col)
			if g, ok := givenEach(f, i, col.Name, takesGaps(false, gaps)); ok {
				e.Columns = append(e.Columns, g.Columns[0])
				continue
			}
			e.Columns = append(e.Columns, c.vocabulary(f, col.Name, counts, gaps))
		}
	} else {
		all, gaps := map[string]int{}, 0
		for _, col := range columns {
			counts, g := f.words(col)
			gaps += g
			for w, n := range counts {
				all[w] += n
			}
		}
		if g, ok := givenWhole(f, NamesOf(columns), takesGaps(true, gaps)); ok {
			return g
		}
		v := c.vocabulary(f, columns[0].Name, all, gaps)
		v.Other = false // rare words are 0, like unseen ones
		e.Columns, e.Width = []*vocabulary{v}, len(columns)
	}
	e.Prepare()
	for i := range columns {
		if v := e.Columns[min(i, len(e.Columns)-1)]; v.known.loose() {
			f.warnRespelled(i, e)
		}
	}
	return e
}

// takesGaps reports whether an encoder is of indices or not, as is asked for, and has something for gaps where there are some.
func takesGaps(index bool, gaps int) func(e *CategoryEncoder) bool {
	return func(e *CategoryEncoder) bool {
		_, ok := e.Columns[0].of("")
		return e.Index == index && (ok || gaps == 0)
	}
}

// CategoryEncoder is a fitted Category.
type CategoryEncoder struct {
	Index   bool          `json:"index,omitempty"`
	Width   int           `json:"width,omitempty"` // columns that share the vocabulary, for index
	Columns []*vocabulary `json:"columns"`         // one per column; for index one for all

	count int
}

func (e *CategoryEncoder) Prepare() {
	e.count = len(e.Columns)
	if e.Index {
		e.count = e.Width
	}
	for _, v := range e.Columns {
		v.known, v.rare = newIndex(v.Words), newIndex(v.RareWords)
	}
}

func (e *CategoryEncoder) Layout() layout {
	if e.Index {
		l := layout{Own: true, Ints: true, Vocabulary: e.Columns[0].size() + 1}
		if e.Width > 1 {
			l.Shape = []int{e.Width}
		}
		return l
	}
	width := 0
	for _, v := range e.Columns {
		width += v.size()
	}
	return layout{Shape: []int{width}}
}

func (e *CategoryEncoder) Cells() int { return e.count }

func (e *CategoryEncoder) Encode(fields []string, cells []uint32) error {
	for i, field := range fields {
		v := e.Columns[0]
		if !e.Index {
			v = e.Columns[i]
		}
		c, ok := v.of(field)
		if !ok {
			return Wrong(i, "is missing")
		}
		cells[i] = c
	}
	return nil
}

func (e *CategoryEncoder) Expand(cells []uint32, floats []float32, ints []int32) {
	if e.Index {
		for i, c := range cells {
			ints[i] = int32(c)
		}
		return
	}
	at := 0
	for i, c := range cells {
		if c > 0 {
			floats[at+int(c)-1] = 1
		}
		at += e.Columns[i].size()
	}
}

// CategoryTarget is one of several classes to predict: a whole number per row, and an output per class. The classes are
// those of the training split, in alphabetical order (by value if all are numbers; then 1 and 1.0 are the same class), unless they
// are listed. Any other class is an error. Well-known gap words such as ? and n/a are gaps, unless classes lists them.
type CategoryTarget struct {
	Classes []string `scalar:"any" default:"[]" doc:"the classes in their order (default: those of the training split, sorted)"`
}

// Spelled are the words that the spec gives.
func (c *CategoryTarget) Spelled() []string { return c.Classes }

func (c *CategoryTarget) Encoder() TargetEncoder { return &CategoryTargetEncoder{} }

func (c *CategoryTarget) Fit(f *Fitting, column *table.Column) TargetEncoder {
	counts, _ := f.words(column)
	e := &CategoryTargetEncoder{Classes: c.Classes}
	if len(c.Classes) == 0 {
		warnListed(f, "target ", column.Name, counts)
		mergeNumbers(counts)
		FoldBooleans(counts)
		e.Classes = sortWords(keysOf(counts))
		warnCase(f, column.Name, e.Classes)
	}
	for _, twice := range record.Duplicates(c.Classes) {
		f.Problem("classes", "duplicate class %q", twice)
	}
	if len(e.Classes) < 2 {
		f.Problem("", "column %q has only %d class in the training split; there is nothing to predict", column.Name, len(e.Classes))
		return nil
	}
	if n := len(e.Classes); n > 100 && n > len(f.Rows)/10 {
		f.Warn("target %s has %d classes in %d rows; is it a number (type: number)?", column.Name, n, len(f.Rows))
	}
	e.Prepare()
	if e.index.loose() {
		f.warnRespelled(0, e)
	}
	return e
}

// CategoryTargetEncoder is a fitted CategoryTarget.
type CategoryTargetEncoder struct {
	Classes []string `json:"classes"`

	index index
}

func (e *CategoryTargetEncoder) Kind() string { return "category" }

func (e *CategoryTargetEncoder) Prepare() {
	e.index = newIndex(e.Classes)
}

func (e *CategoryTargetEncoder) Encode(field string) (uint32, error) {
	if i, ok := e.index.of(field); ok {
		return i, nil
	}
	return 0, Wrong(0, fmt.Sprintf("%s is not one of the %d classes of the training split%s (list them with classes, or set split.stratify)", phrase.Quote(field), len(e.Classes), spelling(e.Classes, field)))
}

// ClassNames are the classes that the spec lists.
func (c *CategoryTarget) ClassNames() []string { return c.Classes }

// ClassNames are the classes in their order.
func (e *CategoryTargetEncoder) ClassNames() []string { return e.Classes }

// Spans assigns the numbers to the columns.
func (e *CategoryEncoder) Spans(_ string, columns []string) (list []Span) {
	if e.Index || len(e.Columns) != len(columns) {
		return nil
	}
	at := 0
	for i, v := range e.Columns {
		list = append(list, Span{columns[i], at, at + v.size()})
		at += v.size()
	}
	return list
}

// Unseen lists the columns whose words training never saw. Where some of its words were rare and are not kept, an unknown word may
// have been one of those, and belongs to their class.
func (e *CategoryEncoder) Unseen(fields []string, cells []uint32) (columns []int) {
	for i, c := range cells {
		v := e.Columns[0]
		if !e.Index {
			v = e.Columns[i]
		}
		if fields[i] != "" && (c == 0 || int(c) > len(v.Words)) && !v.maySeen(fields[i]) {
			columns = append(columns, i)
		}
	}
	return columns
}

// ValueNames are the words of each column; nil for indices.
func (e *CategoryEncoder) ValueNames(columns []string) (names []string) {
	if e.Index {
		return nil
	}
	for i, v := range e.Columns {
		names = append(names, v.names(columns[i])...)
	}
	return names
}

// Of is the encoder of one column of words; nil of indices, which share a vocabulary.
func (e *CategoryEncoder) Of(i int) Encoder {
	if e.Index && len(e.Columns) != e.Width {
		return nil
	}
	return &CategoryEncoder{Index: e.Index, Width: min(e.Width, 1), Columns: e.Columns[i : i+1], count: 1}
}

// Join is the encoder of several columns of words, none of indices.
func (e *CategoryEncoder) Join(others []Encoder) Encoder {
	return &CategoryEncoder{Columns: joined(e, others, func(e *CategoryEncoder) []*vocabulary { return e.Columns })}
}
