package column

import "dnn/pkg/dataset/tokenizer"

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
