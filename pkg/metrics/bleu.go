package metrics

import (
	"fmt"
	"math"
	"regexp"
	"strings"

	"dnn/pkg/task"
)

func init() {
	Registry.Register("bleu", "runs of words that a text shares with its reference, from 0 to 100, as sacrebleu has it", &BLEU{}).
		Also("sacrebleu")
}

// BLEU compares texts with their references by the runs of one to four words that they share. With the share pₙ of all runs
// of n words that are in the reference of their text (no more often than there), and the words c of all texts and r of all
// references, it is
//
//	bleu = 100·min(1, exp(1 - r/c))·(p₁·p₂·p₃·p₄)^¼
//
// over the whole set, not the mean over texts. Where no run of n words is right, pₙ is that of half a run, for the next such
// n of a quarter, and so on. Of several references, a run may be in any, and the one closest in length counts.
//
// Its values compare only with the same settings: evaluations print the signature of sacrebleu.
//
// Source: Papineni et al. 2002; Post 2018 (sacrebleu, corpus_bleu). Undefined (NaN): no texts, or no weight.
type BLEU struct {
	Lowercase bool   `default:"false" doc:"take no notice of case"`
	Tokenize  string `default:"13a" oneof:"13a|char|none" doc:"how texts are cut into words: 13a: punctuation apart, as at WMT; char: each character, for Chinese or Japanese; none: at white space alone"`
}

// Cases are examples of it.
func (*BLEU) Cases() []Case {
	return []Case{
		{"bleu", "text", number(46.482813), number(54.83433)},
		{"{type: bleu, tokenize: char, lowercase: true}", "text", number(83.330256), number(88.1967)},
	}
}

// Fits expects texts.
func (m *BLEU) Fits(t task.Head) error { return needsTexts("bleu", t) }

// Goal is Higher.
func (m *BLEU) Goal() Goal { return Higher }

// NewTexts counts runs of words.
func (m *BLEU) NewTexts() TextAccumulator { return &bleu{settings: *m} }

// longest is the number of words in the longest runs that are compared.
const longest = 4

type bleu struct {
	settings           BLEU
	right, all         [longest]sum
	length, references sum
	weight             sum
	count              referenceCount
}

// AddTexts counts the runs of words of each text.
func (b *bleu) AddTexts(t Texts) {
	t.each(func(prediction string, references []string, weight float64) {
		b.weight.add(weight)
		b.count.add(len(references))
		said := wordParts(b.settings.words(prediction))
		length := len(said.from)
		closest := -1
		allowed := [longest]map[string]int{}
		for _, text := range references {
			r := wordParts(b.settings.words(text))
			if n := len(r.from); closest < 0 || closer(length, n, closest) {
				closest = n
			}
			for n := range allowed {
				allowed[n] = most(allowed[n], r.grams(n+1))
			}
		}
		b.length.add(float64(weight * float64(length)))
		b.references.add(float64(weight * float64(closest)))
		for n := range allowed {
			b.all[n].add(float64(weight * float64(max(0, length-n))))
			b.right[n].add(float64(weight * float64(common(said.grams(n+1), allowed[n]))))
		}
	})
}

// closer reports whether a is closer to a length than b, or as close and shorter.
func closer(length, a, b int) bool {
	da, db := max(a-length, length-a), max(b-length, length-b)
	return da < db || da == db && a < b
}

// most has each count of a and b, the greater one of those in both.
func most(a, b map[string]int) map[string]int {
	if a == nil {
		return b
	}
	for gram, n := range b {
		a[gram] = max(a[gram], n)
	}
	return a
}

func (b *bleu) Result() Result {
	if b.weight.value() == 0 {
		return number(math.NaN())
	}
	logs, half, some := 0.0, 1.0, false
	for n := range b.all {
		right, all := b.right[n].value(), b.all[n].value()
		some = some || right > 0
		if all == 0 { // no text is so long
			return number(0)
		}
		if right == 0 {
			half /= 2
			right = half
		}
		logs += math.Log(right / all)
	}
	if !some {
		return number(0)
	}
	c, r := b.length.value(), b.references.value()
	return number(100 * math.Exp(min(0, 1-r/c)+logs/longest))
}

// signature is how sacrebleu says what was computed.
func (b *bleu) signature() string {
	return fmt.Sprintf("nrefs:%s|case:%s|eff:no|tok:%s|smooth:exp|version:%s", b.count, caseName(b.settings.Lowercase), b.settings.Tokenize, sacrebleu)
}

// sacrebleu is the version whose values those of bleu and chrf are.
const sacrebleu = "2.6.0"

// caseName is what signatures say of a setting.
func caseName(lowercase bool) string {
	if lowercase {
		return "lc"
	}
	return "mixed"
}

// referenceCount is how many references the rows have: zero before the first, -1 where they differ.
type referenceCount int

func (c *referenceCount) add(n int) {
	if *c != 0 && int(*c) != n {
		n = -1
	}
	*c = referenceCount(n)
}

func (c referenceCount) String() string {
	if c < 0 {
		return "var"
	}
	return fmt.Sprint(max(1, int(c)))
}

// words are the words of a text.
func (m *BLEU) words(text string) []string {
	if m.Lowercase {
		text = lowered(text)
	}
	text = strings.TrimRightFunc(text, isSpace)
	switch m.Tokenize {
	case "none":
	case "char":
		return strings.Split(strings.Join(fields(text), ""), "")
	default:
		text = punctuated(text)
	}
	return fields(text)
}

// The rules of mteval-v13a, one after the other: punctuation, full stops and commas that are not between digits, and dashes
// behind digits are words of their own.
var (
	entities = [][2]string{{"&quot;", `"`}, {"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}}
	rules    = []struct {
		find *regexp.Regexp
		with string
	}{
		{regexp.MustCompile("([{-~\\[-` -&(-+:-@/])"), " $1 "},
		{regexp.MustCompile(`([^0-9])([.,])`), "$1 $2 "},
		{regexp.MustCompile(`([.,])([^0-9])`), " $1 $2"},
		{regexp.MustCompile(`([0-9])(-)`), "$1 $2 "},
	}
)

// punctuated is a text with spaces around its punctuation.
func punctuated(text string) string {
	text = strings.ReplaceAll(text, "<skipped>", "")
	text = strings.ReplaceAll(text, "-\n", "")
	text = strings.ReplaceAll(text, "\n", " ")
	for _, e := range entities {
		text = strings.ReplaceAll(text, e[0], e[1])
	}
	text = " " + text + " "
	for _, r := range rules {
		text = r.find.ReplaceAllString(text, r.with)
	}
	return text
}
