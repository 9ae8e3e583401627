package column

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/dates"
	"dnn/pkg/dataset/numeral"
	"dnn/pkg/dataset/record"
	"dnn/pkg/dataset/table"
)

// These warnings are about columns that can be read but hardly mean what they are taken for. For each column only the
// first that applies is given, the most specific one.

// fewRows is how many rows a column needs before its words are judged by their frequency.
const fewRows = 20

// looks returns a word like those of most rows, or "": nine of ten fields match the pattern or are numbers, and not all
// are numbers.
func looks(counts map[string]int, pattern *regexp.Regexp, numbersToo bool) (example string) {
	rows, alike, most := 0, 0, 0
	for w, n := range counts {
		rows += n
		if pattern.MatchString(w) {
			alike += n
			if n > most || n == most && w < example {
				example, most = w, n
			}
		} else if _, ok := numeral.Parse(w); ok && numbersToo {
			alike += n
		}
	}
	if alike*10 < rows*9 {
		return ""
	}
	return example
}

// jsonObject begins as an object of JSON does.
var jsonObject = regexp.MustCompile(`^\{\s*"`)

// warnForm warns of words that have the form of something else, and reports whether it did. what is "target " or
// nothing.
func (f *Fitting) warnForm(what, name string, counts map[string]int) bool {
	if w := looks(counts, jsonObject, false); w != "" {
		how := "write their values into columns of their own"
		if path := record.FirstPath(name, w); path != "" && f.Spec.Keyed {
			how = fmt.Sprintf("as a column of the inputs, %s reads a value within", path)
		}
		f.Warn("%s%s holds JSON objects, which are read as words; %s", what, name, how)
		return true
	}
	if w := looks(counts, numeral.CommaNumber, true); w != "" {
		f.Warn("%s%s looks like numbers written with commas (%s) and is read as words; decimal: \".\" or decimal: \",\" in dataset says how they are meant, or write %s", what, name, phrase.Quote(w), numeral.WithoutComma(w))
		return true
	}
	if w := looks(counts, dates.DateOrTime, false); w != "" && what == "" {
		f.Warn("%s looks like dates or times (%s) and is read as words, which later dates will not match; put year, month or weekday into separate columns, or list the inputs to leave it out", name, phrase.Quote(w))
		return true
	}
	return false
}

// warnWords warns of a category that is useless, or nearly so. kept are the words with a class.
func (f *Fitting) warnWords(name string, counts map[string]int, gaps, kept, least int) {
	rows := 0
	for _, n := range counts {
		rows += n
	}
	switch {
	case len(counts) == 1 && gaps == 0:
		f.Findings.Constants = append(f.Findings.Constants, name)
	case kept == 0 && len(counts) > 0:
		f.Findings.Useless = append(f.Findings.Useless, name)
		f.Warn("%s is useless: each of its %d words occurs in fewer than %d of %d rows, so all are in the class \"other\"; list the inputs to leave it out", name, len(counts), least, rows)
	case f.Findings.Warned[name]:
	case rows >= fewRows && len(counts)*2 > rows:
		f.Warn("%s looks like a name or an id: %d different words in %d rows; list the inputs to leave it out", name, len(counts), rows)
	}
}

// noteNumbers adds the constant columns of an input to the constants. Among many columns of one input, such as the
// pixels of an image, some constant ones are normal: they are only noted.
func (f *Fitting) noteNumbers(constant []string, columns int) {
	if len(constant) == columns {
		f.Findings.Constants = append(f.Findings.Constants, constant...)
	} else if len(constant) > 0 {
		f.Note("%s of %d that are constant in the training split: %s", phrase.Count(len(constant), "column"), columns, phrase.List(constant))
	}
}

// mostNames is how many different numbers may be the names of classes.
const mostNames = 20

// warnTarget warns of an inferred regression on numbers that look like names of classes.
func (f *Fitting) warnTarget(name string, counts map[string]int) {
	values := sortWords(keysOf(counts))
	rows := 0
	for _, n := range counts {
		rows += n
	}
	first, _ := numeral.Parse(values[0])
	last, _ := numeral.Parse(values[len(values)-1])
	switch {
	case len(values) == 2 && first == 0 && last == 1:
		f.Warn("target %s is 0 or 1 and is predicted as a number; for yes or no write target: {column: %s, type: binary} (or type: number, if that is intended)", name, name)
	case len(values) >= 2 && len(values) <= mostNames && rows >= 2*len(values):
		f.Warn("target %s has %d different whole numbers and is predicted as a number; if they name classes, write target: {column: %s, type: category} (or type: number, if that is intended)", name, len(values), name)
	}
}

func keysOf[V any](counts map[string]V) []string {
	words := make([]string, 0, len(counts))
	for w := range counts {
		words = append(words, w)
	}
	return words
}

// noNumber says that a column holds no number, and what it holds instead.
func (f *Fitting) noNumber(c *table.Column) string {
	text := fmt.Sprintf("column %q has no number in the training split", c.Name)
	counts, _ := f.words(c)
	words := keysOf(counts)
	slices.Sort(words)
	if len(words) == 0 {
		return text + ": all its fields are empty"
	}
	hint := ""
	for _, w := range words {
		if hint = numeral.CommaHint(w); hint != "" {
			hint += "; decimal: \".\" or decimal: \",\" in dataset says which"
			break
		}
	}
	return text + "; it holds " + phrase.Few(words[:min(3, len(words))]) + strings.Repeat(", …", min(1, max(0, len(words)-3))) + hint + dates.CalendarHint(words)
}
