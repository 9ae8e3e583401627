package tokenizer

import "container/heap"

// learner counts the pairs of neighbours in all words and keeps the counts true while pairs are joined.
type learner struct {
	words  [][]string
	counts []int          // of the words
	pairs  map[pair]int   // how often each occurs
	in     map[pair][]int // words that held it at some time
	queue  candidates     // may hold counts that are too high
}

// learnPairs joins the pair of neighbours that occurs most often in words, again and again: at most so many times, and while it
// occurs at least so often. cut cuts a word into the pieces that it begins with.
func learnPairs(counts map[string]int, cut func(word string) []string, least, most int) (pairs []pair) {
	l := newLearner(counts, cut)
	for len(pairs) < most {
		p, n := l.best()
		if n < least {
			break
		}
		pairs = append(pairs, p)
		l.join(p)
	}
	return pairs
}

func newLearner(counts map[string]int, cut func(word string) []string) *learner {
	l := &learner{pairs: map[pair]int{}, in: map[pair][]int{}}
	for _, word := range newVocabulary(counts, 1, len(counts)).words { // in an order that maps do not have
		l.words, l.counts = append(l.words, cut(word)), append(l.counts, counts[word])
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
