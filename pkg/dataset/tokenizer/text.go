package tokenizer

import "strings"

// Text is the text that tokens stand for.
func Text(f Fitted, tokens []int32) string {
	all := f.Tokens()
	var list []string
	for _, t := range tokens {
		if t >= reserved && int(t) < len(all) {
			list = append(list, all[t])
		}
	}
	switch f.(type) {
	case *chars, *pieces:
		return strings.TrimPrefix(strings.Join(list, ""), " ")
	}
	return strings.Join(list, " ")
}
