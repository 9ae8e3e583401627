package metrics

import (
	"strings"
	"unicode/utf8"

	"dnn/pkg/task"
)

func init() {
	Registry.Register("bits_per_character", "bits that a character takes, given the predictions", &BitsPerCharacter{}).Also("bpc")
}

// BitsPerCharacter is the cross-entropy in bits, where each token is a character:
//
//	bits_per_character = -Σ wᵢ·log₂ pᵢ[yᵢ] / Σ wᵢ
//
// the mean over all steps of all rows. Steps beyond the end of a row do not count. Probabilities are clipped as in log_loss.
//
// Undefined (NaN): no rows, or no weight.
type BitsPerCharacter struct{}

// Cases are examples of it.
func (*BitsPerCharacter) Cases() []Case {
	return []Case{
		{"bits_per_character", "category", number(1.0079), number(1.10359)},
	}
}

// Fits expects characters as classes, next to names in angle brackets such as <unknown>.
func (m *BitsPerCharacter) Fits(t task.Head) error {
	if err := needsOneClass("bits_per_character", t); err != nil {
		return err
	}
	for _, class := range labels(t) {
		if utf8.RuneCountInString(class) != 1 && !(strings.HasPrefix(class, "<") && strings.HasSuffix(class, ">")) {
			return misfit("bits_per_character", "needs characters as tokens; %s, one of them %q (try bits_per_token)", what(t), class)
		}
	}
	return nil
}

// Goal is Lower.
func (m *BitsPerCharacter) Goal() Goal { return Lower }

// New sums up logarithms.
func (m *BitsPerCharacter) New(t task.Head) Accumulator { return fromLogLoss(t, bits) }
