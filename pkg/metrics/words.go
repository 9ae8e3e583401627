package metrics

import (
	"strings"
	"unicode"

	"golang.org/x/text/cases"
	"golang.org/x/text/language"
)

// The reference packages are written in Python. So white space and lower case are what they are there.

// isSpace reports whether a character is white space.
func isSpace(r rune) bool { return unicode.IsSpace(r) || r >= 0x1c && r <= 0x1f }

// fields are the words of a text between white space.
func fields(text string) []string { return strings.FieldsFunc(text, isSpace) }

// lowered is a text in lower case, by the rules of Unicode for single letters and for those that become several.
func lowered(text string) string { return cases.Lower(language.Und).String(text) }

// parts is a text cut into words or characters, part i being text[from[i]:to[i]]. Several neighbours are then a piece of
// the text too, and no memory is needed for them.
type parts struct {
	text     string
	from, to []int
}

// wordParts are words with one space between them.
func wordParts(words []string) parts {
	p := parts{text: strings.Join(words, " ")}
	at := 0
	for _, w := range words {
		p.from, p.to = append(p.from, at), append(p.to, at+len(w))
		at += len(w) + 1
	}
	return p
}

// characterParts are the characters of a text.
func characterParts(text string) parts {
	p := parts{text: text}
	for i := range text {
		p.from = append(p.from, i)
		if i > 0 {
			p.to = append(p.to, i)
		}
	}
	if text != "" {
		p.to = append(p.to, len(text))
	}
	return p
}

// grams counts the runs of n parts.
func (p parts) grams(n int) map[string]int {
	counts := make(map[string]int, max(0, len(p.from)-n+1))
	for i := range len(p.from) - n + 1 {
		counts[p.text[p.from[i]:p.to[i+n-1]]]++
	}
	return counts
}

// common is how many entries two counts have in common.
func common(a, b map[string]int) (n int) {
	for gram, count := range a {
		n += min(count, b[gram])
	}
	return n
}
