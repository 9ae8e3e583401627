package column

import (
	"cmp"
	"math"
	"slices"

	"dnn/pkg/dataset/table"
	"dnn/pkg/spec"
)

// binaryWords are words by which others know the type, as an input and as a target.
var binaryWords = []string{"bool", "boolean", "label", "yes_no"}

func init() {
	Types.Register("binary", "one of two words, as 0 or 1", &Binary{}).
		Also(binaryWords...)
	TargetTypes.Register("binary", "yes or no to predict", &BinaryTarget{}).
		Also(binaryWords...)
}

// Binary is an input of two words: one float per column, 1 for the positive word and 0 for the other, in "features".
// Without `positive` the data must have exactly two words. The positive one is the word that means yes (1, true, yes, y, t, on, +,
// positive, pos, present, ja, oui, да, …), or the other of one that means no (0, false, no, off, -, negative, neg, absent,
// none, normal, benign, nein, non, нет, …), or else the rarer one. A third word is an error. With `positive` and several other words
// in the data all of those are 0, with a warning unless `negative` lists them; once it does, any further word is an error. Numbers are
// the same however they are written: 1 and 1.0.
type Binary struct {
	Positive []string `scalar:"any" default:"[]" doc:"the words that are 1"`
	Negative []string `scalar:"any" default:"[]" doc:"the words that are 0; needed where there are several"`
	Missing  string   `default:"mode" oneof:"mode|constant|drop_row|error" doc:"what fills a gap; mode: the more frequent of the two; constant: the word of fill"`
	Fill     string   `scalar:"any" doc:"the word for missing: constant"`
}

// CheckSpec requires fill exactly where it is used.
func (b *Binary) CheckSpec(path string, p *spec.Problems) {
	if (b.Missing == "constant") != (b.Fill != "") {
		p.Add(path, "set missing: constant and fill together")
	}
	checkWords(path, b.Positive, b.Negative, p)
}

// Spelled are the words that the spec gives.
func (b *Binary) Spelled() []string { return slices.Concat(b.Positive, b.Negative, []string{b.Fill}) }

func (b *Binary) Drops() bool      { return b.Missing == "drop_row" }
func (b *Binary) Flat() bool       { return true }
func (b *Binary) Encoder() Encoder { return &BinaryEncoder{} }

func (b *Binary) Fit(f *Fitting, columns []*table.Column) Encoder {
	if !f.needsFields(columns...) {
		return nil
	}
	e := &BinaryEncoder{}
	for i, c := range columns {
		counts, _ := f.words(c)
		if g, ok := givenEach(f, i, c.Name, func(e *BinaryEncoder) bool {
			return b.agrees(&e.Columns[0].twoWords, counts) && (e.Columns[0].Gap == "") == (b.Missing == "error")
		}); ok {
			e.Columns = append(e.Columns, g.Columns[0])
			continue
		}
		words, ok := fitTwoWords(f, c, wanted{b.Positive, b.Negative, false}, counts)
		if !ok {
			return nil
		}
		one := binaryColumn{twoWords: words}
		switch b.Missing {
		case "mode":
			one.Gap = mostFrequent(counts)
		case "constant":
			one.Gap = b.Fill
			if _, err := words.of(b.Fill); err != nil {
				f.Problem("fill", "%v", err)
				return nil
			}
		}
		e.Columns = append(e.Columns, one)
	}
	for i := range columns {
		if e.Columns[i].loose() {
			f.warnRespelled(i, e)
		}
	}
	return e
}

// agrees reports whether the words of a model are those that the spec asks for, and a column has no others.
func (b *Binary) agrees(w *twoWords, counts map[string]int) bool {
	return (len(b.Positive) == 0 || slices.Equal(b.Positive, w.Positive)) && w.knows(keysOf(counts))
}

// BinaryEncoder is a fitted Binary.
type BinaryEncoder struct {
	Columns []binaryColumn `json:"columns"`
}

type binaryColumn struct {
	twoWords
	Gap string `json:"gap,omitempty"` // the word that fills a gap; "": a gap is an error
}

func (e *BinaryEncoder) Layout() layout { return layout{Shape: []int{len(e.Columns)}} }
func (e *BinaryEncoder) Cells() int     { return len(e.Columns) }

func (e *BinaryEncoder) Encode(fields []string, cells []uint32) error {
	for i, field := range fields {
		c := &e.Columns[i]
		if field = cmp.Or(field, c.Gap); field == "" {
			return Wrong(i, "is missing")
		}
		x, err := c.of(field)
		if err != nil {
			return Wrong(i, err.Error())
		}
		cells[i] = math.Float32bits(x)
	}
	return nil
}

func (e *BinaryEncoder) Expand(cells []uint32, floats []float32, _ []int32) {
	for i, c := range cells {
		floats[i] = math.Float32frombits(c)
	}
}

// CellsAreFloats is always so.
func (e *BinaryEncoder) CellsAreFloats() bool { return true }

// Unseen lists the columns whose words training never saw. It is not known of models of earlier versions.
func (e *BinaryEncoder) Unseen(fields []string, _ []uint32) (columns []int) {
	for i, field := range fields {
		if c := &e.Columns[i]; field != "" && len(c.Negatives) > 0 && c.Unknown(field) {
			columns = append(columns, i)
		}
	}
	return columns
}

// BinaryTarget is yes or no to predict: one float, 1 for yes. Several binary targets are labels that do not exclude
// each other. The word that means yes is found as for an input of this type. The data must have one other word, or `negative` lists
// all that mean no: any further word, in training or later, is an error. Well-known gap words such as ? and n/a are gaps, unless they
// are listed.
type BinaryTarget struct {
	Positive []string `scalar:"any" default:"[]" doc:"the words that mean yes"`
	Negative []string `scalar:"any" default:"[]" doc:"the words that mean no; needed where there are several"`
}

// CheckSpec requires positive for negative.
func (b *BinaryTarget) CheckSpec(path string, p *spec.Problems) {
	checkWords(path, b.Positive, b.Negative, p)
}

// Spelled are the words that the spec gives.
func (b *BinaryTarget) Spelled() []string { return slices.Concat(b.Positive, b.Negative) }

func (b *BinaryTarget) Encoder() TargetEncoder { return &BinaryTargetEncoder{} }

func (b *BinaryTarget) Fit(f *Fitting, column *table.Column) TargetEncoder {
	counts, _ := f.words(column)
	words, ok := fitTwoWords(f, column, wanted{b.Positive, b.Negative, true}, counts)
	if !ok {
		return nil
	}
	e := &BinaryTargetEncoder{words}
	if e.loose() {
		f.warnRespelled(0, e)
	}
	return e
}

// BinaryTargetEncoder is a fitted BinaryTarget.
type BinaryTargetEncoder struct {
	twoWords
}

func (e *BinaryTargetEncoder) Kind() string { return "binary" }

func (e *BinaryTargetEncoder) Encode(field string) (uint32, error) {
	x, err := e.of(field)
	return math.Float32bits(x), err
}

// Words name no and yes.
func (e *BinaryTargetEncoder) Words() (negative, positive string) {
	if e.Negative == "" {
		return "not " + e.Positive[0], e.Positive[0]
	}
	return e.Negative, e.Positive[0]
}

// ValueNames are the columns.
func (e *BinaryEncoder) ValueNames(columns []string) []string { return columns }

// Of is the encoder of one column.
func (e *BinaryEncoder) Of(i int) Encoder { return &BinaryEncoder{e.Columns[i : i+1]} }

// Join is the encoder of several columns.
func (e *BinaryEncoder) Join(others []Encoder) Encoder {
	return &BinaryEncoder{joined(e, others, func(e *BinaryEncoder) []binaryColumn { return e.Columns })}
}
