package spec

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"
)

// parseYAML returns the root of the only document in text, or nil when there is none.
func parseYAML(text []byte) (root *yaml.Node, err error) {
	defer func() {
		if r := recover(); r != nil { // the parser has panics of its own for some garbage
			root, err = nil, fmt.Errorf("%v", r)
		}
	}()
	var doc, second yaml.Node
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	if err := decoder.Decode(&doc); err != nil {
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		return nil, err
	}
	switch err := decoder.Decode(&second); {
	case err == nil:
		return nil, &syntaxError{second.Line, max(1, second.Column), "a second document begins here (---); a spec is one document"}
	case !errors.Is(err, io.EOF):
		return nil, err
	}
	if root = doc.Content[0]; root.Kind == yaml.ScalarNode && root.ShortTag() == "!!null" {
		return nil, nil
	}
	return root, nil
}

// syntaxError is a text that is not YAML.
type syntaxError struct {
	line, column int
	text         string
}

func (e *syntaxError) Error() string { return e.text }

var yamlLine = regexp.MustCompile(`^(?:yaml: )?(?:line (\d+): )?(.*)$`)

// escapeHint is for backslashes, mostly of Windows' paths.
const escapeHint = "in double quotes, a backslash begins an escape; single quotes take it as it is, and a path may have / instead: C:/data/x.csv"

// syntaxHints say what the parser's complaints mostly come from.
var syntaxHints = []struct{ complaint, hint string }{
	{"mapping values are not allowed", "the line is indented too far, or its text holds a colon and needs quotes"},
	{"did not find expected key", "the line does not stand in one column with those above"},
	{"did not find expected '-' indicator", "the line does not stand in one column with those above"},
	{"did not find expected ',' or ']'", "a [ is not closed, or a comma is missing"},
	{"did not find expected ',' or '}'", "a { is not closed, or a comma is missing"},
	{"could not find expected ':'", "a key without a colon"},
	{"unexpected end of stream", "a quote or bracket is not closed"},
	{"expected alphabetic or numeric character", "text that begins with * or & needs quotes"},
	{"cannot start any token", "text that begins with one of @ ` % & * ! | > needs quotes"},
	{"found undefined escape", escapeHint},
	{"unknown escape character", escapeHint},
	{"did not find expected hexdecimal number", escapeHint},
	{"control characters are not allowed", "is this a text file?"},
	{"invalid leading UTF-8", "the file is not UTF-8 text"},
	{"UTF-8", "the file is not UTF-8 text"},
}

// unquoted finds a word of punctuation, or one that begins with #, that is no text without quotes.
var unquoted = regexp.MustCompile(`(?:[\[,]|:\s|-\s)\s*(\?|#[^\s,\]]+)\s*(?:[,\]]|$)`)

// locate finds the place of a syntax error. yaml.v3 tells a line, but often the one on which the surrounding mapping
// begins, or the one before, or none; so the first line that cannot be read is looked for.
func locate(text []byte, err error) *syntaxError {
	var e *syntaxError
	if errors.As(err, &e) {
		return e
	}
	e = &syntaxError{line: 1, column: 1}
	first, _, _ := strings.Cut(err.Error(), "\n")
	m := yamlLine.FindStringSubmatch(first)
	if m[1] != "" {
		e.line, _ = strconv.Atoi(m[1])
	}
	e.text = "not valid YAML: " + m[2]
	lines := strings.SplitAfter(string(text), "\n")
	if n := firstUnreadable(lines, err.Error()); n > 0 {
		e.line = n
	}
	if name, ok := strings.CutPrefix(m[2], "unknown anchor "); ok {
		name, _, _ = strings.Cut(strings.TrimPrefix(name, "'"), "'")
		e.text = fmt.Sprintf("*%s refers to an anchor that stands nowhere before (text that begins with * needs quotes)", name)
	}
	if e.line > len(lines) {
		return e
	}
	line := lines[e.line-1]
	blank := line[:len(line)-len(strings.TrimLeft(line, " \t-"))]
	e.column = len(blank) + 1
	if tab := strings.IndexByte(blank, '\t'); tab >= 0 {
		e.column, e.text = tab+1, "a tab; YAML is indented with spaces"
		return e
	}
	if at := unquoted.FindStringSubmatchIndex(line); at != nil {
		word := line[at[2]:at[3]]
		e.column, e.text = at[2]+1, fmt.Sprintf("quote it: %q; without quotes, YAML does not read %s as text", word, word)
		return e
	}
	for _, h := range syntaxHints {
		if strings.Contains(m[2], h.complaint) {
			e.text += " (" + h.hint + ")"
			break
		}
	}
	return e
}

// firstUnreadable is the number of the line where the trouble begins, or 0. The parser complains of what it has read up
// to some line: that one is found by halving. Where it stands inside of a bracket or quote that is never closed, the line
// after the longest run of first lines that is valid YAML tells more.
func firstUnreadable(lines []string, complaint string) int {
	n := 1 + sort.Search(len(lines)-1, func(i int) bool {
		_, err := parseYAML([]byte(strings.Join(lines[:i+1], "")))
		return err != nil && err.Error() == complaint
	})
	effort := 1 << 20 // bytes to be parsed
	for n > 1 {
		text := strings.Join(lines[:n-1], "")
		if effort -= len(text); effort < 0 {
			break
		}
		if _, err := parseYAML([]byte(text)); err == nil {
			break
		}
		n--
	}
	for n < len(lines) && strings.TrimSpace(lines[n-1]) == "" { // not at a blank line
		n++
	}
	return n
}
