package metrics

import (
	"fmt"
	"math"
	"strings"

	"dnn/pkg/task"
)

func init() {
	Registry.Register("chrf", "runs of characters that a text shares with its reference, from 0 to 100, as sacrebleu has it", &ChrF{}).
		Also("chrf2", "chrF")
}

// ChrF compares texts with their references by the runs of one to six characters that they share, white space left out. It
// needs no words, so it serves every language, and it forgives other endings of the right word. With the shares of right runs
// among those written (precision) and among those of the references (recall), each the mean over the lengths of runs,
//
//	chrf = 100·5·precision·recall / (4·precision + recall)
//
// over the whole set, not the mean over texts. Of several references, that with the best value of its own counts.
//
// Source: Popović 2015 (chrF2); Post 2018 (sacrebleu, corpus_chrf). Undefined (NaN): no texts, or no weight.
type ChrF struct {
	Lowercase bool `default:"false" doc:"take no notice of case"`
}

// Cases are examples of it.
func (*ChrF) Cases() []Case {
	return []Case{
		{"chrf", "text", number(60.403608), number(61.8942)},
		{"{type: chrf, lowercase: true}", "text", number(62.163245), number(63.057642)},
	}
}

// Fits expects texts.
func (m *ChrF) Fits(t task.Head) error { return needsTexts("chrf", t) }

// Goal is Higher.
func (m *ChrF) Goal() Goal { return Higher }

// NewTexts counts runs of characters.
func (m *ChrF) NewTexts() TextAccumulator { return &chrf{settings: *m} }

// longestRun is the number of characters in the longest runs that are compared.
const longestRun = 6

// runs are counts of the runs of each length: those written, those of the reference, and those in both.
type runs struct{ said, meant, right [longestRun]float64 }

// score is the value of counts.
func (r *runs) score() float64 {
	precision, recall, lengths := 0.0, 0.0, 0.0
	for n := range longestRun {
		if r.said[n] > 0 && r.meant[n] > 0 {
			precision += r.right[n] / r.said[n]
			recall += r.right[n] / r.meant[n]
			lengths++
		}
	}
	if precision+recall == 0 {
		return 0
	}
	precision, recall = precision/lengths, recall/lengths
	return 100 * 5 * precision * recall / (float64(4*precision) + recall)
}

type chrf struct {
	settings ChrF
	total    struct{ said, meant, right [longestRun]sum }
	weight   sum
	count    referenceCount
}

// AddTexts counts the runs of each text.
func (c *chrf) AddTexts(t Texts) {
	t.each(func(prediction string, references []string, weight float64) {
		c.weight.add(weight)
		c.count.add(len(references))
		said := c.settings.runs(prediction)
		var best runs
		highest := -1.0
		for _, text := range references {
			r := compared(said, c.settings.runs(text))
			if score := r.score(); score > highest {
				best, highest = r, score
			}
		}
		for n := range longestRun {
			c.total.said[n].add(float64(weight * best.said[n]))
			c.total.meant[n].add(float64(weight * best.meant[n]))
			c.total.right[n].add(float64(weight * best.right[n]))
		}
	})
}

// runs counts the runs of each length in a text.
func (m *ChrF) runs(text string) (counts [longestRun]map[string]int) {
	if m.Lowercase {
		text = lowered(text)
	}
	p := characterParts(strings.Join(fields(text), ""))
	for n := range counts {
		counts[n] = p.grams(n + 1)
	}
	return counts
}

// compared counts what was written and meant. Runs that are longer than the reference are not held against a text.
func compared(said, meant [longestRun]map[string]int) (r runs) {
	for n := range longestRun {
		if len(meant[n]) > 0 {
			r.said[n] = float64(total(said[n]))
		}
		r.meant[n] = float64(total(meant[n]))
		r.right[n] = float64(common(said[n], meant[n]))
	}
	return r
}

func total(counts map[string]int) (n int) {
	for _, count := range counts {
		n += count
	}
	return n
}

func (c *chrf) Result() Result {
	if c.weight.value() == 0 {
		return number(math.NaN())
	}
	var r runs
	for n := range longestRun {
		r.said[n], r.meant[n], r.right[n] = c.total.said[n].value(), c.total.meant[n].value(), c.total.right[n].value()
	}
	return number(r.score())
}

// signature is how sacrebleu says what was computed.
func (c *chrf) signature() string {
	return fmt.Sprintf("nrefs:%s|case:%s|eff:yes|nc:%d|nw:0|space:no|version:%s", c.count, caseName(c.settings.Lowercase), longestRun, sacrebleu)
}
