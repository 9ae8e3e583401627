package tokenizer

import (
	"encoding/json"
	"fmt"
	"iter"
	"strings"
	"unicode/utf8"
)

func init() {
	Registry.Register("byte_bpe", "frequent runs of bytes are tokens, so that any text comes back exactly", &ByteBPE{}).
		Also("gpt2", "byte_level", "byte_level_bpe", "tiktoken")
}

// ByteBPE is byte-pair encoding as of GPT-2: it begins with the 256 bytes instead of characters, so no text has unknown tokens, and
// tokens put together are the text again, byte for byte: case, accents, spaces and line breaks. A token never reaches beyond a
// word with the space before it, a number, a run of punctuation or of white space.
//
// Tokens are called as in GPT-2's files, with a printable character for each byte: Ġ is a space, Ċ a line break.
//
// Source: Radford et al. 2019, "Language models are unsupervised multitask learners", section 2.2.
type ByteBPE struct {
	MinCount   int `default:"2" range:"[1,)" doc:"how often a pair must occur in the training split to become a token"`
	Vocabulary int `default:"8000" range:"[258,)" doc:"tokens in all: the 256 bytes, two reserved ones, and runs of bytes"`
}

// Cases are examples of it.
func (*ByteBPE) Cases() []Case {
	return []Case{
		{"byte_bpe", "low lower, lowest\n", []string{"low", "Ġlower", ",", "Ġlowest", "Ċ"}},
	}
}

// Sized returns the settings with another number of tokens.
func (t *ByteBPE) Sized(most int) Tokenizer {
	other := *t
	other.Vocabulary = most
	return &other
}

// Empty is for JSON to fill.
func (*ByteBPE) Empty() Fitted { return &byteRuns{} }

// Exactly is the tokenizer itself.
func (p *ByteBPE) Exactly() Tokenizer { return p }

// Fit learns which bytes to join.
func (p *ByteBPE) Fit(texts iter.Seq[string]) Fitted {
	counts := map[string]int{}
	for text := range texts {
		for word := range pretokens(text) {
			counts[word]++
		}
	}
	f := &byteRuns{pairs: learnPairs(counts, singleBytes, p.MinCount, p.Vocabulary-reserved-256)}
	f.prepare()
	return f
}

// byteRuns is a fitted ByteBPE.
type byteRuns struct {
	pairs      []pair // of bytes, not of their names
	vocabulary vocabulary
	merges     merges
	whole      map[string]bool // runs that are joined to one when they are a word of their own: most words
}

func (f *byteRuns) prepare() {
	runs := make([]string, 0, 256+len(f.pairs))
	for b := range 256 {
		runs = append(runs, string([]byte{byte(b)}))
	}
	have := make(map[string]bool, len(f.pairs))
	for _, p := range f.pairs {
		if run := p[0] + p[1]; !have[run] { // two pairs may make the same run
			have[run] = true
			runs = append(runs, run)
		}
	}
	f.vocabulary, f.merges, f.whole = indexed(runs), newMerges(f.pairs), map[string]bool{}
	for run := range have {
		f.whole[run] = len(f.merges.cut(singleBytes(run))) == 1
	}
}

// cut cuts a word into runs, the pairs that were joined first going first.
func (f *byteRuns) cut(word string) []string {
	if f.whole[word] {
		return []string{word}
	}
	return f.merges.cut(singleBytes(word))
}

// MarshalJSON writes the pairs in the order in which they were joined, by the names of their bytes.
func (f *byteRuns) MarshalJSON() ([]byte, error) {
	pairs := make([]pair, len(f.pairs))
	for i, p := range f.pairs {
		pairs[i] = pair{byteName(p[0]), byteName(p[1])}
	}
	return json.Marshal(map[string][]pair{"pairs": pairs})
}

// UnmarshalJSON reads what was marshalled and makes the index.
func (f *byteRuns) UnmarshalJSON(data []byte) error {
	var file struct{ Pairs []pair }
	if err := json.Unmarshal(data, &file); err != nil {
		return err
	}
	f.pairs = make([]pair, len(file.Pairs))
	for i, p := range file.Pairs {
		for k, name := range p {
			bytes, ok := namedBytes(name)
			if !ok || name == "" {
				return fmt.Errorf("%q is no run of bytes", name)
			}
			f.pairs[i][k] = bytes
		}
	}
	f.prepare()
	return nil
}

// Encode joins the bytes of each word as in training.
func (f *byteRuns) Encode(tokens []uint32, text string) []uint32 {
	for word := range pretokens(text) {
		for _, run := range f.cut(word) {
			tokens = append(tokens, f.vocabulary.of(run))
		}
	}
	return tokens
}

// Pieces lists the runs of bytes; a character may reach over several.
func (f *byteRuns) Pieces(text string) (list []string) {
	for word := range pretokens(text) {
		list = append(list, f.cut(word)...)
	}
	return list
}

// Tokens lists bytes and runs of them by their names.
func (f *byteRuns) Tokens() []string {
	names := f.vocabulary.tokens()
	for i := reserved; i < len(names); i++ {
		names[i] = byteName(names[i])
	}
	return names
}

// exact reports that texts come back as they are.
func (*byteRuns) exact() bool { return true }

func singleBytes(word string) []string {
	list := make([]string, len(word))
	for i := range list {
		list[i] = word[i : i+1]
	}
	return list
}

// Decoder puts runs of bytes one behind the other, whole characters at a time.
func (f *byteRuns) Decoder() Decoder { return &byteDecoder{vocabulary: &f.vocabulary} }

// byteDecoder holds back the beginning of a character until the rest follows.
type byteDecoder struct {
	vocabulary *vocabulary
	held       string
}

func (d *byteDecoder) Next(token uint32) string {
	run, _ := d.vocabulary.spelled(token)
	text := d.held + run
	end := len(text)
	for i := max(0, end-utf8.UTFMax+1); i < end; i++ {
		if utf8.RuneStart(text[i]) && !utf8.FullRuneInString(text[i:]) {
			end = i
		}
	}
	d.held = text[end:]
	return strings.ToValidUTF8(text[:end], UnknownText)
}

func (d *byteDecoder) End() string {
	text := strings.ToValidUTF8(d.held, UnknownText)
	d.held = ""
	return text
}

// byteNames are printable characters for the bytes: those that are printable themselves, and from U+0100 on for the others.
var byteNames = func() (names [256]rune) {
	next := rune(0x100)
	for b := range names {
		switch r := rune(b); {
		case r >= '!' && r <= '~', r >= '¡' && r <= '¬', r >= '®':
			names[b] = r
		default:
			names[b] = next
			next++
		}
	}
	return names
}()

// byteName is a run of bytes in printable characters.
func byteName(run string) string {
	name := make([]rune, len(run))
	for i := range name {
		name[i] = byteNames[run[i]]
	}
	return string(name)
}

// namedBytes is the run of bytes of a name.
func namedBytes(name string) (string, bool) {
	run := make([]byte, 0, len(name))
	for _, r := range name {
		found := false
		for b, n := range byteNames {
			if n == r {
				run, found = append(run, byte(b)), true
			}
		}
		if !found {
			return "", false
		}
	}
	return string(run), true
}
