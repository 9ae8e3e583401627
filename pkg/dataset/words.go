package dataset

import (
	"fmt"
	"strconv"
	"strings"
)

// quote puts a field into a message, cut when it is long.
func quote(field string) string {
	if r := []rune(field); len(r) > 40 {
		field = string(r[:37]) + "…"
	}
	return strconv.Quote(field)
}

// few lists some words for a message.
func few(words []string) string {
	const most = 5
	var quoted []string
	for _, w := range words[:min(most, len(words))] {
		quoted = append(quoted, quote(w))
	}
	list := strings.Join(quoted, ", ")
	if rest := len(words) - most; rest > 0 {
		list += fmt.Sprintf(" and %d more", rest)
	}
	return list
}

// number writes a number for a message.
func number(x float64) string { return strconv.FormatFloat(x, 'g', 6, 64) }

// thousands writes a count as 32,561.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// are is counted with its verb: "is 1 column", "are 2 columns".
func are(n int, noun string) string {
	if n == 1 {
		return "is 1 " + noun
	}
	return "are " + counted(n, noun)
}

// counted writes a count with its noun: "1 gap", "2,000 gaps".
func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return thousands(n) + " " + noun + "s"
}

func fewNames(names []string) string {
	const most = 20
	list := strings.Join(names[:min(most, len(names))], ", ")
	if rest := len(names) - most; rest > 0 {
		list += fmt.Sprintf(" and %d more", rest)
	}
	return list
}

func isAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

func lieLies(n int) string {
	if n == 1 {
		return "lies"
	}
	return "lie"
}

// joinList joins parts of a message.
func joinList(parts []string) string {
	text := ""
	for i, p := range parts {
		if i > 0 {
			text += "; "
		}
		text += p
	}
	return text
}

// maxExamples is how many mistakes of one sort are told one by one.
const maxExamples = 3
