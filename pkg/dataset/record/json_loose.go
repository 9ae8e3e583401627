package record

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// looseJSON makes JSON of an object in which numbers are NaN, Infinity or -Infinity, as Python writes them: they become words, or
// null within lists and objects.
func looseJSON(text string) (string, bool) {
	if !strings.Contains(text, "NaN") && !strings.Contains(text, "Infinity") {
		return "", false
	}
	var b strings.Builder
	depth, quoted := 0, false
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case quoted && c == '\\' && i+1 < len(text):
			b.WriteByte(c)
			i++
			c = text[i]
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
		case c == 'N' || c == 'I' || c == '-':
			word := bareWord(text[i:])
			if word == "" {
				break
			}
			if depth > 1 {
				b.WriteString("null")
			} else {
				b.WriteString(`"` + word + `"`)
			}
			i += len(word) - 1
			continue
		}
		b.WriteByte(c)
	}
	return b.String(), json.Valid([]byte(b.String()))
}

// bareWord is the word for a number that is not finite at the beginning of a text, or "".
func bareWord(text string) string {
	for _, w := range []string{"NaN", "Infinity", "-Infinity"} {
		if strings.HasPrefix(text, w) {
			return w
		}
	}
	return ""
}

// jsonArray reads the objects of a JSON array, however they are laid out in lines.
type jsonArray struct {
	b       *bufio.Reader
	limit   Limit
	line    int // of what is read next
	first   bool
	comma   bool // one came after the last object
	ended   bool
	reading []byte
}

// openArray begins to read an array if there is one.
func openArray(b *bufio.Reader, limit Limit) *jsonArray {
	for n := 1; ; n++ {
		head, err := b.Peek(n)
		if err != nil {
			return nil
		}
		switch c := head[n-1]; {
		case c == ' ' || c == '\t' || c == '\r' || c == '\n':
		case c == '[':
			return &jsonArray{b: b, limit: limit, line: 1, first: true}
		default:
			return nil
		}
	}
}

// next returns the next object, or another value in its place, and the line that it begins on. What follows the object is read as
// far as it has come, so that those who wait for rows do not take it for one.
func (a *jsonArray) next() (string, int, error) {
	text, line, err := a.value()
	for err == nil && a.b.Buffered() > 0 {
		head, _ := a.b.Peek(1)
		switch c := head[0]; {
		case c == '\n':
			a.line++
		case c == ' ' || c == '\t' || c == '\r':
		case c == ',' && !a.comma && !a.ended:
			a.comma = true
		case c == ']' && !a.ended:
			a.ended = true
		default:
			return text, line, err
		}
		a.b.Discard(1)
	}
	return text, line, err
}

// value reads up to the end of a value.
func (a *jsonArray) value() (string, int, error) {
	a.reading = a.reading[:0]
	depth, quoted, start := 0, false, 0
	for {
		c, err := a.b.ReadByte()
		if err == io.EOF && a.ended {
			return "", 0, io.EOF
		}
		if err == io.EOF {
			return "", 0, fmt.Errorf("line %d: the JSON array that begins the file does not end", a.line)
		}
		if err != nil {
			return "", 0, err
		}
		here := a.line
		if c == '\n' {
			a.line++
		}
		if len(a.reading) == 0 {
			switch {
			case c == ' ' || c == '\t' || c == '\r' || c == '\n':
				continue
			case a.ended:
				return "", 0, fmt.Errorf("line %d: there is more after the end of the JSON array", here)
			case c == '[' && a.first:
				a.first, a.comma = false, true
				continue
			case c == ',' && !a.comma:
				a.comma = true
				continue
			case c == ']':
				a.ended = true
				continue
			case !a.comma:
				return "", 0, fmt.Errorf("line %d: a comma is missing between the objects of the JSON array", here)
			}
			start = here
		}
		if len(a.reading) == a.limit.bytes() {
			return "", 0, fmt.Errorf("line %d: an object of more than %s, the most that max_line allows", start, a.limit)
		}
		if depth == 0 && !quoted && (c == ',' || c == ']') { // after a number or a word
			a.b.UnreadByte()
			a.comma = false
			return string(a.reading), start, nil
		}
		a.reading = append(a.reading, c)
		switch {
		case quoted && c == '\\':
			if c, err = a.b.ReadByte(); err == nil {
				a.reading = append(a.reading, c)
			}
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
		}
		if depth == 0 && !quoted && (c == '}' || c == ']' || c == '"') {
			a.comma = false
			return string(a.reading), start, nil
		}
	}
}
