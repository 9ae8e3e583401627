package cli

import (
	"errors"
	"fmt"
	"io"

	"dnn/pkg/dataset"
)

// maxComplaints is how many bad rows are told one by one.
const maxComplaints = 20

// complaints tells of rows that cannot be used, the first ones with line and cause, and counts all.
type complaints struct {
	out   io.Writer
	file  string
	rows  int
	count int
}

// newComplaints tells of the rows of an input.
func newComplaints(a *app, in *input) *complaints {
	c := &complaints{out: a.err, file: in.name}
	if in.name == stdin {
		c.file = "stdin" // "stdin:3: …", as compilers do
	}
	return c
}

// row takes the error of the next row, or nil.
func (c *complaints) row(line int, err error) {
	c.rows++
	if err == nil {
		return
	}
	c.count++
	if c.count > maxComplaints {
		return
	}
	var e *dataset.RowError
	text := err.Error()
	if errors.As(err, &e) {
		text = e.Text
		if e.Column != "" {
			text = fmt.Sprintf("column %q: %s", e.Column, e.Text)
		}
	}
	fmt.Fprintf(c.out, "%s:%d: %s\n", c.file, line, text)
	if c.count == maxComplaints {
		fmt.Fprintln(c.out, "… further bad rows are only counted")
	}
}
