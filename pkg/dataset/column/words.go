package column

import (
	"iter"
	"strings"
	"unicode"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/tokenizer"
	"dnn/pkg/spec"
)

// Worded is an encoder whose whole numbers are indices of words.
type Worded interface {
	// Words lists the words by index; "" for an index without a word: padding, unseen words, gaps.
	Words() []string
}

// Words are the tokens.
func (e *TextEncoder) Words() []string { return wordsOf(e.tokens.Tokens(), e.Vocabulary) }

// Words are the tokens, and none for the end token.
func (p *textPrefix) Words() []string { return wordsOf(p.of.tokens.Tokens(), len(p.of.classes)) }

// firstWord is the first token that is a word.
const firstWord = tokenizer.Unknown + 1

// wordsOf are the tokens of a vocabulary of n, without the names of those that are no words.
func wordsOf(tokens []string, n int) []string {
	words := make([]string, n)
	copy(words[firstWord:], tokens[firstWord:])
	return words
}

// Words are those of the column, where it is encoded as indices.
func (e *CategoryEncoder) Words() []string {
	if !e.Index {
		return nil
	}
	words := make([]string, e.Columns[0].size()+1)
	copy(words[1:], e.Columns[0].Words)
	return words
}

// unspacedShare is the share of characters, one in so many, from which on texts are in a script without spaces between words.
const unspacedShare = 3

// unspacedRun is how many characters such words have on average at least, or else the texts were cut into words before.
const unspacedRun = 5

// warnUnspaced warns of texts in Chinese, Japanese or another script without spaces between words, where the tokenizer needs them.
func warnUnspaced(f *Fitting, name string, t tokenizer.Tokenizer, texts iter.Seq[string]) {
	if _, spaced := t.(tokenizer.Spaced); !spaced {
		return
	}
	all, unspaced, words, example := 0, 0, 0, ""
	for text := range texts {
		words += len(strings.Fields(text))
		for _, r := range text {
			if all++; r > unicode.MaxLatin1 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar) {
				unspaced++
				if example == "" {
					example = text
				}
			}
		}
	}
	if unspaced*unspacedShare >= all && unspaced > unspacedRun*words {
		f.Warn("%s is in a script that has no spaces between words (%s), so tokenizer: %s takes whole sentences for words; tokenizer: char reads each character", name, phrase.Quote(example), spec.KeyOf(t))
	}
}
