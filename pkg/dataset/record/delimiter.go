package record

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"dnn/internal/phrase"
)

// DelimiterError says that the fields seem to have another delimiter between them.
type DelimiterError struct {
	Want, Found rune
	Count       int // how often Found occurs in the header
}

func (e *DelimiterError) Error() string {
	return fmt.Sprintf("the header has %s but no %s", phrase.Count(e.Count, delimiterName(e.Found)), delimiterName(e.Want))
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

// Setting says how to set the delimiter in the spec.
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

// otherDelimiter checks whether a header that would be one name contains several, with another delimiter. Quoted text
// does not count.
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

// DelimiterHint returns what otherDelimiter found in a file.
func DelimiterHint(rec Reader, err error) *DelimiterError {
	if d, ok := rec.(*delimited); ok && err == nil {
		return d.other
	}
	var other *DelimiterError
	errors.As(err, &other)
	return other
}

// firstLine peeks at the first line. It waits for no more input than that.
func firstLine(b *bufio.Reader) string {
	for n := 1; ; n = max(n+1, b.Buffered()) {
		head, err := b.Peek(n)
		if i := bytes.IndexByte(head, '\n'); i >= 0 {
			return strings.TrimSuffix(string(head[:i]), "\r")
		}
		if err != nil { // the end of the file, or a line longer than the buffer
			return string(head)
		}
	}
}

// GoodDelimiter reports whether a text is one character that can be a delimiter.
func GoodDelimiter(text string) bool {
	return utf8.RuneCountInString(text) == 1 && !strings.ContainsAny(text, "\"\r\n\ufffd")
}
