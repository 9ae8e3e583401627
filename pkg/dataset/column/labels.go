package column

import (
	"cmp"
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/record"
	"dnn/pkg/dataset/table"
	"dnn/pkg/spec"
)

// labelsWords are words by which others know the type, as an input and as a target.
var labelsWords = []string{"multi_label", "multilabel", "multi_hot", "multihot", "set"}

func init() {
	Types.Register("labels", "any of several words in a field, as a float each", &Labels{}).
		Also(labelsWords...)
	TargetTypes.Register("labels", "any of several labels to predict, which a field lists", &LabelsTarget{}).
		Also(labelsWords...)
}

// Labels is an input of fields that list any number of words, such as Drama|Comedy, or a JSON list of them (also as Python
// or Postgres prints it): a float for each word of the training split, 1 for those in the field, in "features". Words are sorted as
// categories are. A gap and an empty list are no words, and so are those that training never saw or that were too rare; these
// are counted.
type Labels struct {
	Separator string `default:"\"|\"" doc:"what stands between words, in fields that are no JSON lists; spaces around words do not count"`
	MinCount  int    `default:"0" range:"[0,)" doc:"rows of the training split that must have a word; rarer ones are left out; 0: one in 300 rows"`
}

// CheckSpec requires a separator.
func (l *Labels) CheckSpec(path string, p *spec.Problems) { checkSeparator(path, l.Separator, p) }

func checkSeparator(path, separator string, p *spec.Problems) {
	if separator == "" {
		p.Add(path+".separator", "is empty; each character is a label of its own with type: tags")
	}
}

// Spelled reports that the spec gives no words.
func (l *Labels) Spelled() []string { return nil }

func (l *Labels) Drops() bool      { return false }
func (l *Labels) Flat() bool       { return true }
func (l *Labels) Encoder() Encoder { return &LabelsEncoder{} }

// Fit learns the words.
func (l *Labels) Fit(f *Fitting, columns []*table.Column) Encoder {
	if !f.needsFields(columns...) {
		return nil
	}
	if len(columns) != 1 {
		f.Problem("", "type: labels reads one column; several are several inputs")
		return nil
	}
	least := l.MinCount
	if least == 0 {
		least = len(f.Rows) / 300
	}
	words, rare := countLabels(f, columns[0], l.Separator, least)
	counts, _ := f.words(columns[0])
	warnSeparator(f, "", columns[0].Name, l.Separator, counts)
	if len(words) == 0 {
		f.Problem("", "no word of column %q is in %s of the training split", columns[0].Name, phrase.Count(max(1, least), "row"))
		return nil
	}
	f.Note("%s: %s%s", columns[0].Name, phrase.Count(len(words), "label"), leftOut(rare, least))
	e := &LabelsEncoder{Separator: l.Separator, Words: words}
	e.Prepare()
	return e
}

// leftOut says how many words were too rare.
func leftOut(rare []string, least int) string {
	if len(rare) == 0 {
		return ""
	}
	return fmt.Sprintf("; %s in fewer than %d rows left out (min_count): %s", phrase.Count(len(rare), "label"), least, phrase.Few(rare))
}

// countLabels lists the labels of the training split, and those that fewer than least rows have.
func countLabels(f *Fitting, c *table.Column, separator string, least int) (labels, rare []string) {
	counts := map[string]int{}
	for field := range c.Fields(f.Rows) {
		for label := range labelsOf(field, separator) {
			counts[strings.Clone(label)]++
		}
	}
	mergeNumbers(counts)
	for label, n := range counts {
		if n < least {
			rare = append(rare, label)
		} else {
			labels = append(labels, label)
		}
	}
	return sortWords(labels), sortWords(rare)
}

// labelsOf yields the labels that a field lists.
func labelsOf(field, separator string) iter.Seq[string] {
	return func(yield func(string) bool) {
		if list, ok := record.List(field); ok {
			slices.Values(list)(yield)
			return
		}
		for label := range strings.SplitSeq(field, separator) {
			if label = strings.TrimSpace(label); label != "" && !yield(label) {
				return
			}
		}
	}
}

// LabelsEncoder is a fitted Labels. Its cells have a bit for each word.
type LabelsEncoder struct {
	Separator string   `json:"separator"`
	Words     []string `json:"words"`

	index index
}

func (e *LabelsEncoder) Prepare()       { e.index = newIndex(e.Words) }
func (e *LabelsEncoder) Layout() layout { return layout{Shape: []int{len(e.Words)}} }
func (e *LabelsEncoder) Cells() int     { return (len(e.Words) + 31) / 32 }

func (e *LabelsEncoder) Encode(fields []string, cells []uint32) error {
	clear(cells)
	if at, ok := e.index.of(fields[0]); ok { // also {a,b}, which models of earlier versions know as a word
		cells[at/32] |= 1 << (at % 32)
		return nil
	}
	for label := range labelsOf(fields[0], e.Separator) {
		if at, ok := e.index.of(label); ok {
			cells[at/32] |= 1 << (at % 32)
		}
	}
	return nil
}

func (e *LabelsEncoder) Expand(cells []uint32, floats []float32, _ []int32) {
	for i := range e.Words {
		floats[i] = float32(cells[i/32] >> (i % 32) & 1)
	}
}

// Unseen tells the column if it has words without a float.
func (e *LabelsEncoder) Unseen(fields []string, _ []uint32) (columns []int) {
	if _, ok := e.index.of(fields[0]); ok {
		return nil
	}
	for label := range labelsOf(fields[0], e.Separator) {
		if _, ok := e.index.of(label); !ok {
			return []int{0}
		}
	}
	return nil
}

// Spans assigns all numbers to the column.
func (e *LabelsEncoder) Spans(_ string, columns []string) []Span {
	return []Span{{columns[0], 0, len(e.Words)}}
}

// LabelsTarget is any number of labels to predict, which a field lists: Drama|Comedy, or a JSON list (also as Python or
// Postgres prints it).
// Each label of the training split is yes or no, an output of the net of its own (units: targets) with the loss
// binary_cross_entropy. A row whose field is a gap is left out; an empty JSON list says that no label holds. A label that
// training never saw is an error, unless classes lists it. Predictions are the labels that reach the threshold, joined by the
// separator.
//
// accuracy is the share of rows with all labels right (subset accuracy), hamming_loss the share of labels that are wrong, and
// {type: f1, average: micro} counts all labels together.
type LabelsTarget struct {
	Separator string   `default:"\"|\"" doc:"what stands between labels, in fields that are no JSON lists, and in predictions; spaces around labels do not count"`
	Classes   []string `scalar:"any" default:"[]" doc:"the labels in their order (default: those of the training split, sorted)"`
	MinCount  int      `default:"1" range:"[1,)" doc:"rows of the training split that must have a label; rarer ones are left out"`
}

// CheckSpec requires a separator.
func (l *LabelsTarget) CheckSpec(path string, p *spec.Problems) {
	checkSeparator(path, l.Separator, p)
	for _, twice := range record.Duplicates(l.Classes) {
		p.Add(path+".classes", "duplicate label %q", twice)
	}
	if len(l.Classes) == 1 {
		p.Add(path+".classes", "a single label is yes or no: type: binary")
	}
}

// Spelled are the words that the spec gives.
func (l *LabelsTarget) Spelled() []string { return l.Classes }

func (l *LabelsTarget) Encoder() TargetEncoder { return &LabelEncoder{} }

// Labels are those that the spec lists.
func (l *LabelsTarget) Labels() []string { return l.Classes }

// Fit learns the labels.
func (l *LabelsTarget) Fit(f *Fitting, c *table.Column) TargetEncoder {
	labels, rare := countLabels(f, c, l.Separator, l.MinCount)
	if len(l.Classes) > 0 {
		labels, rare = l.Classes, nil
	} else {
		warnCase(f, c.Name, labels)
	}
	counts, _ := f.words(c)
	warnSeparator(f, "target ", c.Name, l.Separator, counts)
	if len(labels) < 2 {
		f.Problem("", "column %q has only %s in the training split; fields list several with %s between them (separator)", c.Name, phrase.Count(len(labels), "label"), phrase.Quote(l.Separator))
		return nil
	}
	f.Note("target %s: any of %s%s", c.Name, phrase.Count(len(labels), "label"), leftOut(rare, l.MinCount))
	set := &labelSet{}
	for i, label := range labels {
		one := &LabelEncoder{Column: c.Name, Label: label, Separator: l.Separator}
		if i == 0 {
			one.Known = slices.Concat(labels, rare)
			one.Prepare()
		}
		set.each = append(set.each, one)
	}
	return set
}

// labelSet is a fitted LabelsTarget, of which each label is a column of its own.
type labelSet struct{ each []TargetEncoder }

func (s *labelSet) Kind() string                  { return "binary" }
func (s *labelSet) Encode(string) (uint32, error) { panic("column: each label is encoded by itself") }

// Each are the encoders of the labels, and their names.
func (s *labelSet) Each() (names []string, each []TargetEncoder) {
	for _, e := range s.each {
		names = append(names, e.(*LabelEncoder).Label)
	}
	return names, s.each
}

// LabelEncoder says whether a field lists a label.
type LabelEncoder struct {
	Column    string   `json:"column"`
	Label     string   `json:"label"`
	Separator string   `json:"separator"`
	Known     []string `json:"known,omitempty"` // of the first label: those that fields may list

	known index
}

func (e *LabelEncoder) Kind() string { return "binary" }
func (e *LabelEncoder) Prepare()     { e.known = newIndex(e.Known) }

func (e *LabelEncoder) Encode(field string) (cell uint32, err error) {
	if sameWord(field, e.Label) {
		return math.Float32bits(1), nil
	}
	if _, whole := e.known.of(field); whole {
		return 0, nil
	}
	for label := range labelsOf(field, e.Separator) {
		if label == e.Label || sameWord(label, e.Label) {
			cell = math.Float32bits(1)
		}
		if _, known := e.known.of(label); !known && len(e.Known) > 0 {
			return 0, Wrong(0, fmt.Sprintf("%s is not one of the %d labels of the training split%s (list them with classes)", phrase.Quote(label), len(e.Known), spelling(e.Known, label)))
		}
	}
	return cell, nil
}

// Words name no and yes.
func (e *LabelEncoder) Words() (negative, positive string) {
	return "not " + e.Label, cmp.Or(e.Label, "yes")
}

// List is the column that lists the label, and what stands between labels there.
func (e *LabelEncoder) List() (column, separator string) { return e.Column, e.Separator }
