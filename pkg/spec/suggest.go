package spec

import "strings"

// Suggest returns the candidate nearest to word, or "" when none is near enough to be what the writer meant.
func Suggest(word string, candidates []string) string {
	best, bestDistance := "", len(word)/3+2
	for _, c := range candidates {
		if d := distance(strings.ToLower(word), strings.ToLower(c)); d < bestDistance {
			best, bestDistance = c, d
		}
	}
	return best
}

// didYouMean is the tail of a message about an unknown word: a suggestion, or else the list of what is known.
func didYouMean(word string, candidates []string) string {
	if s := Suggest(word, candidates); s != "" {
		return " (did you mean " + s + "?)"
	}
	if len(candidates) > 0 && len(candidates) <= 40 {
		return " (known: " + strings.Join(candidates, ", ") + ")"
	}
	return ""
}

// DidYouMean is didYouMean for other packages that report unknown names.
func DidYouMean(word string, candidates []string) string { return didYouMean(word, candidates) }

// distance is the optimal string alignment distance: Levenshtein's with the swap of two neighbours counted once.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	d := make([][]int, len(x)+1)
	for i := range d {
		d[i] = make([]int, len(y)+1)
		d[i][0] = i
	}
	for j := range d[0] {
		d[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(x)][len(y)]
}
