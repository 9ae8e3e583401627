package record

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"dnn/internal/phrase"
	"dnn/pkg/spec"
)

// jsonAhead is how many lines are read to learn the columns.
const jsonAhead = 100

// OpenJSONLines starts to read JSON Lines. The first objects define the columns.
func OpenJSONLines(r io.Reader, most Limit) (Reader, error) {
	b, err := text(r)
	if err != nil {
		return nil, err
	}
	if err := oldLines(firstLine(b)); err != nil {
		return nil, err
	}
	most = most.orDefault()
	rec := &JSONLines{lines: lineReader{b: b, limit: most}, at: map[string]int{}, array: openArray(b, most), paths: jsonPaths{read: map[string]bool{}}}
	coming, _ := r.(*PromptReader)
	if coming != nil {
		coming.Wait(namesWait)
	}
	for range jsonAhead {
		if coming != nil && len(rec.Ahead) > 0 && !coming.Soon(namesWait) {
			break
		}
		text, line, err := rec.readLine()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		rec.Ahead = append(rec.Ahead, jsonLine{text, line})
		eachField(text, func(key, value string, _ bool) {
			if _, known := rec.at[key]; !known {
				rec.add(key)
			}
			rec.paths.look(key, value)
		})
	}
	if len(rec.names) == 0 {
		return nil, errors.New("no line is a JSON object with keys")
	}
	return rec, nil
}

// add adds a column.
func (j *JSONLines) add(key string) {
	j.at[key] = len(j.names)
	j.names, j.fields, j.seen, j.bare = append(j.names, key), append(j.fields, ""), append(j.seen, 0), append(j.bare, false)
}

type jsonLine struct {
	text string
	line int
}

// JSONLines reads JSON Lines, or a JSON array of objects. The columns are the keys of the objects.
type JSONLines struct {
	lines  lineReader
	array  *jsonArray // nil for JSON Lines
	names  []string
	at     map[string]int
	Ahead  []jsonLine
	fields []string
	text   string
	Needed []MissingKey // the required columns, and which objects lacked them
	seen   []int        // by column: the last object that had it
	bare   []bool       // by column: its last value was a number
	count  int          // of objects
	paths  jsonPaths

	wanted func(key string) bool // whether a key that no object had so far is a column; nil: none is
}

// mostKeys is how many columns there may be when one more is found.
const mostKeys = 20_000

// Grow has the columns begin with the given ones, those of another file, and makes columns of keys that are found later if they are
// wanted. They are appended to the header.
func (j *JSONLines) Grow(columns []string, wanted func(key string) bool) {
	own := j.names
	j.wanted, j.names, j.fields, j.seen, j.bare = wanted, nil, nil, nil, nil
	clear(j.at)
	j.paths.named = !wanted("\x00") // a name that no key has: else all columns are wanted
	for _, name := range columns {
		if j.add(name); j.paths.named && strings.Contains(name, ".") {
			j.paths.read[name] = true
		}
	}
	for _, name := range own {
		if _, known := j.at[name]; !known && (columns == nil || wanted(name)) {
			j.add(name)
		}
	}
	for _, path := range j.paths.found {
		if j.paths.named && wanted(path) {
			j.addPath(path)
		}
	}
}

// Header returns the keys found so far.
func (j *JSONLines) Header() []string { return j.names }

// Expect adds columns that no object had so far: each row has a gap there until an object has the key. A name that may
// be a misspelling of a known key is not added, so that it is reported, and none is added if no column is known.
// Objects that lack one of the names are counted.
func (j *JSONLines) Expect(names []string) {
	for _, path := range j.paths.found {
		if slices.Contains(names, path) {
			j.addPath(path)
		}
	}
	var spare, lacking []string
	for _, key := range j.names {
		if !slices.Contains(names, key) {
			spare = append(spare, key)
		}
	}
	for _, name := range names {
		if _, known := j.at[name]; !known {
			lacking = append(lacking, name)
		}
	}
	if len(lacking) == len(names) {
		return
	}
	for _, name := range lacking {
		if spec.Suggest(name, spare) == "" {
			j.add(name)
		}
	}
	for _, name := range names {
		j.Needed = append(j.Needed, MissingKey{Column: name, All: true})
	}
}

// look counts the required columns that the last object lacked.
func (j *JSONLines) look(line int) {
	for i := range j.Needed {
		a := &j.Needed[i]
		if at, known := j.at[a.Column]; known && j.seen[at] == j.count {
			a.All = false
			continue
		}
		if a.Rows++; a.Rows == 1 {
			a.Line = line
		}
	}
}

// Raw returns the text of the row that next returned.
func (j *JSONLines) Raw() string { return j.text }

func (j *JSONLines) readLine() (string, int, error) {
	if j.array != nil {
		return j.array.next()
	}
	for {
		line, err := j.lines.next()
		if err != nil {
			return "", 0, err
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			return string(line), j.lines.count, nil
		}
	}
}

// Next returns the values of the next object.
func (j *JSONLines) Next() ([]string, int, error) {
	var at jsonLine
	if len(j.Ahead) > 0 {
		at, j.Ahead = j.Ahead[0], j.Ahead[1:]
	} else {
		var err error
		if at.text, at.line, err = j.readLine(); err != nil {
			return nil, 0, err
		}
	}
	j.text = at.text
	clear(j.fields)
	j.count++
	ok := eachField(at.text, func(key, value string, number bool) {
		k, known := j.at[key]
		if !known && j.wanted != nil && len(j.names) < mostKeys && j.wanted(key) {
			k, known = len(j.names), true
			j.add(key)
		}
		if known {
			j.set(k, value, number)
		}
		j.setWithin(key, value)
	})
	if len(j.names) >= mostKeys && j.wanted != nil {
		return nil, at.line, fmt.Errorf("line %d: the objects so far have %d different keys; are these values? Name the inputs, or write them as a list", at.line, mostKeys)
	}
	if !ok {
		return nil, at.line, &RowError{Line: at.line, Text: "not a JSON object: " + phrase.Quote(at.text)}
	}
	j.look(at.line)
	return j.fields, at.line, nil
}

// set keeps the value of a column.
func (j *JSONLines) set(k int, value string, number bool) {
	j.fields[k], j.seen[k], j.bare[k] = value, j.count, number
}

// Number reports whether a field of the last row is a number in JSON, which no text can be mistaken for.
func (j *JSONLines) Number(at int) bool { return j.bare[at] && j.seen[at] == j.count }

// eachField calls f for each key of a JSON object and reports whether the text is one. number says that the value is a number.
func eachField(text string, f func(key, value string, number bool)) bool {
	if text == "" || text[0] != '{' {
		return false
	}
	if !json.Valid([]byte(text)) {
		loose, ok := looseJSON(text)
		if !ok {
			return false
		}
		text = loose
	}
	rest := text[1:] // valid from here on, so that cutting needs no checks
	for {
		rest = strings.TrimLeft(rest, " \t\r\n,")
		if rest[0] == '}' {
			return true
		}
		n := valueLength(rest)
		key := plain(rest[:n])
		rest = strings.TrimLeft(rest[n:], " \t\r\n:")
		n = valueLength(rest)
		f(key, plain(rest[:n]), rest[0] == '-' || rest[0] >= '0' && rest[0] <= '9')
		rest = rest[n:]
	}
}

// valueLength is the length of the JSON value at the beginning of a valid text.
func valueLength(s string) int {
	depth, quoted := 0, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
			if !quoted && depth == 0 {
				return i + 1
			}
		case quoted:
		case c == '{' || c == '[':
			depth++
		case (c == '}' || c == ']') && depth > 0:
			if depth--; depth == 0 {
				return i + 1
			}
		case depth == 0 && strings.IndexByte(",}: \t\r\n", c) >= 0:
			return i
		}
	}
	return len(s)
}

// plain returns a JSON value as a field: a string without its quotes, nothing for null.
func plain(value string) string {
	if value[0] != '"' {
		if value == "null" {
			return ""
		}
		return value
	}
	if strings.IndexByte(value, '\\') < 0 {
		return value[1 : len(value)-1]
	}
	var s string
	if json.Unmarshal([]byte(value), &s) != nil {
		return value
	}
	return s
}

// MissingKey is a column that objects of JSON Lines lacked: the net got a gap.
type MissingKey struct {
	Column string
	Rows   int  // how many objects
	Line   int  // of the first
	All    bool // no object has it so far
}
