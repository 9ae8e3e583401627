package column

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/numeral"
	"dnn/pkg/dataset/table"
	"dnn/pkg/spec"
)

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
	Positive  []string `json:"positive"`
	Negative  string   `json:"negative"`            // the most frequent word that is not positive; its name in reports
	Negatives []string `json:"negatives,omitempty"` // all of them, where there are several
	Strict    bool     `json:"strict,omitempty"`    // a word that is neither is an error; not so in models of earlier versions
}

// wanted is what a spec says of the two words.
type wanted struct {
	positive, negative []string
	target             bool
}

// checkWords requires positive for negative, and no word in both.
func checkWords(path string, positive, negative []string, p *spec.Problems) {
	if len(negative) > 0 && len(positive) == 0 {
		p.Add(path, "negative needs positive, too: the words that mean yes")
	}
	for _, w := range negative {
		if among(positive, w) {
			p.Add(path+".negative", "%s is in positive, too", phrase.Quote(w))
		}
	}
}

// Words that mean yes and no, in small letters.
var (
	yes = strings.Fields("1 true yes y t on + positive pos present ja oui si sí sì sim да tak はい 是")
	no  = strings.Fields("0 false no off - − – negative neg absent none nein non não nao нет nie normal benign いいえ 否")
)

// fitTwoWords learns the two words of a column.
func fitTwoWords(f *Fitting, c *table.Column, want wanted, counts map[string]int) (w twoWords, ok bool) {
	if len(want.positive) > 0 {
		return fitListed(f, c, want, counts)
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

// fitListed learns the words of a column besides those that the spec lists. Several are a mistake of a target unless the spec lists
// them: a word in another spelling would silently count as no.
func fitListed(f *Fitting, c *table.Column, want wanted, counts map[string]int) (w twoWords, ok bool) {
	w.Positive = want.positive
	all := everyWord(c, math.MaxInt)
	if len(want.positive) == 1 && len(want.negative) == 0 {
		FoldBooleans(counts, want.positive...)
		FoldBooleans(all, want.positive...)
	}
	seen := 0
	for word, n := range counts {
		if among(want.positive, word) {
			seen += n
		}
	}
	if seen == 0 {
		words := sortWords(keysOf(counts))
		f.Problem("positive", "no row of the training split has %s in column %q (its words: %s)%s", strings.Join(want.positive, " or "), c.Name, phrase.Few(words), spelling(words, want.positive...))
		return w, false
	}
	others := slices.DeleteFunc(different(all), func(word string) bool { return among(want.positive, word) })
	for _, word := range others {
		if w.Negative == "" || counts[word] > counts[w.Negative] {
			w.Negative = word
		}
	}
	w.Strict = len(others) == 1
	if len(want.negative) > 0 {
		w.Negatives, w.Strict = want.negative, true
		if !among(want.negative, w.Negative) {
			w.Negative = want.negative[0]
		}
		others = slices.DeleteFunc(others, func(word string) bool { return among(want.negative, word) })
		if len(others) > 0 {
			f.Problem("", "column %q has words in neither positive nor negative: %s; list each in one of them, or name gaps in missing_values", c.Name, counted(others, all, &w))
			return w, false
		}
		return w, true
	}
	if len(others) < 2 {
		return w, true
	}
	list := counted(others, all, &w)
	if want.target {
		f.Problem("", "column %q has %d words besides positive: %s; list with negative those that mean no, and name gaps in missing_values", c.Name, len(others), list)
		return w, false
	}
	f.Warn("%s: %d words besides positive are all 0: %s; list them with negative if that is meant", c.Name, len(others), list)
	w.Negatives = others
	return w, true
}

// counted lists the first words with their rows, and of which known word each is another spelling.
func counted(words []string, counts map[string]int, known *twoWords) string {
	var list []string
	for _, w := range words[:min(len(words), phrase.Examples)] {
		list = append(list, fmt.Sprintf("%s (%s)%s", phrase.Quote(w), phrase.Count(counts[w], "row"), spelling(known.Positive, w)))
	}
	if rest := len(words) - len(list); rest > 0 {
		list = append(list, fmt.Sprintf("and %d more", rest))
	}
	return strings.Join(list, ", ")
}

// spelling asks whether another word is meant, where one differs in case only.
func spelling(known []string, words ...string) string {
	for _, word := range words {
		for _, k := range known {
			if k != word && strings.EqualFold(k, word) {
				return fmt.Sprintf(" (did you mean %s?)", k)
			}
		}
	}
	return ""
}

// among reports whether a word is in a list, or writes the same number as one.
func among(list []string, word string) bool {
	return slices.ContainsFunc(list, func(w string) bool { return sameWord(w, word) })
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
	return among(list, strings.ToLower(word))
}

// sameWord reports whether two words are the same, or write the same number: 1 and 1.0.
func sameWord(a, b string) bool {
	if a == b {
		return true
	}
	x, first := numeral.Parse(a)
	y, second := numeral.Parse(b)
	return first && second && x == y
}

// everyWord counts the words of a column in all rows of its table, so that what is inferred of them does not depend on how rows are
// split. A column with more different ones than most has none.
func everyWord(c *table.Column, most int) map[string]int {
	counts, _ := c.Count(c.AllRows(), most)
	if len(counts) > most {
		return nil
	}
	return counts
}

// different lists words sorted, those that write the same number once, as the first one does, and spellings of true and false once.
// The counts of the others are added to it.
func different(counts map[string]int) (list []string) {
	FoldBooleans(counts)
	byNumber := map[float64]string{}
	for _, w := range sortWords(keysOf(counts)) {
		x, ok := numeral.Parse(w)
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
	field = w.known(field)
	if among(w.Positive, field) {
		return 1, nil
	}
	if w.Strict && w.Unknown(field) {
		return 0, fmt.Errorf("%s is neither %q nor %q%s", phrase.Quote(field), w.Positive[0], w.Negative, spelling(slices.Concat(w.Positive, w.Negatives, []string{w.Negative}), field))
	}
	return 0, nil
}

// Unknown reports whether training knew a word neither as yes nor as no.
func (w *twoWords) Unknown(field string) bool {
	field = w.known(field)
	return w.Negative != "" && !sameWord(field, w.Negative) && !among(w.Positive, field) && !among(w.Negatives, field)
}

// known is the word of training that a field writes in other letters, where the two are true and false; else the field.
func (w *twoWords) known(field string) string {
	if len(w.Positive) != 1 || len(w.Negatives) > 0 || !Booleans([]string{w.Positive[0], w.Negative}) {
		return field
	}
	for _, word := range []string{w.Positive[0], w.Negative} {
		if sameBoolean(word, field) {
			return word
		}
	}
	return field
}
