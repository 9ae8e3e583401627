package spec

import (
	"fmt"
	"slices"
)

// Severity says how much a note matters.
type Severity int

// A note either informs, or warns of something that the user should act on.
const (
	Info Severity = iota
	Warning
)

// String is "note" or "warning".
func (s Severity) String() string {
	if s == Warning {
		return "warning"
	}
	return "note"
}

// MarshalText writes the severity as String does.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Note is something that a user should know and that stops nothing.
type Note struct {
	Severity Severity `json:"severity"`
	Path     string   `json:"path,omitempty"` // of the spec, as in a Problem; "" where it concerns the whole
	Text     string   `json:"text"`           // one sentence, with what to do
}

// String is the text, with "warning: " before it where it is one.
func (n Note) String() string {
	if n.Severity == Warning {
		return "warning: " + n.Text
	}
	return n.Text
}

// Notes collects notes in the order in which they were found.
type Notes []Note

// Add notes something at path.
func (n *Notes) Add(path, format string, args ...any) {
	*n = append(*n, Note{Info, path, fmt.Sprintf(format, args...)})
}

// Warn warns of something at path.
func (n *Notes) Warn(path, format string, args ...any) {
	*n = append(*n, Note{Warning, path, fmt.Sprintf(format, args...)})
}

// Merge appends the notes that are not there yet.
func (n *Notes) Merge(others Notes) {
	for _, note := range others {
		if !slices.Contains(*n, note) {
			*n = append(*n, note)
		}
	}
}

// Warnings are the notes that a user should act on.
func (n Notes) Warnings() (list Notes) {
	for _, note := range n {
		if note.Severity == Warning {
			list = append(list, note)
		}
	}
	return list
}

// Texts are the notes as Note.String writes them.
func (n Notes) Texts() (list []string) {
	for _, note := range n {
		list = append(list, note.String())
	}
	return list
}
