package column

import (
	"math"
	"slices"
	"strings"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/image"
	"dnn/pkg/dataset/table"
	"dnn/pkg/spec"
)

func init() {
	Types.Register("auto", "number, category or text, inferred from the training split", &Auto{})
	TargetTypes.Register("auto", "number or category, inferred from the training split", &AutoTarget{})
}

// Auto infers the type of an input from the training split. A column in which every field is a number or a gap is a
// number; any other is a category with at most 100 words; images are images. A column that the spec names, and whose
// fields are clearly sentences, is a text: nearly all are different, and they have at least six words on average. The
// notes say what was inferred, and why.
type Auto struct {
	Missing string `default:"default" oneof:"default|mode|drop_row|error" doc:"how to fill a gap; default: the mean of a number, a separate class of a category"`
}

// autoCategories is the most words of an inferred category.
const autoCategories = 100

func (a *Auto) Drops() bool      { return a.Missing == "drop_row" }
func (a *Auto) Flat() bool       { return true }
func (a *Auto) Encoder() Encoder { return nil }

func (a *Auto) Fit(f *Fitting, columns []*table.Column) Encoder {
	if !columns[0].IsText() {
		return spec.New[Type]("image").Fit(f, columns)
	}
	if len(columns) == 1 && f.Spec.Named && (a.Missing == "default" || a.Missing == "drop_row" || a.Missing == "error") {
		if words := f.wordsPerField(columns[0]); words > 0 {
			f.Note("%s: text, %d words per field on average; {column: %s, type: category} reads each field as one word", columns[0].Name, words, columns[0].Name)
			t := spec.New[Type]("text").(*Text)
			if a.Missing != "default" {
				t.Missing = a.Missing
			}
			return t.Fit(f, columns)
		}
	}
	numbers := true
	for _, c := range columns {
		if c.IsText() && !f.infer(c, "") {
			numbers = false
		}
	}
	if numbers {
		n := spec.New[Type]("number").(*Number)
		if a.Missing != "default" {
			n.Missing = a.Missing
		}
		return n.Fit(f, columns)
	}
	c := spec.New[Type]("category").(*Category)
	c.MaxCategories = autoCategories
	if a.Missing != "default" {
		c.Missing = a.Missing
	}
	return c.Fit(f, columns)
}

// AutoTarget infers the type of the target: a number if every field is one, otherwise a category. Numbers that name
// classes need type: category; two words that mean yes and no may be type: binary.
type AutoTarget struct{}

func (a *AutoTarget) Encoder() TargetEncoder { return nil }

func (a *AutoTarget) Fit(f *Fitting, column *table.Column) TargetEncoder {
	if f.infer(column, "target ") {
		return spec.New[TargetType]("number").Fit(f, column)
	}
	return spec.New[TargetType]("category").Fit(f, column)
}

// infer reports whether a column holds numbers, and notes why.
func (f *Fitting) infer(c *table.Column, what string) (isNumber bool) {
	words, gaps := f.words(c)
	var odd []string // words that are not numbers
	rows, oddRows, whole := len(f.Rows)-gaps, 0, true
	low, high := math.Inf(1), math.Inf(-1)
	for w, n := range words {
		x, ok := table.ParseNumber(w)
		if !ok {
			odd = append(odd, w)
			oddRows += n
			continue
		}
		whole = whole && x == math.Trunc(x)
		low, high = min(low, x), max(high, x)
	}
	if len(words) == 0 {
		f.Note("%s%s: number, though it is empty in the training split", what, c.Name)
		return true
	}
	if len(odd) > 0 {
		f.Note("%s%s: category, %s", what, c.Name, phrase.Count(len(words), "different word"))
		if what == "" && !slices.ContainsFunc(odd, func(w string) bool { return !image.IsName(w) }) {
			f.Warn("%s seems to name image files; {column: %s, type: image} reads them", c.Name, c.Name)
		}
		if f.warnForm(what, c.Name, words) {
			f.Findings.Warned[c.Name] = true
		} else if n := f.wordsPerField(c); n > 0 && what == "" {
			f.Findings.Warned[c.Name] = true
			f.Warn("%s contains texts of %d words on average, but each is read as one word of a category; list the inputs with {column: %s, type: text}, or leave it out", c.Name, n, c.Name)
		} else if rows >= fewRows && oddRows*5 < rows {
			f.Findings.Warned[c.Name] = true
			f.Warn("%s%s is read as words, but %d of %d fields are numbers; if %s are gaps, name them in missing_values", what, c.Name, rows-oddRows, rows, phrase.Few(sortWords(odd)))
		}
		return false
	}
	if what == "" {
		f.Findings.Numbers = append(f.Findings.Numbers, InferredNumber{c.Name, low, high})
	} else {
		f.Note("%s%s: number, %s to %s", what, c.Name, phrase.Number(low), phrase.Number(high))
	}
	switch {
	case what == "" && whole && rows >= fewRows && len(words) == rows && (looksLikeID(c.Name) || high-low == float64(rows-1)):
		f.Warn("%s looks like an id: each row has a different whole number; list the inputs to leave it out", c.Name)
	case what != "" && whole:
		f.warnTarget(c.Name, words)
	}
	return true
}

func looksLikeID(name string) bool {
	name = strings.ToLower(name)
	return name == "id" || name == "index" || name == "instant" || name == "rownames" || strings.HasSuffix(name, "_id") || strings.HasSuffix(name, "id") && len(name) > 5
}
