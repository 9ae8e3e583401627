package spec

import (
	"slices"
	"strings"
)

// Suggest returns the candidate nearest to word, or "" when none is near enough to be what the writer meant: a slip of
// the keyboard (several, if it is not how a longer one begins: test_acc is test_accuracy, not test_f1), the initials of its words (lr for learning_rate), or its beginning or one of its words.
func Suggest(word string, candidates []string) string {
	w := plainWord(word)
	n := len([]rune(w))
	if s := slip(word, candidates); s != "" {
		longer := func(c string) bool { return n >= 5 && strings.HasPrefix(strings.ToLower(c), w) }
		if i := slices.IndexFunc(candidates, longer); i >= 0 && distance(w, strings.ToLower(s)) > 1 {
			return candidates[i]
		}
		return s
	}
	if n > maxWord {
		return ""
	}
	for _, near := range []func(candidate string) bool{
		func(c string) bool { return n > 1 && initials(c) == w },
		func(c string) bool { return strings.ReplaceAll(c, "_", "") == strings.ReplaceAll(w, "_", "") },
		func(c string) bool { return n > 2 && strings.HasPrefix(c, w) },
		func(c string) bool { return n > 2 && slices.Contains(strings.Split(c, "_"), w) },
	} {
		if i := slices.IndexFunc(candidates, near); i >= 0 {
			return candidates[i]
		}
	}
	for part := range strings.SplitSeq(w, "_") { // the first one says what is meant: validation_path
		if len(part) > 3 && slices.Contains(candidates, part) {
			return part
		}
	}
	return ""
}

// maxWord is the longest word that anything is suggested for.
const maxWord = 64

func plainWord(word string) string {
	return strings.ToLower(strings.NewReplacer("-", "_", " ", "_").Replace(word))
}

// slip returns the candidate that word is a slip of the keyboard for, or "".
func slip(word string, candidates []string) string {
	if near := slips(word, candidates); len(near) > 0 {
		return near[0]
	}
	return ""
}

// slips are all candidates that a word is a slip of, with as few slips as any.
func slips(word string, candidates []string) (near []string) {
	w := plainWord(word)
	n := len([]rune(w))
	if n == 0 || n > maxWord {
		return nil
	}
	fewest := allowed(n)
	for _, c := range candidates {
		if abs(len([]rune(c))-n) > fewest {
			continue
		}
		switch d := distance(w, strings.ToLower(c)); {
		case d < fewest:
			near, fewest = []string{c}, d
		case d == fewest:
			near = append(near, c)
		}
	}
	return near
}

// allowed is how many slips a word of n letters may have. In a word of two letters a slip leaves nothing to go by.
func allowed(n int) int {
	switch {
	case n < 3:
		return 0
	case n < 5:
		return 1
	case n < 8:
		return 2
	}
	return 3
}

func abs(n int) int { return max(n, -n) }

// initials are the first letters of a key's words.
func initials(key string) string {
	var b strings.Builder
	for w := range strings.SplitSeq(key, "_") {
		if w != "" {
			b.WriteByte(w[0])
		}
	}
	return b.String()
}

// mostListed is how many known words a message lists at most.
const mostListed = 40

// didYouMean is the tail of a message about an unknown word: a suggestion, or else the list of what is known.
func didYouMean(word string, candidates []string) string {
	if s := suggestion(word, candidates); s != "" || len(candidates) > mostListed {
		return s
	}
	return listed(candidates)
}

func suggestion(word string, known []string) string {
	if s := Suggest(word, known); s != "" {
		return " (did you mean " + s + "?)"
	}
	return ""
}

func listed(known []string) string {
	if len(known) == 0 {
		return ""
	}
	return " (known: " + strings.Join(known, ", ") + ")"
}

// DidYouMean is didYouMean for other packages that report unknown names.
func DidYouMean(word string, candidates []string) string { return didYouMean(word, candidates) }

// DidYouMean is the tail of a message about an unknown name, which candidates are made for. It is empty once there were many: to
// compare thousands of names with thousands takes minutes.
func (p *Problems) DidYouMean(word string, candidates func() []string) string {
	if p.hints++; p.hints > many {
		return ""
	}
	return didYouMean(word, candidates())
}

// distance is the optimal string alignment distance: Levenshtein's with the swap of two neighbours counted once.
func distance(a, b string) int {
	var runes, others [maxWord]rune // most words have so few: these need no memory
	x, y := append(runes[:0], []rune(a)...), append(others[:0], []rune(b)...)
	var rows [3][maxWord + 1]int
	before, last, row := rows[0][:0], rows[1][:0], rows[2][:0]
	for j := range len(y) + 1 {
		before, last, row = append(before, 0), append(last, j), append(row, 0)
	}
	for i := 1; i <= len(x); i++ {
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(last[j]+1, row[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(y)]
}
