package transfer

import (
	"fmt"

	"dnn/internal/phrase"
)

// match says of each place of an axis which one of the model's it is, -1 for none.
type match struct {
	from  []int
	found int
	other int // places of the model's axis
}

// matchLabels finds the places of labels. A label that comes twice stands for nothing.
func matchLabels(labels, other []string) *match {
	at := map[string]int{}
	for i, label := range other {
		if _, twice := at[label]; twice || label == "" {
			at[label] = -1
		} else {
			at[label] = i
		}
	}
	m := &match{other: len(other)}
	for _, label := range labels {
		i, ok := at[label]
		if !ok {
			i = -1
		}
		if m.from = append(m.from, i); i >= 0 {
			m.found++
		}
	}
	return m
}

// same reports whether nothing moves.
func (m *match) same() bool {
	if m == nil {
		return true
	}
	for i, from := range m.from {
		if i != from {
			return false
		}
	}
	return len(m.from) == m.other
}

// said tells how many places are found, where they are not all there are.
func (m *match) said(what string) string {
	if m == nil || m.found == len(m.from) {
		return ""
	}
	return fmt.Sprintf(" (%s of %s %s)", phrase.Thousands(m.found), phrase.Thousands(len(m.from)), what)
}
