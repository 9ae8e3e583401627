package tokenizer

import "strings"

// Decoder turns tokens back into text, one after the other, as they are written.
type Decoder interface {
	// Next returns the text that a token adds, with the space before it.
	Next(token uint32) string
	// End returns the text that is still held back once there are no more tokens.
	End() string
}

// UnknownText is the token Unknown in texts.
const UnknownText = "\ufffd"

// Decode is the text of tokens. Padding and tokens beyond the vocabulary, such as marks that end a text, add nothing.
func Decode[T int32 | uint32](f Fitted, tokens []T) string {
	var text strings.Builder
	d := f.Decoder()
	for _, t := range tokens {
		text.WriteString(d.Next(uint32(t)))
	}
	text.WriteString(d.End())
	return text.String()
}

// spelled is the text of a token; ok is false for those that add nothing.
func (v *vocabulary) spelled(token uint32) (text string, ok bool) {
	switch {
	case token == Unknown:
		return UnknownText, true
	case token < reserved || int(token) >= reserved+len(v.words):
		return "", false
	}
	return v.words[token-reserved], true
}

// follow is a Decoder that puts tokens one behind the other. glue returns what goes between the text so far and the next
// token.
type follow struct {
	vocabulary *vocabulary
	glue       func(token string) string
}

func (f *follow) Next(token uint32) string {
	text, ok := f.vocabulary.spelled(token)
	if !ok {
		return ""
	}
	return f.glue(text) + text
}

func (f *follow) End() string { return "" }

// nothing goes between tokens that hold their spaces.
func nothing(string) string { return "" }

// spaces returns a glue of one space between two tokens.
func spaces() func(string) string {
	begun := false
	return func(string) string {
		if begun {
			return " "
		}
		begun = true
		return ""
	}
}
