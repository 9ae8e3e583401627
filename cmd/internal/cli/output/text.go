package output

import (
	"fmt"
	"strings"
)

// Choose is a where yes holds, else b.
func Choose(yes bool, a, b string) string {
	if yes {
		return a
	}
	return b
}

// List joins words, at most so many of them.
func List(words []string, most int) string {
	if len(words) > most {
		return strings.Join(words[:most-1], ", ") + fmt.Sprintf(", … (%d more)", len(words)-most+1)
	}
	return strings.Join(words, ", ")
}

// Short cuts a name that is too long for a column.
func Short(name string) string {
	const most = 24
	if r := []rune(name); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return name
}

// ShellWord quotes a word where a shell would read it otherwise.
func ShellWord(s string) string {
	if strings.ContainsAny(s, " \t'\"$&|;<>()*?[]#~`\\!{}") {
		return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
	}
	return s
}

// Shape writes the shape of an input, and how many tokens its vocabulary has: 28×28×1, 20 of 0…99.
func Shape(shape []int, vocabulary int) string {
	text := "1"
	if len(shape) > 0 {
		text = strings.Trim(strings.ReplaceAll(fmt.Sprint(shape), " ", "×"), "[]")
	}
	if vocabulary > 0 {
		text += fmt.Sprintf(" of 0…%d", vocabulary-1)
	}
	return text
}
