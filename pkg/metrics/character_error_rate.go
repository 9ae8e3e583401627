package metrics

import (
	"strings"

	"dnn/pkg/task"
)

func init() {
	Registry.Register("character_error_rate", "characters to insert, delete or replace, for each character of the references", &CharacterErrorRate{}).
		Also("cer")
}

// CharacterErrorRate counts wrong characters, spaces within a text included:
//
//	character_error_rate = (insertions + deletions + replacements) / characters of the references
//
// the fewest that turn a text into its reference, summed over the whole set. It may exceed 1.
//
// Source: jiwer, cer. Undefined (NaN): no rows, or no weight.
type CharacterErrorRate struct{}

// Cases are examples of it.
func (*CharacterErrorRate) Cases() []Case {
	return []Case{
		{"character_error_rate", "text", number(0.358491), number(0.346154)},
	}
}

// Fits expects texts.
func (m *CharacterErrorRate) Fits(t task.Head) error { return needsTexts("character_error_rate", t) }

// Goal is Lower.
func (m *CharacterErrorRate) Goal() Goal { return Lower }

// DefaultPlace is the second for labels that are aligned.
func (*CharacterErrorRate) DefaultPlace(t task.Head) int { return placed(t.Aligned(), 2) }

// NewTexts counts errors.
func (m *CharacterErrorRate) NewTexts() TextAccumulator { return &errorRate{pieces: trimmedCharacters} }

// trimmedCharacters are the characters of a text, without the white space around it.
func trimmedCharacters(text string) []string {
	return strings.Split(strings.TrimFunc(text, isSpace), "")
}
