// Package tokenizer cuts texts into tokens, whole numbers for an embedding layer. Each kind is one file.
package tokenizer

import (
	"cmp"
	"encoding/json"
	"fmt"
	"iter"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"dnn/internal/registry"
	"dnn/pkg/spec"
)

// Tokenizer is the settings of one kind.
type Tokenizer interface {
	// Fit learns the vocabulary from the texts of the training split. What it returns marshals to JSON.
	Fit(texts iter.Seq[string]) Fitted
	// Empty returns a Fitted for JSON to fill.
	Empty() Fitted
	// Sized returns the same settings with at most so many tokens.
	Sized(most int) Tokenizer
	// Cases are examples of the kind.
	Cases() []Case
}

// Case is an example of a tokenizer: the tokens of a text, once three such texts were learned from.
type Case struct {
	Spec, Text string
	Tokens     []string
}

// Exacter is implemented by kinds that can keep a text as it is, line breaks and spaces included, for texts that are
// continued.
type Exacter interface {
	// Exactly returns the settings with which it does.
	Exactly() Tokenizer
}

// Spaced is implemented by kinds that find words by the spaces between them.
type Spaced interface{ NeedsSpaces() }

// Fitted cuts texts into the tokens of its vocabulary.
type Fitted interface {
	// Encode appends the tokens of a text.
	Encode(tokens []uint32, text string) []uint32
	// Pieces lists what Encode makes tokens of, one for each, in their order.
	Pieces(text string) []string
	// Decoder returns a new one, which puts tokens together to the text that Encode would cut into them. Texts come back as
	// normalized, and words as they are usually spaced.
	Decoder() Decoder
	// Tokens lists the tokens by their number; the first two are Padding and Unknown.
	Tokens() []string
}

// The first tokens of every vocabulary. Padding fills the steps beyond the end of a text, Unknown is what the training
// split does not hold.
const (
	Padding = iota
	Unknown
	reserved
)

// reservedNames are how Tokens calls them.
var reservedNames = []string{"<padding>", "<unknown>"}

// Registry holds every kind.
var Registry = registry.New[Tokenizer]("tokenizer")

func init() { spec.RegisterKinds(Registry, spec.KindOptions{}) }

// normalize brings a text into Unicode's normal form C, in which an accented letter is one character however it was
// typed, with a blank for each run of white space, and lowers its case if asked to.
func normalize(text string, lower bool) string {
	text = strings.Join(strings.Fields(norm.NFC.String(text)), " ")
	if lower {
		text = strings.ToLower(text)
	}
	return text
}

// vocabulary numbers words, after the reserved tokens.
type vocabulary struct {
	words []string
	index map[string]uint32
}

// newVocabulary keeps the words that occur at least `least` times, at most `most` of them, the frequent ones first.
func newVocabulary(counts map[string]int, least, most int) vocabulary {
	words := make([]string, 0, len(counts))
	for w, n := range counts {
		if n >= least {
			words = append(words, w)
		}
	}
	slices.SortFunc(words, func(a, b string) int { return cmp.Or(counts[b]-counts[a], cmp.Compare(a, b)) })
	return indexed(words[:min(len(words), most)])
}

func indexed(words []string) vocabulary {
	v := vocabulary{words, make(map[string]uint32, len(words))}
	for i, w := range words {
		v.index[w] = uint32(i + reserved)
	}
	return v
}

// of is the token of a word.
func (v *vocabulary) of(word string) uint32 {
	if t, ok := v.index[word]; ok {
		return t
	}
	return Unknown
}

func (v *vocabulary) tokens() []string { return append(slices.Clone(reservedNames), v.words...) }

// Marshal writes a fitted tokenizer as {"type": "char", …}.
func Marshal(f Fitted) ([]byte, error) {
	body, err := json.Marshal(f)
	if err != nil {
		return nil, err
	}
	return append(fmt.Appendf(nil, `{"type":%q,`, KeyOf(f)), body[1:]...), nil
}

// KeyOf is the kind that fitted f.
func KeyOf(f Fitted) string {
	for _, k := range Registry.Kinds() {
		if reflect.TypeOf(k.Value.Empty()) == reflect.TypeOf(f) {
			return k.Key
		}
	}
	panic(fmt.Sprintf("tokenizer: no kind makes a %T", f))
}

// Unmarshal reads what Marshal wrote.
func Unmarshal(data []byte) (Fitted, error) {
	var head struct{ Type string }
	if err := json.Unmarshal(data, &head); err != nil {
		return nil, err
	}
	kind, ok := Registry.Get(head.Type)
	if !ok {
		return nil, fmt.Errorf("unknown tokenizer %q: was the model written by a newer version?", head.Type)
	}
	f := kind.Empty()
	return f, json.Unmarshal(data, f)
}
