package column

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"dnn/internal/phrase"
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
// none, normal, benign, nein, non, нет, …), or else the rarer one; a third word is an error. Numbers are the same however they are
// written: 1 and 1.0.
type Binary struct {
	Positive []string `scalar:"any" default:"[]" doc:"the words that are 1; every other word is 0"`
	Missing  string   `default:"mode" oneof:"mode|constant|drop_row|error" doc:"what fills a gap; mode: the more frequent of the two; constant: the word of fill"`
	Fill     string   `scalar:"any" doc:"the word for missing: constant"`
}

// CheckSpec requires fill exactly where it is used.
func (b *Binary) CheckSpec(path string, p *spec.Problems) {
	if (b.Missing == "constant") != (b.Fill != "") {
		p.Add(path, "set missing: constant and fill together")
	}
}

func (b *Binary) Drops() bool      { return b.Missing == "drop_row" }
func (b *Binary) Flat() bool       { return true }
func (b *Binary) Encoder() Encoder { return &BinaryEncoder{} }

func (b *Binary) Fit(f *Fitting, columns []*table.Column) Encoder {
	if !f.needsFields(columns...) {
		return nil
	}
	e := &BinaryEncoder{}
	for _, c := range columns {
		counts, _ := f.words(c)
		words, ok := fitTwoWords(f, c, b.Positive, counts)
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
	return e
}

func mostFrequent(counts map[string]int) string {
	best := ""
	for w, n := range counts {
		if n > counts[best] || n == counts[best] && w < best {
			best = w
		}
	}
	return best
}

// twoWords distinguishes yes from no.
type twoWords struct {
	Positive []string `json:"positive"`
	Negative string   `json:"negative"`         // the most frequent word that is not positive; its name in reports
	Strict   bool     `json:"strict,omitempty"` // a word that is neither is an error
}

// Words that mean yes and no, in small letters.
var (
	yes = strings.Fields("1 true yes y t on + positive pos present ja oui si sí sì sim да tak はい 是")
	no  = strings.Fields("0 false no off - − – negative neg absent none nein non não nao нет nie normal benign いいえ 否")
)

// fitTwoWords learns the two words of a column.
func fitTwoWords(f *Fitting, c *table.Column, positive []string, counts map[string]int) (w twoWords, ok bool) {
	words := sortWords(keysOf(counts))
	if len(positive) > 0 {
		w.Positive = positive
		seen := 0
		for _, word := range words {
			if slices.ContainsFunc(positive, func(p string) bool { return sameWord(p, word) }) {
				seen += counts[word]
			} else if w.Negative == "" || counts[word] > counts[w.Negative] {
				w.Negative = word
			}
		}
		if seen == 0 {
			f.Problem("positive", "no row of the training split has %s in column %q (its words: %s)", strings.Join(positive, " or "), c.Name, phrase.Few(words))
			return w, false
		}
		return w, true
	}
	all := everyWord(c, math.MaxInt)
	values := different(all)
	if len(values) != 2 {
		f.Problem("", "column %q has %s (%s), not two; list with positive those that mean yes", c.Name, phrase.Count(len(values), "different word"), phrase.Few(values))
		return w, false
	}
	at, why := positiveOf(values, all)
	f.Note("%s: binary, %q is 1 (%s) and %q is 0; positive: [%s] turns them around", c.Name, values[at], why, values[1-at], values[1-at])
	return twoWords{Positive: values[at : at+1], Negative: values[1-at], Strict: true}, true
}

// Positive returns the positive one of two words, given how many rows have each, by the rule of the type binary.
func Positive(counts map[string]int) string {
	words := sortWords(keysOf(counts))
	at, _ := positiveOf(words, counts)
	return words[at]
}

// positiveOf returns which of two words is the positive one, and why: the one that means yes, or the other of one that means no, or
// else the rarer, or the second if there are as many of both.
func positiveOf(words []string, counts map[string]int) (at int, why string) {
	for i, w := range words {
		if means(yes, w) && !means(yes, words[1-i]) {
			return i, "it means yes"
		}
	}
	for i, w := range words {
		if means(no, w) && !means(no, words[1-i]) {
			return 1 - i, "the other means no"
		}
	}
	switch {
	case counts[words[0]] < counts[words[1]]:
		return 0, "the rarer"
	case counts[words[0]] > counts[words[1]]:
		return 1, "the rarer"
	}
	return 1, "the second"
}

// means reports whether a word is in a list: as it is in small letters, or as the same number.
func means(list []string, word string) bool {
	word = strings.ToLower(word)
	return slices.ContainsFunc(list, func(w string) bool { return sameWord(w, word) })
}

// sameWord reports whether two words are the same, or write the same number: 1 and 1.0.
func sameWord(a, b string) bool {
	if a == b {
		return true
	}
	x, first := table.ParseNumber(a)
	y, second := table.ParseNumber(b)
	return first && second && x == y
}

// everyWord counts the words of a column in all rows of its table, so that what is inferred of them does not depend on how rows are
// split. A column with more different ones than most has none.
func everyWord(c *table.Column, most int) map[string]int {
	counts := map[string]int{}
	for row := range int32(c.Len()) {
		if field := c.Field(row); field != "" {
			if counts[field]++; len(counts) > most {
				return nil
			}
		}
	}
	return counts
}

// different lists words sorted, those that write the same number once, as the most frequent one does. The counts of the others are
// added to it.
func different(counts map[string]int) (list []string) {
	byNumber := map[float64]string{}
	for _, w := range sortWords(keysOf(counts)) {
		x, ok := table.ParseNumber(w)
		if first, again := byNumber[x]; ok && again {
			counts[first] += counts[w]
			continue
		}
		if ok {
			byNumber[x] = w
		}
		list = append(list, w)
	}
	return list
}

// of returns 1 for a positive word and 0 for any other.
func (w *twoWords) of(field string) (float32, error) {
	if slices.ContainsFunc(w.Positive, func(p string) bool { return sameWord(p, field) }) {
		return 1, nil
	}
	if w.Strict && !sameWord(field, w.Negative) {
		return 0, fmt.Errorf("%s is neither %q nor %q", phrase.Quote(field), w.Positive[0], w.Negative)
	}
	return 0, nil
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
			return &FieldError{i, "is missing"}
		}
		x, err := c.of(field)
		if err != nil {
			return &FieldError{i, err.Error()}
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

// BinaryTarget is yes or no to predict: one float, 1 for yes. Several binary targets are labels that do not exclude
// each other. The word that means yes is found as for an input of this type.
type BinaryTarget struct {
	Positive []string `scalar:"any" default:"[]" doc:"the words that mean yes; every other word is no"`
}

func (b *BinaryTarget) Encoder() TargetEncoder { return &BinaryTargetEncoder{} }

func (b *BinaryTarget) Fit(f *Fitting, column *table.Column) TargetEncoder {
	counts, _ := f.words(column)
	words, ok := fitTwoWords(f, column, b.Positive, counts)
	if !ok {
		return nil
	}
	return &BinaryTargetEncoder{words}
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
