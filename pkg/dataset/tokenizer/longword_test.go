package tokenizer

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// letters is a word of so many letters of an alphabet of k.
func letters(r *rand.Rand, n, k int) string {
	word := make([]byte, n)
	for i := range word {
		word[i] = byte('a' + r.IntN(k))
	}
	return string(word)
}

// TestPairsAreThoseOfCounting: the pairs that are learned are those that counting all neighbours anew after each join gives,
// and words of any length are cut alike.
func TestPairsAreThoseOfCounting(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 60 {
		var texts []string
		for range 1 + r.IntN(6) {
			texts = append(texts, letters(r, r.IntN(60), 1+r.IntN(3))+" "+letters(r, r.IntN(9), 2))
		}
		f := (&BPE{Vocabulary: 60, MinCount: 2}).Fit(slices.Values(texts)).(*pieces)
		if want := countedPairs(texts, 2, 60-reserved-len(f.Characters)); !slices.Equal(f.Pairs, want) {
			t.Fatalf("%q:\n got  %q\n want %q", texts, f.Pairs, want)
		}
		for range 10 {
			word := " " + letters(r, r.IntN(90), 1+r.IntN(4))
			if got, want := f.merges.cutLong(characters(word)), f.merges.cutShort(characters(word)); !slices.Equal(got, want) {
				t.Fatalf("%q is cut to %q, want %q", word, got, want)
			}
		}
	}
}

// countedPairs learns pairs as the paper's algorithm is written.
func countedPairs(texts []string, least, most int) (pairs []pair) {
	var words [][]string
	for _, text := range texts {
		for word := range spaced(text) {
			words = append(words, characters(word))
		}
	}
	for len(pairs) < most {
		counts := map[pair]int{}
		for _, w := range words {
			for i := range len(w) - 1 {
				counts[pair{w[i], w[i+1]}]++
			}
		}
		queue := candidates{}
		for p, n := range counts {
			queue = append(queue, candidate{p, n})
		}
		if len(queue) == 0 {
			break
		}
		best := 0
		for i := range queue {
			if queue.Less(i, best) {
				best = i
			}
		}
		if queue[best].count < least {
			break
		}
		pairs = append(pairs, queue[best].pair)
		for i := range words {
			words[i] = joined(words[i], queue[best].pair)
		}
	}
	return pairs
}

// TestTextsWithoutBlanks: a text of one long word is learned from and cut in no time that grows with its square.
func TestTextsWithoutBlanks(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	text := letters(r, 30_000, 4)
	start := time.Now()
	f := (&BPE{Vocabulary: 400, MinCount: 2}).Fit(slices.Values([]string{text}))
	if got := strings.Join(f.Pieces(text), ""); got != " "+text {
		t.Error("the pieces do not make up the text")
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
}
