package plot

import (
	"fmt"
	"slices"
)

// Distinct cuts names that are too long, each by cut, which takes from the end, so that different ones stay different: what
// names have in common at their beginning is dropped where they would else become the same, and where that is not enough
// their number (from 0) stands before them.
func Distinct(names []string, cut func(string) string) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = cut(name)
	}
	for _, same := range alike(names, out) {
		const left = 3 // runes of what they have in common
		at := max(0, commonRunes(names, same)-left)
		for _, i := range same {
			out[i] = cut("…" + string([]rune(names[i])[at:]))
		}
	}
	for _, same := range alike(names, out) {
		for _, i := range same {
			out[i] = cut(fmt.Sprintf("%d %s", i, names[i]))
		}
	}
	return out
}

// alike lists the groups of different names that have been cut to the same.
func alike(names, out []string) (groups [][]int) {
	byText := map[string][]int{}
	var texts []string
	for i, text := range out {
		if byText[text] == nil {
			texts = append(texts, text)
		}
		byText[text] = append(byText[text], i)
	}
	for _, text := range texts {
		same := byText[text]
		if slices.ContainsFunc(same, func(i int) bool { return names[i] != names[same[0]] }) {
			groups = append(groups, same)
		}
	}
	return groups
}

// commonRunes is how many runes the names of a group have in common at their beginning.
func commonRunes(names []string, group []int) int {
	first := []rune(names[group[0]])
	n := len(first)
	for _, i := range group[1:] {
		r := []rune(names[i])
		n = min(n, len(r))
		for k := range n {
			if r[k] != first[k] {
				n = k
				break
			}
		}
	}
	return n
}
