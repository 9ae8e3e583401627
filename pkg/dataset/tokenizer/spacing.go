package tokenizer

import "strings"

// What a mark of punctuation does to the spaces around it when words are put together. All other words have a space on both
// sides.
const (
	closing = ".,;:!?)]}%…»”’'"          // no space before it
	opening = "([{¿¡«‹$£#"               // no space behind it
	joining = "-/_@\\，。、；：！？（）《》「」『』・～％" // no space on either side
)

// spacing puts words together as they are usually typed.
type spacing struct {
	last, before string // the word before, and the one before that
	tight        bool   // no space goes behind the last word
	quoted, low  bool   // a quotation has begun with " or with „
}

// glue returns the space before a word, if there is one.
func (s *spacing) glue(word string) string {
	before, behind := s.sides(word)
	if isOneOf(".,:", s.last) && isNumber(s.before) && isNumber(word) { // 3.5, 1,000, 10:30
		before = false
	}
	before = before && !s.tight && s.last != ""
	s.before, s.last, s.tight = s.last, word, !behind
	if before {
		return " "
	}
	return ""
}

// sides reports whether spaces go before a word and behind it.
func (s *spacing) sides(word string) (before, behind bool) {
	switch {
	case word == `"`: // the first one opens, the next one closes
		s.quoted = !s.quoted
		return s.quoted, !s.quoted
	case word == "„":
		s.low = true
		return true, false
	case word == "“": // closes in German, opens elsewhere
		closes := s.low
		s.low = false
		return !closes, closes
	case isOneOf(joining, word):
		return false, false
	}
	return !isOneOf(closing, word), !isOneOf(opening, word)
}

// isOneOf reports whether a word is one of some characters.
func isOneOf(characters, word string) bool {
	return word != "" && len(word) <= 4 && strings.Contains(characters, word)
}

// isNumber reports whether a word is a run of digits.
func isNumber(word string) bool {
	for _, r := range word {
		return classOf(r) == digit
	}
	return false
}
