package dataset

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// DelimiterError says that another character than the delimiter seems to stand between the fields.
type DelimiterError struct {
	Want, Found rune
	Count       int // how often Found stands in the header
}

func (e *DelimiterError) Error() string {
	return fmt.Sprintf("the header has %s and no %s", counted(e.Count, delimiterName(e.Found)), delimiterName(e.Want))
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
	return quote(string(r))
}

// otherDelimiter returns what is wrong with a header that was read as one name though it holds several; nil when it is
// not such a header.
func otherDelimiter(format Format, header []string) *DelimiterError {
	e := &DelimiterError{Want: '\t'}
	switch f := format.(type) {
	case *CSV:
		e.Want, _ = utf8.DecodeRuneInString(f.Delimiter)
	case *TSV:
	default:
		return nil
	}
	if len(header) != 1 {
		return nil
	}
	for _, r := range ",;\t|" {
		if n := strings.Count(header[0], string(r)); n > e.Count && r != e.Want {
			e.Found, e.Count = r, n
		}
	}
	if e.Count == 0 {
		return nil
	}
	return e
}

// delimitedBy returns the format with another delimiter. Only csv has one to choose.
func delimitedBy(format Format, delimiter string) (Format, error) {
	c, ok := format.(*CSV)
	switch {
	case !ok:
		return nil, errors.New("only CSV has a delimiter to choose")
	case utf8.RuneCountInString(delimiter) != 1 || strings.ContainsAny(delimiter, "\"\r\n\ufffd"):
		return nil, fmt.Errorf("the delimiter: want one character, not a quote or a line end, got %q", delimiter)
	}
	other := *c // formats are shared
	other.Delimiter = delimiter
	return &other, nil
}
