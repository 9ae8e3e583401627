package tokenizer

import (
	"container/heap"
	"encoding/json"
	"iter"
	"strings"
)

func init() {
	Registry.Register("bpe", "frequent pieces of words are tokens, learned by byte-pair encoding", &BPE{}).
		Also("subword", "byte_pair", "sentencepiece")
}

// BPE makes tokens of frequent pieces of words: beginning with characters, the pair of neighbouring pieces that occurs
// most often becomes a piece of its own, again and again, until the vocabulary is full. Frequent words end as one token,
// rare ones as several, and no word is unknown whose characters are known. A piece that begins a word holds the blank
// before it; pieces never reach beyond a word.
//
// Source: Sennrich, Haddow & Birch 2016, "Neural machine translation of rare words with subword units", algorithm 1.
type BPE struct {
	Lowercase  bool `default:"false" doc:"take no notice of case"`
	MinCount   int  `default:"2" range:"[1,)" doc:"how often a pair must occur in the training split to become a piece"`
	Vocabulary int  `default:"4000" range:"[1,)" doc:"tokens in all: characters and pieces"`
}

// Cases are examples of it.
func (*BPE) Cases() []Case {
	return []Case{
		{"bpe", "low lower lowest", []string{" low", " lower", " lowest"}},
	}
}

// Empty is for JSON to fill.
func (*BPE) Empty() Fitted { return &pieces{} }

// Fit learns the pieces.
func (p *BPE) Fit(texts iter.Seq[string]) Fitted {
	counts, alphabet := map[string]int{}, map[string]int{}
	for text := range texts {
		for word := range spaced(normalize(text, p.Lowercase)) {
			counts[word]++
		}
	}
	for word, n := range counts {
		for _, r := range word {
			alphabet[string(r)] += n
		}
	}
	f := &pieces{Lowercase: p.Lowercase}
	f.Characters = newVocabulary(alphabet, 1, max(1, p.Vocabulary)).words
	l := newLearner(counts)
	for len(f.Characters)+len(f.Pairs)+reserved < p.Vocabulary {
		pair, n := l.best()
		if n < p.MinCount {
			break
		}
		f.Pairs = append(f.Pairs, pair)
		l.join(pair)
	}
	f.prepare()
	return f
}

// spaced yields the words of a text, each with the blank before it; the first has one too.
func spaced(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, field := range strings.Fields(text) {
			first := true
			for word := range split(field) {
				if first {
					word = " " + word
				}
				first = false
				if !yield(word) {
					return
				}
			}
		}
	}
}

// pair is two pieces that become one.
type pair [2]string

// pieces is a fitted BPE.
type pieces struct {
	Lowercase  bool     `json:"lowercase,omitempty"`
	Characters []string `json:"characters"` // the first tokens
	Pairs      []pair   `json:"pairs"`      // in the order in which they were joined: the next tokens

	vocabulary vocabulary
	rank       map[pair]int
}

func (f *pieces) prepare() {
	words := append([]string{}, f.Characters...)
	f.rank = make(map[pair]int, len(f.Pairs))
	for i, p := range f.Pairs {
		words = append(words, p[0]+p[1])
		f.rank[p] = i
	}
	f.vocabulary = indexed(words)
}

// UnmarshalJSON reads what was marshalled and makes the index.
func (f *pieces) UnmarshalJSON(data []byte) error {
	type plain pieces
	err := json.Unmarshal(data, (*plain)(f))
	f.prepare()
	return err
}

// Encode cuts each word into characters and joins them as in training, the pairs that were joined first going first.
func (f *pieces) Encode(tokens []uint32, text string) []uint32 {
	for word := range spaced(normalize(text, f.Lowercase)) {
		if t, ok := f.vocabulary.index[word]; ok {
			tokens = append(tokens, t)
			continue
		}
		for _, piece := range f.cut(word) {
			tokens = append(tokens, f.vocabulary.of(piece))
		}
	}
	return tokens
}

// shortWord is up to how many characters a word is cut by looking through all of them for each pair that is joined.
const shortWord = 64

func (f *pieces) cut(word string) []string {
	list := characters(word)
	if len(list) > shortWord {
		return f.cutLong(list)
	}
	return f.cutShort(list)
}

func (f *pieces) cutShort(list []string) []string {
	for {
		at, first := -1, len(f.Pairs)
		for i := range len(list) - 1 {
			if r, ok := f.rank[pair{list[i], list[i+1]}]; ok && r < first {
				at, first = i, r
			}
		}
		if at < 0 {
			return list
		}
		list = joined(list, f.Pairs[first])
	}
}

// Pieces lists the pieces of the text; one that begins a word holds the blank before it.
func (f *pieces) Pieces(text string) (list []string) {
	for word := range spaced(normalize(text, f.Lowercase)) {
		if _, whole := f.vocabulary.index[word]; whole {
			list = append(list, word)
			continue
		}
		list = append(list, f.cut(word)...)
	}
	return list
}

// Tokens lists characters and pieces.
func (f *pieces) Tokens() []string { return f.vocabulary.tokens() }

func characters(word string) (list []string) {
	for _, r := range word {
		list = append(list, string(r))
	}
	return list
}

// joined joins every occurrence of a pair, from the left.
func joined(list []string, p pair) []string {
	out := list[:0]
	for i := 0; i < len(list); i++ {
		if i+1 < len(list) && list[i] == p[0] && list[i+1] == p[1] {
			out = append(out, p[0]+p[1])
			i++
		} else {
			out = append(out, list[i])
		}
	}
	return out
}

// learner counts the pairs of neighbours in all words and keeps the counts true while pairs are joined.
type learner struct {
	words  [][]string
	counts []int          // of the words
	pairs  map[pair]int   // how often each occurs
	in     map[pair][]int // words that held it at some time
	queue  candidates     // may hold counts that are too high
}

func newLearner(counts map[string]int) *learner {
	l := &learner{pairs: map[pair]int{}, in: map[pair][]int{}}
	for _, word := range newVocabulary(counts, 1, len(counts)).words { // in an order that maps do not have
		l.words, l.counts = append(l.words, characters(word)), append(l.counts, counts[word])
	}
	for i := range l.words {
		l.add(i)
	}
	for p, n := range l.pairs {
		l.queue = append(l.queue, candidate{p, n})
	}
	heap.Init(&l.queue)
	return l
}

// add counts the pairs of a word.
func (l *learner) add(word int) {
	list := l.words[word]
	for i := range len(list) - 1 {
		l.count(pair{list[i], list[i+1]}, word, 1)
	}
}

// count counts a pair of a word in (sign 1) or out (sign -1).
func (l *learner) count(p pair, word, sign int) {
	l.pairs[p] += sign * l.counts[word]
	if sign < 0 {
		return
	}
	if in := l.in[p]; len(in) == 0 || in[len(in)-1] != word {
		l.in[p] = append(in, word)
	}
}

// best is the most frequent pair; of several the first in the alphabet.
func (l *learner) best() (pair, int) {
	for len(l.queue) > 0 {
		top := l.queue[0]
		if n := l.pairs[top.pair]; n != top.count {
			l.queue[0].count = n
			heap.Fix(&l.queue, 0)
			continue
		}
		return top.pair, top.count
	}
	return pair{}, 0
}

// join makes a pair one piece in all words. Only the pairs next to it change their counts, so that words may be long.
func (l *learner) join(p pair) {
	touched := map[pair]bool{}
	for _, w := range l.in[p] {
		list := l.words[w]
		out := list[:0]
		for i := 0; i < len(list); i++ {
			if i+1 == len(list) || list[i] != p[0] || list[i+1] != p[1] {
				out = append(out, list[i])
				continue
			}
			whole := p[0] + p[1]
			if n := len(out); n > 0 {
				l.count(pair{out[n-1], p[0]}, w, -1)
				l.count(pair{out[n-1], whole}, w, 1)
				touched[pair{out[n-1], whole}] = true
			}
			l.count(p, w, -1)
			if i+2 < len(list) {
				l.count(pair{p[1], list[i+2]}, w, -1)
				l.count(pair{whole, list[i+2]}, w, 1)
				touched[pair{whole, list[i+2]}] = true
			}
			out = append(out, whole)
			i++
		}
		l.words[w] = out
	}
	for q := range touched {
		heap.Push(&l.queue, candidate{q, l.pairs[q]})
	}
	delete(l.in, p)
	delete(l.pairs, p)
}

type candidate struct {
	pair  pair
	count int
}

// candidates is a heap of pairs, the most frequent on top.
type candidates []candidate

func (c candidates) Len() int { return len(c) }
func (c candidates) Less(i, j int) bool {
	a, b := c[i], c[j]
	switch {
	case a.count != b.count:
		return a.count > b.count
	case a.pair[0] != b.pair[0]:
		return a.pair[0] < b.pair[0]
	}
	return a.pair[1] < b.pair[1]
}
func (c candidates) Swap(i, j int) { c[i], c[j] = c[j], c[i] }
func (c *candidates) Push(x any)   { *c = append(*c, x.(candidate)) }
func (c *candidates) Pop() any {
	old := *c
	x := old[len(old)-1]
	*c = old[:len(old)-1]
	return x
}
