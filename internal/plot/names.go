package plot

import (
	"fmt"
	"slices"
)

// Distinct shortens names that are too long by cut, which removes from the end, and keeps different names different:
// where they would become equal, it drops the beginning that they share and, if that is not enough, puts their number
// (from 0) first.
func Distinct(names []string, cut func(string) string) []string {
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = cut(name)
	}
	for _, same := range alike(names, out) {
		const left = 3 // runes of the shared beginning
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

// alike returns the groups of different names that were cut to the same.
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

// commonRunes returns how many runes the names of a group share at their beginning.
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
