package tokenizer

import (
	"encoding/json"
	"iter"
	"strings"
)

func init() {
	Registry.Register("bpe", "frequent pieces of words are tokens, learned by byte-pair encoding", &BPE{}).
		Also("subword", "byte_pair", "sentencepiece")
}

// BPE makes tokens of frequent pieces of words: beginning with characters, the pair of neighbouring pieces that occurs
// most often becomes a piece of its own, again and again, until the vocabulary is full. Frequent words end as one token,
// rare ones as several, and no word is unknown whose characters are known. A piece that begins a word holds the blank
// before it; pieces never reach beyond a word.
//
// Source: Sennrich, Haddow & Birch 2016, "Neural machine translation of rare words with subword units", algorithm 1.
type BPE struct {
	Lowercase  bool `default:"false" doc:"ignore case"`
	MinCount   int  `default:"2" range:"[1,)" doc:"how often a pair must occur in the training split to become a piece"`
	Vocabulary int  `default:"4000" range:"[1,)" doc:"tokens in all: characters and pieces"`
}

// Cases are examples of it.
func (*BPE) Cases() []Case {
	return []Case{
		{"bpe", "low lower lowest", []string{" low", " lower", " lowest"}},
	}
}

// Sized returns the settings with another number of tokens.
func (t *BPE) Sized(most int) Tokenizer {
	other := *t
	other.Vocabulary = most
	return &other
}

// Empty is for JSON to fill.
func (*BPE) Empty() Fitted { return &pieces{} }

// Fit learns the pieces.
func (p *BPE) Fit(texts iter.Seq[string]) Fitted {
	counts, alphabet := map[string]int{}, map[string]int{}
	for text := range texts {
		for word := range spaced(normalize(text, p.Lowercase)) {
			counts[word]++
		}
	}
	for word, n := range counts {
		for _, r := range word {
			alphabet[string(r)] += n
		}
	}
	f := &pieces{Lowercase: p.Lowercase}
	f.Characters = newVocabulary(alphabet, 1, max(1, p.Vocabulary)).words
	f.Pairs = learnPairs(counts, characters, p.MinCount, p.Vocabulary-len(f.Characters)-reserved)
	f.prepare()
	return f
}

// spaced yields the words of a text, each with the blank before it; the first has one too.
func spaced(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, field := range strings.Fields(text) {
			first := true
			for word := range split(field) {
				if first {
					word = " " + word
				}
				first = false
				if !yield(word) {
					return
				}
			}
		}
	}
}

// pieces is a fitted BPE.
type pieces struct {
	Lowercase  bool     `json:"lowercase,omitempty"`
	Characters []string `json:"characters"` // the first tokens
	Pairs      []pair   `json:"pairs"`      // in the order in which they were joined: the next tokens

	vocabulary vocabulary
	merges     merges
}

func (f *pieces) prepare() {
	words := append([]string{}, f.Characters...)
	for _, p := range f.Pairs {
		words = append(words, p[0]+p[1])
	}
	f.vocabulary, f.merges = indexed(words), newMerges(f.Pairs)
}

// UnmarshalJSON reads what was marshalled and makes the index.
func (f *pieces) UnmarshalJSON(data []byte) error {
	type plain pieces
	err := json.Unmarshal(data, (*plain)(f))
	f.prepare()
	return err
}

// Encode cuts each word into characters and joins them as in training, the pairs that were joined first going first.
func (f *pieces) Encode(tokens []uint32, text string) []uint32 {
	for word := range spaced(normalize(text, f.Lowercase)) {
		if t, ok := f.vocabulary.index[word]; ok {
			tokens = append(tokens, t)
			continue
		}
		for _, piece := range f.merges.cut(characters(word)) {
			tokens = append(tokens, f.vocabulary.of(piece))
		}
	}
	return tokens
}

// Decoder puts pieces one behind the other. The space before the first word is none of the text.
func (f *pieces) Decoder() Decoder { return &unindented{follow: follow{&f.vocabulary, nothing}} }

// unindented is a Decoder that leaves out the space before the first word.
type unindented struct {
	follow
	begun bool
}

func (u *unindented) Next(token uint32) string {
	text := u.follow.Next(token)
	if !u.begun {
		text = strings.TrimPrefix(text, " ")
		u.begun = text != ""
	}
	return text
}

// Pieces lists the pieces of the text; one that begins a word holds the blank before it.
func (f *pieces) Pieces(text string) (list []string) {
	for word := range spaced(normalize(text, f.Lowercase)) {
		if _, whole := f.vocabulary.index[word]; whole {
			list = append(list, word)
			continue
		}
		list = append(list, f.merges.cut(characters(word))...)
	}
	return list
}

// Tokens lists characters and pieces.
func (f *pieces) Tokens() []string { return f.vocabulary.tokens() }

func characters(word string) (list []string) {
	for _, r := range word {
		list = append(list, string(r))
	}
	return list
}
