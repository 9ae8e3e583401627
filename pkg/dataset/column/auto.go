package column

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/image"
	"dnn/pkg/dataset/numeral"
	"dnn/pkg/dataset/table"
	"dnn/pkg/spec"
)

func init() {
	Types.Register("auto", "number, category or text, inferred from the training split", &Auto{})
	TargetTypes.Register("auto", "number or category, inferred from the training split", &AutoTarget{})
}

// Auto infers the type of each column from the training split:
//
//	number    each field is a number or a gap
//	text      a column of its own whose fields are sentences: most differ, and they have six words or more on average, most of them
//	          with letters
//	category  any other, with at most 100 words
//
// Images are images. The notes say what was inferred, and why.
type Auto struct {
	Missing string `default:"default" oneof:"default|mode|drop_row|error" doc:"how to fill a gap; default: the mean of a number, a separate class of a category"`
}

// autoCategories is the most words of an inferred category.
const autoCategories = 100

// Numbers reports that fields may be numbers.
func (a *Auto) Numbers() bool { return false }

// Spelled reports that the spec gives no words.
func (a *Auto) Spelled() []string { return nil }

func (a *Auto) Drops() bool      { return a.Missing == "drop_row" }
func (a *Auto) Flat() bool       { return true }
func (a *Auto) Encoder() Encoder { return &AutoEncoder{} }

func (a *Auto) Fit(f *Fitting, columns []*table.Column) Encoder {
	if !columns[0].IsText() {
		return spec.New[Type]("image").Fit(f, columns)
	}
	if len(columns) == 1 {
		if words := f.wordsPerField(columns[0]); words > 0 && a.Missing != "mode" {
			return a.text(f, columns[0], words)
		}
	}
	types := make([]Type, len(columns))
	alike := true
	for i, c := range columns {
		if types[i] = a.typeOf(f, c); types[i] == nil {
			return nil
		}
		alike = alike && spec.KeyOf(types[i]) == spec.KeyOf(types[0])
	}
	if alike {
		return types[0].Fit(f, columns)
	}
	e := &AutoEncoder{}
	for i := range columns {
		one := *f
		one.Given = f.Given.only(i)
		own, ok := types[i].Fit(&one, columns[i:i+1]).(FieldEncoder)
		if !ok {
			return nil
		}
		e.Columns = append(e.Columns, autoColumn{own})
	}
	return e
}

// text is the fitted input of a column of sentences.
func (a *Auto) text(f *Fitting, c *table.Column, words int) Encoder {
	f.Note("%s: text, %d words per field on average, and most fields differ", c.Name, words)
	remember(f, fmt.Sprintf("%s is inferred to be free text, of %d words per field on average; {column: %s, type: category} reads a field as one word, and inputs: [{columns: [\"*\", %q]}] leaves it out",
		c.Name, words, c.Name, "!"+c.Name))
	t := spec.New[Type]("text").(*Text)
	if a.Missing != "default" {
		t.Missing = a.Missing
	}
	return t.Fit(f, []*table.Column{c})
}

// typeOf is the type of one column, or of one of several; nil with a mistake.
func (a *Auto) typeOf(f *Fitting, c *table.Column) Type {
	if !c.IsText() {
		f.Problem("", "column %q holds images; make it an input of its own", c.Name)
		return nil
	}
	if words := f.wordsPerField(c); words > 0 && a.Missing != "mode" {
		f.Problem("", "column %q holds free text (%d words per field on average, and most fields differ), which cannot be joined with other columns; leave it out with %q, or make it an input of its own: {column: %s, type: text}",
			c.Name, words, "!"+c.Name, c.Name)
		return nil
	}
	if f.isNumber(c, "") {
		n := spec.New[Type]("number").(*Number)
		if a.Missing != "default" {
			n.Missing = a.Missing
		}
		return n
	}
	t := spec.New[Type]("category").(*Category)
	t.MaxCategories = autoCategories
	if a.Missing != "default" {
		t.Missing = a.Missing
	}
	return t
}

// AutoTarget infers the type of the target: binary if it has two different words or whole numbers, unless each step of a row has one, a number if every field is one, otherwise a
// category. Numbers that name more than two classes need type: category.
type AutoTarget struct{}

// Numbers reports that fields may be numbers.
func (a *AutoTarget) Numbers() bool { return false }

// Spelled reports that the spec gives no words.
func (a *AutoTarget) Spelled() []string { return nil }

func (a *AutoTarget) Encoder() TargetEncoder { return nil }

func (a *AutoTarget) Fit(f *Fitting, column *table.Column) TargetEncoder {
	if !f.Spec.Steps && twoClasses(everyWord(column, fewRows)) {
		e := spec.New[TargetType]("binary").Fit(f, column)
		remember(f, "inferred from its two values; type: category makes two classes of them")
		return e
	}
	if f.isNumber(column, "target ") {
		return spec.New[TargetType]("number").Fit(f, column)
	}
	return spec.New[TargetType]("category").Fit(f, column)
}

// twoClasses reports whether there are two different words, or two different whole numbers.
func twoClasses(counts map[string]int) bool {
	list := different(counts)
	return len(list) == 2 && !slices.ContainsFunc(list, func(w string) bool {
		x, number := numeral.Parse(w)
		return number && x != math.Trunc(x)
	})
}

// remember keeps why a type was inferred, for mistakes that follow from it.
func remember(f *Fitting, why string) {
	if f.Findings.Inferred == nil {
		f.Findings.Inferred = map[string]string{}
	}
	f.Findings.Inferred[f.Path] = why
}

// isNumber reports whether a column holds numbers, and notes why.
func (f *Fitting) isNumber(c *table.Column, what string) bool {
	numbers, gaps := f.numbers(c)
	rows, whole := len(f.Rows)-gaps, true
	if rows == 0 {
		f.Note("%s%s: number, though it is empty in the training split", what, c.Name)
		return true
	}
	if len(numbers) < rows {
		noteWords(f, c, what)
		return false
	}
	low, high := math.Inf(1), math.Inf(-1)
	for _, x := range numbers {
		whole = whole && x == math.Trunc(x)
		low, high = min(low, x), max(high, x)
	}
	if what == "" {
		f.Findings.Numbers = append(f.Findings.Numbers, InferredNumber{c.Name, low, high})
	} else {
		f.Note("%s%s: number, %s to %s", what, c.Name, phrase.Number(low), phrase.Number(high))
	}
	switch {
	case what == "" && whole && rows >= fewRows && (looksLikeID(c.Name) || high-low == float64(rows-1) || c.RowNumbers(c.Len())) && allDiffer(f, c):
		f.Warn("%s looks like an id: each row has a different whole number; list the inputs to leave it out", c.Name)
	case what != "" && whole:
		if words, _ := c.Count(f.Rows, mostNames); len(words) <= mostNames {
			f.warnTarget(c.Name, words)
		}
	}
	return true
}

// allDiffer reports whether no two fields of a column are the same.
func allDiffer(f *Fitting, c *table.Column) bool {
	words, gaps := f.words(c)
	return len(words) == len(f.Rows)-gaps
}

// noteWords notes why a column holds words.
func noteWords(f *Fitting, c *table.Column, what string) {
	words, gaps := f.words(c)
	var odd []string // words that are not numbers
	oddRows := 0
	for w, n := range words {
		if _, ok := numeral.Parse(w); !ok {
			odd = append(odd, w)
			oddRows += n
		}
	}
	f.Note("%s%s: category, %s", what, c.Name, phrase.Count(len(words), "different word"))
	warnOdd(f, c.Name, what, words, odd, len(f.Rows)-gaps, oddRows)
}

// warnOdd warns of a column of words some of which are numbers, or have the form of something else.
func warnOdd(f *Fitting, name, what string, words map[string]int, odd []string, rows, oddRows int) {
	if what == "" && !slices.ContainsFunc(odd, func(w string) bool { return !image.IsName(w) }) {
		f.Warn("%s seems to name image files; {column: %s, type: image} reads them", name, name)
	}
	numbers := len(words) - len(odd)
	switch {
	case f.warnForm(what, name, words):
		f.Findings.Warned[name] = true
	case rows >= fewRows && (oddRows*5 < rows || numbers >= 10*len(odd)):
		f.Findings.Warned[name] = true
		gaps := "are gaps, name them"
		if len(odd) == 1 {
			gaps = "is a gap, name it"
		}
		f.Warn("%s%s is read as words, but %d of %d fields are numbers; if %s %s in missing_values", what, name, rows-oddRows, rows, phrase.Few(sortWords(odd)), gaps)
	}
}

func looksLikeID(name string) bool {
	name = strings.ToLower(name)
	return name == "id" || name == "index" || name == "instant" || name == "rownames" || strings.HasSuffix(name, "_id") || strings.HasSuffix(name, "id") && len(name) > 5
}
