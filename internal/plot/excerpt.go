package plot

import (
	"cmp"
	"math"
	"slices"
)

// Of a text with more tokens than fit, the tokens around the largest values are drawn.
const (
	mostTokens  = 600 // of all texts of a chart
	leastTokens = 60  // of one text of many
	around      = 12  // tokens on each side of one with a large value
)

// excerpt cuts a text to at most that many tokens. A token without a value says how many are left out.
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
