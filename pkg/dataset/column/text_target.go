package column

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/table"
	"dnn/pkg/dataset/tokenizer"
	"dnn/pkg/spec"
)

// TargetTokenizer is a tokenizer, or the word "shared".
type TargetTokenizer struct {
	Own    tokenizer.Tokenizer
	Shared bool
}

// UnmarshalSpec reads the word or a tokenizer.
func (t *TargetTokenizer) UnmarshalSpec(n *spec.Node, p *spec.Problems) {
	if word, ok := n.Scalar(); ok && word == sharedWord {
		*t = TargetTokenizer{Shared: true}
		return
	}
	*t = TargetTokenizer{}
	n.Into(&t.Own, p)
}

// MarshalSpec is what UnmarshalSpec reads.
func (t TargetTokenizer) MarshalSpec() any {
	if t.Shared {
		return sharedWord
	}
	if t.Own == nil {
		return nil
	}
	return &t.Own // as the interface, so that its kind is written
}

// DescribeSpec says what it is.
func (TargetTokenizer) DescribeSpec() string { return "tokenizer | shared" }

const sharedWord = "shared"

// Encoder is for JSON to fill.
func (t *TextTarget) Encoder() TargetEncoder { return &TextTargetEncoder{} }

// Align says that the loss aligns the labels.
func (t *TextTarget) Align() { t.Aligned = true }

// AlignsLabels reports whether it does.
func (t *TextTarget) AlignsLabels() bool { return t.Aligned }

// Shares reports whether the vocabulary is that of an input.
func (t *TextTarget) Shares() bool { return t.Tokenizer.Shared }

// Fit learns the vocabulary.
func (t *TextTarget) Fit(f *Fitting, c *table.Column) TargetEncoder {
	if t.Tokenizer == (TargetTokenizer{}) { // its own mistake was noted
		return nil
	}
	e := &TextTargetEncoder{Length: t.MaxLength, Aligned: t.Aligned}
	switch {
	case !t.Shares():
		if g, ok := givenTarget(f, c.Name, func(g *TextTargetEncoder) bool { return sameTokens(t.Tokenizer.Own, g.tokens) }); ok {
			e.tokens = g.tokens
		} else {
			e.tokens = sized(t.Tokenizer.Own, t.Vocabulary).Fit(c.Fields(f.Rows))
		}
		warnUnspaced(f, "target "+c.Name, t.Tokenizer.Own, c.Fields(f.Rows))
	case f.Shared == nil:
		f.Problem("tokenizer", "shared takes the vocabulary of an input with type: text; no input has that type")
		return nil
	default:
		e.tokens = f.Shared
	}
	e.settle()
	longest, cut := 0, 0
	limit := t.MaxLength
	if limit == 0 {
		limit = textLimit
	}
	var cells []uint32
	for field := range c.Fields(f.Rows) {
		cells = e.tokens.Encode(cells[:0], field)
		if longest = max(longest, len(cells)); len(cells) > limit {
			cut++
		}
	}
	if e.Length == 0 {
		e.Length = max(1, min(longest, textLimit))
	}
	if e.Longest = longestBelow(longest+1, e.Length+1); e.Aligned { // no token begins a text
		e.Longest = longestBelow(max(1, longest), e.Length)
	}
	if cut > 0 {
		f.Note("%s: %s cut to %d tokens (max_length); the longest has %s", c.Name, phrase.Count(cut, "text"), e.Length, phrase.Thousands(longest))
	}
	kind := sharedWord
	if !t.Shares() {
		kind = spec.KeyOf(t.Tokenizer.Own)
	}
	f.Note("%s: %s different tokens (%s)", c.Name, phrase.Thousands(len(e.tokens.Tokens())-2), kind)
	return e
}

// TextTargetEncoder is a fitted TextTarget.
type TextTargetEncoder struct {
	Length  int          // the most tokens of a text, without the one that ends it
	Longest int          // steps of the longest row of the training split, where that is less
	Windows *TextWindows // of texts to continue; nil of others
	Aligned bool         // the labels are spread over the net's own steps

	tokens  tokenizer.Fitted
	classes []string
}

type storedTextTarget struct {
	Length    int             `json:"length"`
	Longest   int             `json:"longest,omitempty"`
	Windows   *TextWindows    `json:"windows,omitempty"`
	Aligned   bool            `json:"aligned,omitempty"`
	Tokenizer json.RawMessage `json:"tokenizer"`
}

// BlankToken is how the vocabulary of a text whose labels are aligned calls the class that writes nothing, in the place of padding.
const BlankToken = "<blank>"

// EndToken is how the vocabulary of a text target calls the token that ends a text.
const EndToken = "<end>"

func (e *TextTargetEncoder) settle() {
	e.classes = slices.Clone(e.tokens.Tokens())
	switch {
	case e.Aligned:
		e.classes[tokenizer.Padding] = BlankToken
	case e.Ends():
		e.classes = append(e.classes, EndToken)
	}
}

// Ends reports whether the vocabulary has a token that ends a text.
func (e *TextTargetEncoder) Ends() bool {
	return !e.Aligned && (e.Windows == nil || e.Windows.Ends)
}

// AlignsLabels reports whether labels are spread over the net's own steps.
func (e *TextTargetEncoder) AlignsLabels() bool { return e.Aligned }

// Continues reports whether rows are windows over texts.
func (e *TextTargetEncoder) Continues() bool { return e.Windows != nil }

// MarshalJSON writes the tokenizer with the rest.
func (e *TextTargetEncoder) MarshalJSON() ([]byte, error) {
	fitted, err := tokenizer.Marshal(e.tokens)
	if err != nil {
		return nil, err
	}
	return json.Marshal(storedTextTarget{e.Length, e.Longest, e.Windows, e.Aligned, fitted})
}

// UnmarshalJSON reads what MarshalJSON wrote.
func (e *TextTargetEncoder) UnmarshalJSON(data []byte) (err error) {
	var own storedTextTarget
	if err := json.Unmarshal(data, &own); err != nil {
		return err
	}
	if own.Length < 1 || own.Longest < 0 || own.Longest > own.Length {
		return fmt.Errorf("a text of %d tokens with a longest row of %d makes no sense", own.Length, own.Longest)
	}
	if own.Aligned && own.Windows != nil {
		return errors.New("a text to continue has no labels to align")
	}
	e.Length, e.Longest, e.Windows, e.Aligned = own.Length, own.Longest, own.Windows, own.Aligned
	if e.tokens, err = tokenizer.Unmarshal(own.Tokenizer); err != nil {
		return err
	}
	e.settle()
	return e.Windows.check(len(e.classes))
}

// Kind is that of a token: one of the vocabulary.
func (e *TextTargetEncoder) Kind() string { return "category" }

// ClassNames is the vocabulary, with the end token at last.
func (e *TextTargetEncoder) ClassNames() []string { return e.classes }

// Encode is not called: a text has no cell of its own.
func (e *TextTargetEncoder) Encode(string) (uint32, error) {
	panic("column: a text is encoded as the steps of its prefix")
}

// Prefix is the encoder of the tokens so far.
func (e *TextTargetEncoder) Prefix() PrefixEncoder {
	switch {
	case e.Aligned:
		return &alignedLabels{textPrefix{e}}
	case e.Windows != nil:
		return &windowPrefix{textPrefix{e}}
	}
	return &textPrefix{e}
}

// Spelling turns tokens into text one by one.
func (e *TextTargetEncoder) Spelling() tokenizer.Decoder { return e.tokens.Decoder() }

// Tokens cuts a text into tokens, without the end token.
func (e *TextTargetEncoder) Tokens(text string) []uint32 { return e.AppendTokens(nil, text) }

// AppendTokens is Tokens that appends them.
func (e *TextTargetEncoder) AppendTokens(tokens []uint32, text string) []uint32 {
	return e.tokens.Encode(tokens, text)
}

// Text is the text of some tokens, without the end token.
func (e *TextTargetEncoder) Text(tokens []int32) string {
	return tokenizer.Decode(e.tokens, tokens)
}

// textPrefix encodes texts as steps of two cells each: a token of the prefix, and the token that follows it.
type textPrefix struct{ of *TextTargetEncoder }

func (p *textPrefix) Layout() layout {
	return layout{Shape: []int{p.of.Length + 1}, Own: true, Ints: true, Vocabulary: len(p.of.classes), Sequence: true}
}

func (p *textPrefix) StepCells() int    { return 2 }
func (p *textPrefix) Limitless() bool   { return false }
func (p *textPrefix) LongestSteps() int { return p.of.Longest }
func (p *textPrefix) End() uint32       { return uint32(len(p.of.classes) - 1) }
func (p *textPrefix) Begin() uint32     { return p.End() }

// EncodeSteps appends the steps of a text; without fields only the first, from which a text begins to be written. A text that
// is cut does not end.
func (p *textPrefix) EncodeSteps(fields []string, cells []uint32) ([]uint32, error) {
	if len(fields) > 0 && fields[0] == "" {
		return cells, Wrong(0, "is missing")
	}
	end := p.End()
	cells = append(cells, end)
	if len(fields) == 0 {
		return append(cells, end), nil
	}
	tokens := p.of.tokens.Encode(nil, fields[0])
	kept := min(len(tokens), p.of.Length)
	for _, t := range tokens[:kept] {
		cells = append(cells, t, t)
	}
	if kept < len(tokens) {
		return append(cells, tokens[kept]), nil
	}
	return append(cells, end), nil
}

func (p *textPrefix) ExpandSteps(cells []uint32, _ []float32, ints []int32) {
	for i := 0; i < len(cells); i += 2 {
		ints[i/2] = int32(cells[i])
	}
}

// ExpandLabels writes the label of each step.
func (p *textPrefix) ExpandLabels(cells []uint32, ints []int32) {
	for i := 1; i < len(cells); i += 2 {
		ints[i/2] = int32(cells[i])
	}
}

// Prefix is the input that a text target makes: the tokens so far.
type Prefix struct{ Of *TextTarget }

func (p *Prefix) Drops() bool      { return false }
func (p *Prefix) Flat() bool       { return false }
func (p *Prefix) Encoder() Encoder { return nil }

// Fit fits the target.
func (p *Prefix) Fit(f *Fitting, columns []*table.Column) Encoder {
	if len(columns) != 1 || !f.needsFields(columns...) {
		return nil
	}
	if e, ok := p.Of.Fit(f, columns[0]).(*TextTargetEncoder); ok && e != nil {
		return e.Prefix()
	}
	return nil
}

// Target is the target whose tokens these are.
func (p *textPrefix) Target() TargetEncoder { return p.of }

// Prefixed is what the spec makes an input of too.
func (t *TextTarget) Prefixed() Type { return &Prefix{t} }
