package record

import (
	"bufio"
	"bytes"
	"io"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"dnn/pkg/spec"
)

// Lines are the settings for what stands in a file of delimited rows besides rows, and for how delimiters in fields are marked.
type Lines struct {
	SkipRows int    `json:"skip_rows,omitempty" default:"0" range:"[0,)" doc:"how many lines at the beginning of a file are left out, before the header line"`
	Comment  string `json:"comment,omitempty" doc:"lines that begin with this text, such as #, are left out (default: none)"`
	Escape   string `json:"escape,omitempty" doc:"the one character after which a quote, a delimiter or a line end is part of a field, such as \\ (default: none; a quote within quotes is doubled)"`
}

// CheckLines requires an escape of one character that is none of the others.
func (l *Lines) CheckLines(path, delimiter string, p *spec.Problems) {
	if l.Escape != "" && (!GoodDelimiter(l.Escape) || l.Escape == delimiter || l.Escape[0] >= utf8.RuneSelf) {
		p.Add(path+".escape", "must be one ASCII character, not a quote, a line end or the delimiter; got %q", l.Escape)
		l.Escape = ""
	}
	if l.Comment != "" && (strings.TrimSpace(l.Comment) != l.Comment || strings.ContainsAny(l.Comment, "\"\r\n")) {
		p.Add(path+".comment", "must be a text without quotes, and without spaces around it; got %q", l.Comment)
		l.Comment = ""
	}
}

// sepLine is the first line by which Excel is told the delimiter.
var sepLine = regexp.MustCompile(`^(?i:"?sep=(.)"?)$`)

// SepLine returns the delimiter that a first line such as sep=; names; 0 for none.
func SepLine(line string) rune {
	m := sepLine.FindStringSubmatch(line)
	if m == nil || !GoodDelimiter(m[1]) {
		return 0
	}
	comma, _ := utf8.DecodeRuneInString(m[1])
	return comma
}

// skip leaves out the lines before the header, and returns how many, and the delimiter that the first one gives; 0 for none.
func (l *Lines) skip(b *bufio.Reader) (skipped int, comma rune, err error) {
	most := l.SkipRows
	if comma = SepLine(firstLine(b)); comma != 0 {
		most = max(most, 1)
	}
	for skipped < most {
		part, err := b.ReadSlice('\n')
		if err == io.EOF {
			return skipped + min(len(part), 1), comma, nil
		}
		if err == nil {
			skipped++
		} else if err != bufio.ErrBufferFull {
			return skipped, comma, err
		}
	}
	return skipped, comma, nil
}

// uncommented leaves out the lines that are comments. A read returns no more than one line, so that those who wait for rows know of
// all that were not read.
type uncommented struct {
	b       *bufio.Reader
	mark    []byte
	quotes  bool
	rest    []byte // of the line that is read
	err     error
	within  bool  // a quoted field
	begun   bool  // the line is longer than the buffer, and its beginning was read
	lines   int   // that were passed on
	removed []int // for each that was not: how many were passed on before
}

// Read returns the rest of a line, or the next one.
func (u *uncommented) Read(p []byte) (int, error) {
	for len(u.rest) == 0 {
		if u.err != nil {
			return 0, u.err
		}
		part, err := u.b.ReadSlice('\n')
		whole := err != bufio.ErrBufferFull
		if whole {
			u.err = err
		}
		comment := !u.begun && !u.within && bytes.HasPrefix(part, u.mark)
		for comment && !whole {
			_, err := u.b.ReadSlice('\n')
			if whole = err != bufio.ErrBufferFull; whole {
				u.err = err
			}
		}
		u.begun = !whole
		if comment {
			u.removed = append(u.removed, u.lines)
			continue
		}
		if u.quotes && bytes.Count(part, []byte{'"'})%2 == 1 {
			u.within = !u.within
		}
		if whole && len(part) > 0 {
			u.lines++
		}
		u.rest = part
	}
	n := copy(p, u.rest)
	u.rest = u.rest[n:]
	return n, nil
}

// numbering turns the numbers of the lines that are read into those of the lines in the file.
type numbering struct {
	skipped  int
	comments *uncommented // nil where there are none
}

// of is the number in the file.
func (n *numbering) of(line int) int {
	if n.comments == nil {
		return n.skipped + line
	}
	before, _ := slices.BinarySearch(n.comments.removed, line) // those after fewer lines than this one's number
	return n.skipped + line + before
}

// leftOut is how many lines so far are none that are read.
func (n *numbering) leftOut() int {
	if n.comments == nil {
		return n.skipped
	}
	return n.skipped + len(n.comments.removed)
}
