package metrics

import "dnn/pkg/task"

func init() {
	Registry.Register("word_error_rate", "words to insert, delete or replace, for each word of the references", &WordErrorRate{}).
		Also("wer")
}

// WordErrorRate counts wrong words:
//
//	word_error_rate = (insertions + deletions + replacements) / words of the references
//
// the fewest that turn a text into its reference, summed over the whole set. It may exceed 1. Words are what stands between
// spaces; case and punctuation count.
//
// Source: jiwer, wer. Undefined (NaN): no rows, or no weight.
type WordErrorRate struct{}

// Cases are examples of it.
func (*WordErrorRate) Cases() []Case {
	return []Case{
		{"word_error_rate", "text", number(0.428571), number(0.4)},
	}
}

// Fits expects texts.
func (m *WordErrorRate) Fits(t task.Head) error { return needsTexts("word_error_rate", t) }

// Goal is Lower.
func (m *WordErrorRate) Goal() Goal { return Lower }

// NewTexts counts errors.
func (m *WordErrorRate) NewTexts() TextAccumulator { return &errorRate{pieces: spacedWords} }
