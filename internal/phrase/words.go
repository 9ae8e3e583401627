package phrase

import (
	"fmt"
	"strconv"
	"strings"
)

// Quote puts a field into a message, cut when it is long.
func Quote(field string) string {
	if r := []rune(field); len(r) > 40 {
		field = string(r[:37]) + "…"
	}
	return strconv.Quote(field)
}

// Few lists some words for a message.
func Few(words []string) string {
	const most = 5
	var quoted []string
	for _, w := range words[:min(most, len(words))] {
		quoted = append(quoted, Quote(w))
	}
	list := strings.Join(quoted, ", ")
	if rest := len(words) - most; rest > 0 {
		list += fmt.Sprintf(" and %d more", rest)
	}
	return list
}

// Number writes a number for a message.
func Number(x float64) string { return strconv.FormatFloat(x, 'g', 6, 64) }

// Thousands writes a count as 32,561.
func Thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Are is counted with its verb: "is 1 column", "are 2 columns".
func Are(n int, noun string) string {
	if n == 1 {
		return "is 1 " + noun
	}
	return "are " + Count(n, noun)
}

// Count writes a count with its noun: "1 gap", "2,000 gaps".
func Count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return Thousands(n) + " " + noun + "s"
}

// List writes names one after the other, of many the first 20 and how many more there are.
func List(names []string) string {
	const most = 20
	list := strings.Join(names[:min(most, len(names))], ", ")
	if rest := len(names) - most; rest > 0 {
		list += fmt.Sprintf(" and %d more", rest)
	}
	return list
}

// IsAre is the verb for a count.
func IsAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// Join joins parts of a message.
func Join(parts []string) string {
	text := ""
	for i, p := range parts {
		if i > 0 {
			text += "; "
		}
		text += p
	}
	return text
}

// Examples is how many mistakes of one sort are told one by one.
const Examples = 3
