package metrics

import "dnn/pkg/task"

func init() {
	Registry.Register("phoneme_error_rate", "phonemes to insert, delete or replace, for each phoneme of the references", &PhonemeErrorRate{}).
		Also("per")
}

// PhonemeErrorRate counts wrong phonemes, the symbols between spaces:
//
//	phoneme_error_rate = (insertions + deletions + replacements) / phonemes of the references
//
// the fewest that turn a text into its reference, summed over the whole set. It may exceed 1.
//
// Source: jiwer, wer of phonemes. Undefined (NaN): no rows, or no weight.
type PhonemeErrorRate struct{}

// Cases are examples of it.
func (*PhonemeErrorRate) Cases() []Case {
	return []Case{
		{"phoneme_error_rate", "text", number(0.428571), number(0.4)},
	}
}

// Fits expects texts.
func (m *PhonemeErrorRate) Fits(t task.Head) error { return needsTexts("phoneme_error_rate", t) }

// Goal is Lower.
func (m *PhonemeErrorRate) Goal() Goal { return Lower }

// NewTexts counts errors.
func (m *PhonemeErrorRate) NewTexts() TextAccumulator { return &errorRate{pieces: spacedWords} }
