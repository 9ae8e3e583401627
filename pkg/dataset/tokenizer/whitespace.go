package tokenizer

import (
	"encoding/json"
	"fmt"
	"iter"
	"strings"

	"golang.org/x/text/unicode/norm"
)

func init() {
	Registry.Register("whitespace", "what stands between white space is a token", &Whitespace{}).
		Also("blanks", "space", "list").Formerly("blank")
}

// Whitespace cuts a text at white space alone, for texts that are tokens already: words that are paired with tags, codes, notes.
// A field that is a JSON list has its entries as tokens, which may then hold spaces.
type Whitespace struct {
	Lowercase  bool `default:"false" doc:"ignore case"`
	MinCount   int  `default:"2" range:"[1,)" doc:"how often a token must occur in the training split; rarer ones are unknown"`
	Vocabulary int  `default:"20000" range:"[1,)" doc:"the largest vocabulary; the most frequent tokens are kept"`
}

// NeedsSpaces marks that words are found by the spaces between them.
func (w *Whitespace) NeedsSpaces() {}

// Cases are examples of it.
func (*Whitespace) Cases() []Case {
	return []Case{
		{"whitespace", "Don't stop: it's 12 o'clock", []string{"Don't", "stop:", "it's", "12", "o'clock"}},
		{"whitespace", `["New York", "is", "big"]`, []string{"New York", "is", "big"}},
	}
}

// Sized returns the settings with another number of tokens.
func (t *Whitespace) Sized(most int) Tokenizer {
	other := *t
	other.Vocabulary = most
	return &other
}

// Empty is for JSON to fill.
func (*Whitespace) Empty() Fitted { return &entries{} }

// Fit counts tokens.
func (t *Whitespace) Fit(texts iter.Seq[string]) Fitted {
	counts := map[string]int{}
	for text := range texts {
		for _, token := range listed(text, t.Lowercase) {
			counts[token]++
		}
	}
	f := &entries{Lowercase: t.Lowercase}
	f.vocabulary = newVocabulary(counts, t.MinCount, t.Vocabulary)
	f.List = f.vocabulary.words
	return f
}

// entries is a fitted Whitespace.
type entries struct {
	Lowercase bool     `json:"lowercase,omitempty"`
	List      []string `json:"list"` // in the order of their tokens

	vocabulary vocabulary
}

// UnmarshalJSON reads what was marshalled and makes the index.
func (f *entries) UnmarshalJSON(data []byte) error {
	type plain entries
	err := json.Unmarshal(data, (*plain)(f))
	f.vocabulary = indexed(f.List)
	return err
}

// Encode makes a token of each entry.
func (f *entries) Encode(tokens []uint32, text string) []uint32 {
	for _, token := range listed(text, f.Lowercase) {
		tokens = append(tokens, f.vocabulary.of(token))
	}
	return tokens
}

// Decoder puts a space between entries.
func (f *entries) Decoder() Decoder { return &follow{&f.vocabulary, spaces()} }

// Pieces lists the entries.
func (f *entries) Pieces(text string) []string { return listed(text, f.Lowercase) }

// Tokens lists the tokens.
func (f *entries) Tokens() []string { return f.vocabulary.tokens() }

// listed are the tokens of a text.
func listed(text string, lower bool) []string {
	var entries []any
	if strings.HasPrefix(text, "[") && strings.HasSuffix(text, "]") {
		d := json.NewDecoder(strings.NewReader(text))
		d.UseNumber() // keeps the digits
		if d.Decode(&entries) != nil || d.InputOffset() < int64(len(text)) {
			entries = nil
		} else if len(entries) == 0 {
			return nil
		}
	}
	if entries == nil {
		return strings.Fields(normalize(text, lower))
	}
	list := make([]string, len(entries))
	for i, e := range entries {
		if e == nil { // no word
			continue
		}
		if list[i] = norm.NFC.String(fmt.Sprint(e)); lower {
			list[i] = strings.ToLower(list[i])
		}
	}
	return list
}
