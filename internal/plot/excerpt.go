package plot

import (
	"cmp"
	"math"
	"slices"
)

// Of texts with more tokens than an image has room for, those are drawn that lie around the ones with the largest values.
const (
	mostTokens  = 600 // of all texts of an image
	leastTokens = 60  // of one of many
	around      = 12  // tokens beside one with a large value
)

// excerpt is a text of so many tokens at most. A token without a number tells how many are left out in its place.
func (t *AttributedText) excerpt(most int) AttributedText {
	n := len(t.Tokens)
	if n <= most {
		return *t
	}
	order := make([]int, n)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(math.Abs(t.Tokens[b].Value), math.Abs(t.Tokens[a].Value))
	})
	drawn, left := make([]bool, n), most
	for _, at := range order {
		for i := max(0, at-around); i < min(n, at+around+1) && left > 0; i++ {
			if !drawn[i] {
				drawn[i] = true
				left--
			}
		}
	}
	short := AttributedText{Name: t.Name, Head: t.Head}
	for i := 0; i < n; {
		if drawn[i] {
			short.Tokens = append(short.Tokens, t.Tokens[i])
			i++
			continue
		}
		from := i
		for i < n && !drawn[i] {
			i++
		}
		short.Tokens = append(short.Tokens, AttributedToken{Text: "… " + count(float64(i-from)) + " more …", Blank: true, Value: math.NaN()})
	}
	return short
}
