package input

import (
	"errors"
	"fmt"
	"io"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/output"
	"dnn/cmd/internal/cli/term"
	"dnn/pkg/dataset/record"
)

// maxBad is how many bad rows are printed one by one.
const maxBad = 20

// Bad reports rows that cannot be used, the first ones with place and cause, and counts all of them.
type Bad struct {
	File      string // "" where each row is a file of its own
	Noun      string // "row", "image" or "file"
	Rows      int
	Count     int   // of bad ones
	Most      int   // how many are printed
	NoHistory Lines // of rows whose history is not in the file, which is no mistake
	out       io.Writer
}

// NewBad reports bad rows of the input.
func NewBad(t *term.Terminal, in *Input) *Bad {
	return &Bad{out: t.Err, File: in.Name, Noun: "row", Most: maxBad}
}

// NewBadFiles reports bad files, each a row.
func NewBadFiles(t *term.Terminal, noun string) *Bad {
	return &Bad{out: t.Err, Noun: noun, Most: maxBad}
}

// Line names a row by its first line.
func (b *Bad) Line(n int) string { return fmt.Sprintf("%s:%d", b.File, n) }

// Add counts the next row with its error, or nil. place returns the name of the row, for messages.
func (b *Bad) Add(place func() string, err error) {
	b.Rows++
	if err == nil {
		return
	}
	b.Count++
	if b.Count > b.Most {
		return
	}
	var e *record.RowError
	text := err.Error()
	if errors.As(err, &e) {
		text = e.Text
		if e.Column != "" {
			text = fmt.Sprintf("column %q: %s", e.Column, e.Text)
		}
	}
	fmt.Fprintf(b.out, "%s: %s\n", place(), text)
	if b.Count == b.Most {
		fmt.Fprintf(b.out, "… more bad %ss are only counted\n", b.Noun)
	}
}

// Err is the error of a command that left bad rows empty, or nil.
func (b *Bad) Err() error {
	if b.Count == 0 {
		return nil
	}
	return exit.Usagef("%s of %s could not be predicted; their predictions are empty", output.Count(b.Count), output.Plural(b.Rows, b.Noun))
}

// Lines are the first lines of some rows, printed as ranges: 2 to 29, 95.
type Lines struct {
	Rows   int
	ranges [][2]int // the first and the last line
}

// Add adds a line.
func (l *Lines) Add(line int) {
	l.Rows++
	if n := len(l.ranges); n > 0 && l.ranges[n-1][1]+1 == line {
		l.ranges[n-1][1] = line
		return
	}
	l.ranges = append(l.ranges, [2]int{line, line})
}

func (l *Lines) String() string {
	var words []string
	for _, s := range l.ranges {
		words = append(words, output.Choose(s[0] == s[1], fmt.Sprint(s[0]), fmt.Sprintf("%d to %d", s[0], s[1])))
	}
	return output.Choose(l.Rows == 1, "line ", "lines ") + output.List(words, 6)
}
