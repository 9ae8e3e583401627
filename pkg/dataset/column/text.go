package column

import (
	"encoding/json"
	"fmt"
	"iter"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/table"
	"dnn/pkg/dataset/tokenizer"
	"dnn/pkg/spec"
)

func init() {
	Types.Register("text", "texts as sequences of tokens, for an embedding", &Text{})
	TargetTypes.Register("text", "a text that the net writes token by token", &TextTarget{}).
		Also("sequence", "translation", "summary", "generation")
}

// Text is an input of texts, each a sequence of tokens: whole numbers in a separate block, of shape [steps], for an
// embedding layer. The tokens are learned from the training split and kept in the model. Token 0 pads a text, and token
// 1 is any unseen token. An empty field is a text without tokens. The words that mean a missing value elsewhere
// (missing_values) are words here, unless the type of the column was inferred.
type Text struct {
	Tokenizer  tokenizer.Tokenizer `default:"word" doc:"what a token is"`
	Vocabulary int                 `default:"0" range:"[0,)" doc:"the largest vocabulary; 0: the limit of the tokenizer"`
	MaxLength  int                 `default:"0" range:"[0,)" doc:"the most tokens of a text, in training and prediction; 0: 512 if the training split has longer ones, else no limit, unless the net needs a fixed length (flatten and dense): then the longest of the training split"`
	Truncate   string              `default:"end" oneof:"end|start" doc:"where a text that is too long loses tokens"`
	Missing    string              `default:"empty" oneof:"empty|drop_row|error" doc:"how to read an empty field; empty: a text without tokens"`
}

// TextTarget is a text that the net writes, token by token: a translation, a summary, a word's stem. Its length is its own.
// The net reads the tokens so far, one place behind, as an input that has the target's name, and puts out the next one:
// cross_entropy over the vocabulary, [steps, vocabulary]. In training and scoring the tokens so far are those of the data
// (teacher forcing). A special token, the last of the vocabulary, begins the tokens so far and ends the text.
//
// With loss: ctc the labels are aligned instead: the net sees none of them. It puts out scores for each of its own steps,
// [steps, vocabulary], whose first class is the blank, and no token ends a text.
//
// With tokenizer: shared there is one vocabulary for the target and an input of texts, learned from both.
type TextTarget struct {
	Vocabulary int             `default:"0" range:"[0,)" doc:"the largest vocabulary; 0: the limit of the tokenizer, or with shared that of the input"`
	Tokenizer  TargetTokenizer `default:"word" doc:"what a token is; shared: as those of the first input of texts, with one vocabulary for both"`
	MaxLength  int             `default:"0" range:"[0,)" doc:"the most tokens of a text; longer ones are cut in training; 0: those of the longest text of the training split, at most 512"`

	Aligned bool `spec:"-"` // the loss asks for it
}

// textLimit is the default limit of a text's tokens: attention and recurrent layers pay for each.
const textLimit = 512

func (t *Text) Drops() bool      { return t.Missing == "drop_row" }
func (t *Text) Flat() bool       { return false }
func (t *Text) Encoder() Encoder { return &TextEncoder{} }

func (t *Text) Fit(f *Fitting, columns []*table.Column) Encoder {
	if !f.needsFields(columns...) {
		return nil
	}
	if len(columns) != 1 {
		f.Problem("", "type: text reads one column; several texts are several inputs")
		return nil
	}
	if t.Tokenizer == nil { // its own mistake was reported
		return nil
	}
	c := columns[0]
	e := &TextEncoder{Length: t.MaxLength, Start: t.Truncate == "start", GapIsError: t.Missing == "error", GapWords: !f.Spec.FreeText(c.Name)}
	texts := c.Fields(f.Rows)
	if f.Shared == nil && len(f.Spec.Sharing) > 0 {
		texts = withShared(f, texts)
		e.Ends = true
	}
	if g, ok := givenWhole(f, []string{c.Name}, func(g *TextEncoder) bool { return sameTokens(t.Tokenizer, g.tokens) }); ok {
		e.tokens = g.tokens
	} else {
		e.tokens = sized(t.Tokenizer, t.Vocabulary).Fit(texts)
	}
	warnUnspaced(f, c.Name, t.Tokenizer, c.Fields(f.Rows))
	if e.Vocabulary = len(e.tokens.Tokens()); e.Ends {
		e.Vocabulary++
	}
	if f.Shared == nil {
		f.Shared = e.tokens
	}
	longest, cut := 0, 0
	var cells []uint32
	for field := range c.Fields(f.Rows) {
		cells = e.tokens.Encode(cells[:0], field)
		longest = max(longest, len(cells))
		if limit := t.limit(); len(cells) > limit {
			cut++
		}
	}
	if e.Length == 0 {
		e.Length, e.Unlimited = max(1, min(longest, textLimit)), longest <= textLimit
	}
	e.Longest = longestBelow(longest, e.Length)
	if cut > 0 {
		f.Note("%s: %s cut to %d tokens (max_length); the longest has %s", c.Name, phrase.Count(cut, "text"), e.Length, phrase.Thousands(longest))
	}
	f.Note("%s: %s different tokens (%s)", c.Name, phrase.Thousands(len(e.tokens.Tokens())-2), spec.KeyOf(t.Tokenizer))
	return e
}

// sized is a tokenizer of another size; 0 leaves it as it is.
func sized(t tokenizer.Tokenizer, vocabulary int) tokenizer.Tokenizer {
	if vocabulary == 0 {
		return t
	}
	return t.Sized(vocabulary)
}

// withShared yields texts, and those of the target columns that share their vocabulary.
func withShared(f *Fitting, texts iter.Seq[string]) iter.Seq[string] {
	return func(yield func(string) bool) {
		for text := range texts {
			if !yield(text) {
				return
			}
		}
		for _, name := range f.Spec.Sharing {
			c := f.Table.Column(name)
			if c == nil || !c.IsText() {
				continue
			}
			for text := range c.Fields(f.Rows) {
				if !yield(text) {
					return
				}
			}
		}
	}
}

// longestBelow is the length of the longest row that was fitted, or 0 unless it is below the limit.
func longestBelow(longest, most int) int {
	if longest = max(1, longest); longest < most {
		return longest
	}
	return 0
}

func (t *Text) limit() int {
	if t.MaxLength > 0 {
		return t.MaxLength
	}
	return textLimit
}

// TextEncoder is a fitted Text.
type TextEncoder struct {
	Length     int  `json:"length"`              // the most tokens of a text
	Longest    int  `json:"longest,omitempty"`   // of the training split, if less
	Unlimited  bool `json:"unlimited,omitempty"` // Length is that of the training split alone
	Start      bool `json:"start,omitempty"`
	Vocabulary int  `json:"vocabulary"`
	GapIsError bool `json:"gap_is_error,omitempty"`
	GapWords   bool `json:"gap_words,omitempty"` // some words mean a missing value
	Ends       bool `json:"ends,omitempty"`      // the vocabulary has an end token, as that of the target which shares it

	tokens tokenizer.Fitted
}

type plainText TextEncoder

// MarshalJSON writes the tokenizer with the rest.
func (e *TextEncoder) MarshalJSON() ([]byte, error) {
	fitted, err := tokenizer.Marshal(e.tokens)
	if err != nil {
		return nil, err
	}
	return json.Marshal(struct {
		*plainText
		Tokenizer json.RawMessage `json:"tokenizer"`
	}{(*plainText)(e), fitted})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (e *TextEncoder) UnmarshalJSON(data []byte) (err error) {
	both := struct {
		*plainText
		Tokenizer json.RawMessage `json:"tokenizer"`
	}{plainText: (*plainText)(e)}
	if err := json.Unmarshal(data, &both); err != nil {
		return err
	}
	if e.tokens, err = tokenizer.Unmarshal(both.Tokenizer); err != nil {
		return err
	}
	known := len(e.tokens.Tokens())
	if e.Ends {
		known++
	}
	if e.Length < 1 || e.Vocabulary != known {
		return fmt.Errorf("a text of at most %d tokens and %d different ones does not fit its tokenizer", e.Length, e.Vocabulary)
	}
	return nil
}

func (e *TextEncoder) Layout() layout {
	return layout{Shape: []int{e.Length}, Own: true, Ints: true, Vocabulary: e.Vocabulary, Sequence: true}
}

func (e *TextEncoder) StepCells() int    { return 1 }
func (e *TextEncoder) Limitless() bool   { return e.Unlimited }
func (e *TextEncoder) LongestSteps() int { return e.Longest }

func (e *TextEncoder) EncodeSteps(fields []string, cells []uint32) ([]uint32, error) {
	if fields[0] == "" && e.GapIsError {
		return cells, Wrong(0, "is missing")
	}
	from := len(cells)
	cells = e.tokens.Encode(cells, fields[0])
	if extra := len(cells) - from - e.Length; extra > 0 && !e.Unlimited {
		if e.Start {
			copy(cells[from:], cells[from+extra:])
		}
		cells = cells[:from+e.Length]
	}
	return cells, nil
}

func (e *TextEncoder) UnseenTokens(cells []uint32) (n int) {
	for _, c := range cells {
		if c == tokenizer.Unknown {
			n++
		}
	}
	return n
}

func (e *TextEncoder) Uncut(fields []string) (steps, from int) {
	steps = len(e.tokens.Encode(nil, fields[0]))
	if e.Start && !e.Unlimited {
		from = max(0, steps-e.Length)
	}
	return steps, from
}

func (e *TextEncoder) ExpandSteps(cells []uint32, _ []float32, ints []int32) {
	for i, c := range cells {
		ints[i] = int32(c)
	}
}

// KeepsGapWords reports that fields are free text: words that mean a missing value elsewhere are words.
func (t *Text) KeepsGapWords() bool { return true }

// KeepsGapWords is that of the column that the encoder was fitted to.
func (e *TextEncoder) KeepsGapWords() bool { return !e.GapWords }

// SharesTokens reports whether the tokens are those of a target that says tokenizer: shared.
func (e *TextEncoder) SharesTokens() bool { return e.Ends }

// Places lists the tokens of a text, with where they lie in it.
func (e *TextEncoder) Places(field string) []tokenizer.Place {
	return tokenizer.Places(e.tokens, field)
}

// KeepsEnd reports whether a text that is too long loses its first tokens.
func (e *TextEncoder) KeepsEnd() bool { return e.Start }
