package table

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"dnn/internal/phrase"
)

// DelimiterError says that another character than the delimiter seems to stand between the fields.
type DelimiterError struct {
	Want, Found rune
	Count       int // how often Found stands in the header
}

func (e *DelimiterError) Error() string {
	return fmt.Sprintf("the header has %s and no %s", phrase.Count(e.Count, delimiterName(e.Found)), delimiterName(e.Want))
}

func delimiterName(r rune) string {
	switch r {
	case ',':
		return "comma"
	case ';':
		return "semicolon"
	case '\t':
		return "tab"
	case '|':
		return "bar"
	}
	return phrase.Quote(string(r))
}

// Setting says which setting of a spec mends it.
func (e *DelimiterError) Setting() string {
	switch {
	case e.Found == '\t':
		return "set format: tsv"
	case e.Want == '\t' && e.Found == ',':
		return "set format: csv"
	case e.Want == '\t':
		return fmt.Sprintf("set format: csv and delimiter: %q", string(e.Found))
	}
	return fmt.Sprintf("set delimiter: %q", string(e.Found))
}

// otherDelimiter looks whether a header that would be one name holds several, with another character between them. What
// stands in quotes does not count.
func otherDelimiter(line string, want rune) *DelimiterError {
	counts, quoted := map[rune]int{}, false
	for _, r := range line {
		if r == '"' {
			quoted = !quoted
		} else if !quoted {
			counts[r]++
		}
	}
	e := &DelimiterError{Want: want}
	for _, r := range ",;\t|" {
		if counts[r] > e.Count {
			e.Found, e.Count = r, counts[r]
		}
	}
	if e.Count == 0 || counts[want] > 0 {
		return nil
	}
	return e
}

// DelimiterHint returns what otherDelimiter said of a file that was begun to be read.
func DelimiterHint(rec RowReader, err error) *DelimiterError {
	if d, ok := rec.(*delimited); ok && err == nil {
		return d.other
	}
	var other *DelimiterError
	errors.As(err, &other)
	return other
}

// firstLine looks ahead at the first line, without waiting for more than that to come.
func firstLine(b *bufio.Reader) string {
	for n := 1; ; n = max(n+1, b.Buffered()) {
		head, err := b.Peek(n)
		if i := bytes.IndexByte(head, '\n'); i >= 0 {
			return strings.TrimSuffix(string(head[:i]), "\r")
		}
		if err != nil { // the end, or a line longer than the buffer
			return string(head)
		}
	}
}

// GoodDelimiter reports whether a text is one character that can stand between fields.
func GoodDelimiter(text string) bool {
	return utf8.RuneCountInString(text) == 1 && !strings.ContainsAny(text, "\"\r\n\ufffd")
}
