package tokenizer

import (
	"iter"
	"strings"
	"unicode"
	"unicode/utf8"
)

// contractions are the endings that are cut off a word.
var contractions = []string{"'s", "'t", "'re", "'ve", "'m", "'ll", "'d"}

// pretokens cuts a text as GPT-2 does before it joins bytes: into words, numbers and runs of other characters, each with
// the space before it, the endings of contractions, and white space. It yields what the pattern
//
//	's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+
//
// finds, which is all of the text.
func pretokens(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for text != "" {
			n := pretoken(text)
			if !yield(text[:n]) {
				return
			}
			text = text[n:]
		}
	}
}

// pretoken is the length of the first piece of a text.
func pretoken(text string) int {
	for _, c := range contractions {
		if strings.HasPrefix(text, c) {
			return len(c)
		}
	}
	start := 0
	if text[0] == ' ' {
		start = 1
	}
	if start < len(text) {
		if first, _ := utf8.DecodeRuneInString(text[start:]); classOfPretoken(first) != blank {
			return start + run(text[start:], classOfPretoken(first))
		}
	}
	n := run(text, blank)
	if n == len(text) {
		return n
	}
	if _, last := utf8.DecodeLastRuneInString(text[:n]); last < n { // it goes to the word behind it
		n -= last
	}
	return n
}

// run is the length of the characters of one class at the beginning of a text.
func run(text string, of class) int {
	for i, r := range text {
		if classOfPretoken(r) != of {
			return i
		}
	}
	return len(text)
}

// classOfPretoken differs from classOf in that all numbers are digits, and marks are none of the letters.
func classOfPretoken(r rune) class {
	switch {
	case unicode.IsSpace(r):
		return blank
	case unicode.IsLetter(r):
		return letter
	case unicode.IsNumber(r):
		return digit
	}
	return other
}
