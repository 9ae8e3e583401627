package metrics

import (
	"math"
	"regexp"
	"strings"
)

// errorRate is the accumulator of metrics that count the insertions, deletions and replacements between what was written and
// the reference, for each piece of the reference.
type errorRate struct {
	pieces           func(text string) []string
	errors, expected sum
	weight           sum
}

// AddTexts counts the errors of each text. Of several references, that with the lowest rate counts.
func (a *errorRate) AddTexts(t Texts) {
	t.each(func(prediction string, references []string, weight float64) {
		a.weight.add(weight)
		said := a.pieces(prediction)
		errors, expected := math.Inf(1), 1.0
		for _, text := range references {
			meant := a.pieces(text)
			e, n := float64(editDistance(said, meant)), float64(len(meant))
			if float64(e*max(1, expected)) < float64(errors*max(1, n)) {
				errors, expected = e, n
			}
		}
		a.errors.add(float64(weight * errors))
		a.expected.add(float64(weight * expected))
	})
}

// Result is the number of errors where all references are empty, as jiwer has it.
func (a *errorRate) Result() Result {
	switch {
	case a.weight.value() == 0:
		return number(math.NaN())
	case a.expected.value() == 0:
		return number(a.errors.value())
	}
	return number(a.errors.value() / a.expected.value())
}

// manySpaces are what jiwer takes for one space. A single line break or tab is not among them.
var manySpaces = regexp.MustCompile(`[\s\v\x1c-\x1f\x{85}\p{Z}]{2,}`)

// spacedWords are the words of a text between spaces.
func spacedWords(text string) []string {
	text = strings.TrimFunc(manySpaces.ReplaceAllString(text, " "), isSpace)
	return strings.FieldsFunc(text, func(r rune) bool { return r == ' ' })
}
