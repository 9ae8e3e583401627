package cli

import (
	"errors"
	"fmt"
	"io"

	"dnn/pkg/dataset"
)

// maxComplaints is how many bad rows are told one by one.
const maxComplaints = 20

// complaints tells of rows that cannot be used, the first ones with place and cause, and counts all.
type complaints struct {
	out   io.Writer
	file  string // "" where each row is a file of its own
	noun  string // "row" or "picture"
	rows  int
	count int
	most  int      // how many are told
	young lineList // of rows without a history, which is no mistake
}

// lineList are the lines that some rows begin in, told as stretches: 2 to 29, 95.
type lineList struct {
	rows      int
	stretches [][2]int // the first and the last line
}

func (l *lineList) add(line int) {
	l.rows++
	if n := len(l.stretches); n > 0 && l.stretches[n-1][1]+1 == line {
		l.stretches[n-1][1] = line
		return
	}
	l.stretches = append(l.stretches, [2]int{line, line})
}

func (l *lineList) text() string {
	var words []string
	for _, s := range l.stretches {
		words = append(words, choose(s[0] == s[1], fmt.Sprint(s[0]), fmt.Sprintf("%d to %d", s[0], s[1])))
	}
	return choose(l.rows == 1, "line ", "lines ") + listShort(words, 6)
}

// newComplaints tells of the rows of an input.
func newComplaints(a *app, in *input) *complaints {
	return &complaints{out: a.err, file: in.name, noun: "row", most: maxComplaints}
}

// line names a row by the line it begins in.
func (c *complaints) line(n int) string { return fmt.Sprintf("%s:%d", c.file, n) }

// row takes the error of the next row, or nil. place is asked for the row's name when it is told.
func (c *complaints) row(place func() string, err error) {
	c.rows++
	if err == nil {
		return
	}
	c.count++
	if c.count > c.most {
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
	fmt.Fprintf(c.out, "%s: %s\n", place(), text)
	if c.count == c.most {
		fmt.Fprintf(c.out, "… further bad %ss are only counted\n", c.noun)
	}
}

// verdict is the error of a command that left rows out.
func (c *complaints) verdict() error {
	if c.count == 0 {
		return nil
	}
	return usagef("%s of %s could not be predicted; their places are empty", count(c.count), plural(c.rows, c.noun))
}
