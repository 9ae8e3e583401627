package tokenizer

import (
	"encoding/json"
	"iter"
	"strings"
)

func init() {
	Registry.Register("char", "each character is a token", &Char{}).Also("character", "characters", "letter")
}

// Char makes each character of a text a token: a small vocabulary and long sequences, for names, codes and short texts. A
// character is a Unicode code point after normalization (NFC; each run of white space is one blank), or as it is typed.
type Char struct {
	Exact      bool `default:"false" doc:"keep line breaks, runs of spaces and the way accents are typed, for texts that are continued"`
	Lowercase  bool `default:"false" doc:"ignore case"`
	MinCount   int  `default:"1" range:"[1,)" doc:"how often a character must occur in the training split; rarer ones are unknown"`
	Vocabulary int  `default:"5000" range:"[1,)" doc:"the largest vocabulary; the most frequent characters are kept"`
}

// Cases are examples of it.
func (*Char) Cases() []Case {
	return []Case{
		{"{type: char, exact: true}", "a  b\n", []string{"a", " ", " ", "b", "\n"}},
		{"char", "it's 3", []string{"i", "t", "'", "s", " ", "3"}},
	}
}

// Sized returns the settings with another number of tokens.
func (t *Char) Sized(most int) Tokenizer {
	other := *t
	other.Vocabulary = most
	return &other
}

// Empty is for JSON to fill.
func (*Char) Empty() Fitted { return &chars{} }

// Fit counts characters.
func (c *Char) Fit(texts iter.Seq[string]) Fitted {
	counts := map[string]int{}
	for text := range texts {
		for _, r := range characterText(text, c.Exact, c.Lowercase) {
			counts[string(r)]++
		}
	}
	f := &chars{Exact: c.Exact, Lowercase: c.Lowercase}
	f.set(newVocabulary(counts, c.MinCount, c.Vocabulary))
	return f
}

// chars is a fitted Char.
type chars struct {
	Exact      bool   `json:"exact,omitempty"`
	Lowercase  bool   `json:"lowercase,omitempty"`
	Characters string `json:"characters"` // in the order of their tokens

	vocabulary vocabulary
	index      map[rune]uint32
}

func (f *chars) set(v vocabulary) {
	f.vocabulary, f.Characters, f.index = v, "", map[rune]uint32{}
	for i, w := range v.words {
		f.Characters += w
		for _, r := range w {
			f.index[r] = uint32(i + reserved)
		}
	}
}

// UnmarshalJSON reads what was marshalled and makes the index.
func (f *chars) UnmarshalJSON(data []byte) error {
	type plain chars
	if err := json.Unmarshal(data, (*plain)(f)); err != nil {
		return err
	}
	var words []string
	for _, r := range f.Characters {
		words = append(words, string(r))
	}
	f.set(indexed(words))
	return nil
}

// Exactly is the tokenizer with the setting exact.
func (c *Char) Exactly() Tokenizer {
	exact := *c
	exact.Exact = true
	return &exact
}

// exact reports whether texts come back as they are, but for their case.
func (f *chars) exact() bool { return f.Exact }

// characterText is the text whose characters are tokens.
func characterText(text string, exact, lower bool) string {
	switch {
	case !exact:
		return normalize(text, lower)
	case lower:
		return strings.ToLower(text)
	}
	return text
}

// Encode makes a token of each character.
func (f *chars) Encode(tokens []uint32, text string) []uint32 {
	for _, r := range characterText(text, f.Exact, f.Lowercase) {
		t, ok := f.index[r]
		if !ok {
			t = Unknown
		}
		tokens = append(tokens, t)
	}
	return tokens
}

// Decoder puts characters one behind the other.
func (f *chars) Decoder() Decoder { return &follow{&f.vocabulary, nothing} }

// Pieces lists the characters of the text.
func (f *chars) Pieces(text string) []string {
	return characters(characterText(text, f.Exact, f.Lowercase))
}

// Tokens lists the characters.
func (f *chars) Tokens() []string { return f.vocabulary.tokens() }
