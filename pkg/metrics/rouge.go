package metrics

import (
	"strings"

	"dnn/pkg/task"
)

func init() {
	Registry.Register("rouge", "words, pairs of words or the longest sequence that a summary shares with its reference, as rouge-score has it", &ROUGE{}).
		AlsoAs("{type: rouge, variant: 1}", "rouge1", "rouge_1").AlsoAs("{type: rouge, variant: 2}", "rouge2", "rouge_2").
		AlsoAs("{type: rouge, variant: l}", "rougeL", "rouge_l")
}

// ROUGE compares summaries with their references by what they share: words (variant 1), pairs of neighbouring words (2), or
// the longest sequence of words that is in both, with gaps (l). With the share p of what was written that is right, and the
// share r of the reference that was written,
//
//	rouge = mean over the rows of 2·p·r / (p + r)
//
// from 0 to 1. Words are runs of the letters a to z and of digits, in lower case, and all else is white space, as
// rouge-score has it: for other alphabets use chrf. Nothing is stemmed. Of several references the best one counts.
//
// Source: Lin 2004; rouge-score (Google Research). Undefined (NaN): no rows, or no weight.
type ROUGE struct {
	Variant string `default:"l" oneof:"1|2|l" doc:"what is compared: 1: words; 2: pairs of neighbouring words; l: the longest common subsequence"`
}

// Cases are examples of it.
func (*ROUGE) Cases() []Case {
	return []Case{
		{"{type: rouge, variant: 1}", "text", number(0.58547), number(0.669872)},
		{"{type: rouge, variant: 2}", "text", number(0.50303), number(0.604545)},
		{"{type: rouge, variant: l}", "text", number(0.58547), number(0.669872)},
	}
}

// Fits expects texts.
func (m *ROUGE) Fits(t task.Head) error { return needsTexts("rouge", t) }

// Goal is Higher.
func (m *ROUGE) Goal() Goal { return Higher }

// NewTexts averages over rows.
func (m *ROUGE) NewTexts() TextAccumulator {
	return &perText{score: func(prediction, reference string) float64 {
		said, meant := plainWords(prediction), plainWords(reference)
		switch m.Variant {
		case "1":
			return shared(wordParts(said).grams(1), wordParts(meant).grams(1))
		case "2":
			return shared(wordParts(said).grams(2), wordParts(meant).grams(2))
		}
		return harmonic(commonSubsequence(said, meant), len(said), len(meant))
	}}
}

// plainWords are the words that ROUGE sees in a text.
func plainWords(text string) []string {
	return strings.FieldsFunc(lowered(text), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
}

func shared(said, meant map[string]int) float64 {
	return harmonic(common(said, meant), total(said), total(meant))
}

// harmonic is the harmonic mean of the shares of what is right in what was written and in what was meant.
func harmonic(right, said, meant int) float64 {
	if right == 0 {
		return 0
	}
	p, r := float64(right)/float64(said), float64(right)/float64(meant)
	return 2 * p * r / (p + r)
}
