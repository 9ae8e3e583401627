package tokenizer

import (
	"encoding/json"
	"iter"
	"slices"
	"unicode"
)

func init() {
	Registry.Register("word", "words, numbers and punctuation marks are tokens", &Word{}).Also("words")
}

// Word makes tokens of words (letters and marks with apostrophes within), of runs of digits, and of each other character
// that is no blank.
type Word struct {
	Lowercase  bool `default:"true" doc:"ignore case"`
	MinCount   int  `default:"2" range:"[1,)" doc:"how often a word must occur in the training split; rarer ones are unknown"`
	Vocabulary int  `default:"20000" range:"[1,)" doc:"the largest vocabulary; the most frequent words are kept"`
}

// NeedsSpaces marks that words are found by the spaces between them.
func (w *Word) NeedsSpaces() {}

// Cases are examples of it.
func (*Word) Cases() []Case {
	return []Case{
		{"word", "Don't stop: it's 12 o'clock", []string{"don't", "stop", ":", "it's", "12", "o'clock"}},
	}
}

// Sized returns the settings with another number of tokens.
func (t *Word) Sized(most int) Tokenizer {
	other := *t
	other.Vocabulary = most
	return &other
}

// Empty is for JSON to fill.
func (*Word) Empty() Fitted { return &words{} }

// Fit counts words.
func (w *Word) Fit(texts iter.Seq[string]) Fitted {
	counts := map[string]int{}
	for text := range texts {
		for word := range split(normalize(text, w.Lowercase)) {
			counts[word]++
		}
	}
	f := &words{Lowercase: w.Lowercase}
	f.vocabulary = newVocabulary(counts, w.MinCount, w.Vocabulary)
	f.Words = f.vocabulary.words
	return f
}

// words is a fitted Word.
type words struct {
	Lowercase bool     `json:"lowercase,omitempty"`
	Words     []string `json:"words"` // in the order of their tokens

	vocabulary vocabulary
}

// UnmarshalJSON reads what was marshalled and makes the index.
func (f *words) UnmarshalJSON(data []byte) error {
	type plain words
	err := json.Unmarshal(data, (*plain)(f))
	f.vocabulary = indexed(f.Words)
	return err
}

// Encode makes a token of each word.
func (f *words) Encode(tokens []uint32, text string) []uint32 {
	for word := range split(normalize(text, f.Lowercase)) {
		tokens = append(tokens, f.vocabulary.of(word))
	}
	return tokens
}

// Decoder puts words together with the spaces that are usual around punctuation.
func (f *words) Decoder() Decoder {
	s := &spacing{}
	return &follow{&f.vocabulary, s.glue}
}

// Pieces lists the words of the text.
func (f *words) Pieces(text string) []string {
	return slices.Collect(split(normalize(text, f.Lowercase)))
}

// Tokens lists the words.
func (f *words) Tokens() []string { return f.vocabulary.tokens() }

// class is what characters of one word have in common.
type class uint8

const (
	blank class = iota
	letter
	digit
	other
)

func classOf(r rune) class {
	switch {
	case unicode.IsSpace(r):
		return blank
	case unicode.IsLetter(r) || unicode.IsMark(r):
		return letter
	case unicode.IsDigit(r):
		return digit
	}
	return other
}

// split yields the words of a text.
func split(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		start, in := 0, blank
		for i, r := range text {
			c := classOf(r)
			if c == other && in == letter && (r == '\'' || r == '’') && letterAfter(text[i:]) {
				c = letter
			}
			if c == in && c != other {
				continue
			}
			if in != blank && !yield(text[start:i]) {
				return
			}
			start, in = i, c
		}
		if in != blank {
			yield(text[start:])
		}
	}
}

// letterAfter reports whether the second character of a text is a letter.
func letterAfter(text string) bool {
	n := 0
	for _, r := range text {
		if n++; n == 2 {
			return classOf(r) == letter
		}
	}
	return false
}
