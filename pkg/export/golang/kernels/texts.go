package kernels

import (
	"encoding/json"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// textColumn is a text that is cut into tokens. Accented letters must be single characters (Unicode's normal form C).
type textColumn struct {
	name                                string
	at, most                            int // tokens
	start, unlimited, required, uniform bool
	exact, lowercase, gapWords          bool
	cut                                 func(c *textColumn, text string) []string
	tokens                              map[string]int32
}

// encode returns how many tokens there are.
func (c *textColumn) encode(row Row, n []int32) (int, error) {
	text, ok := row[c.name].(string)
	if !ok && row[c.name] != nil {
		return 0, fmt.Errorf("column %q: expected a text, got %T", c.name, row[c.name])
	}
	if c.gapWords {
		text, _ = wordOf(c.name, text)
	}
	if text == "" && c.required {
		return 0, fmt.Errorf("column %q is missing", c.name)
	}
	if !utf8.ValidString(text) {
		return 0, fmt.Errorf("column %q: %q is not UTF-8", c.name, text)
	}
	pieces := c.cut(c, text)
	switch extra := len(pieces) - c.most; {
	case extra > 0 && c.unlimited, extra != 0 && c.uniform:
		return 0, fmt.Errorf("column %q: a text of %d tokens, expected up to %d", c.name, len(pieces), c.most)
	case extra > 0 && c.start:
		pieces = pieces[extra:]
	case extra > 0:
		pieces = pieces[:c.most]
	}
	for i, piece := range pieces {
		token, ok := c.tokens[piece]
		if !ok {
			token = 1
		}
		n[c.at+i] = token
	}
	return len(pieces), nil
}

// tokensOf numbers words, from 2 on.
func tokensOf(words ...string) map[string]int32 {
	tokens := map[string]int32{}
	for i, w := range words {
		tokens[w] = int32(i + 2)
	}
	return tokens
}

// plain has one space for each run of white space, and small letters if the column ignores case.
func (c *textColumn) plain(text string) string {
	if !c.exact {
		text = strings.Join(strings.Fields(text), " ")
	}
	if c.lowercase {
		text = strings.ToLower(text)
	}
	return text
}

func cutChar(c *textColumn, text string) (pieces []string) {
	for _, r := range c.plain(text) {
		pieces = append(pieces, string(r))
	}
	return pieces
}

// cutWord makes pieces of words, of runs of digits, and of each other character.
func cutWord(c *textColumn, text string) (pieces []string) {
	text = c.plain(text)
	start, in := 0, ' '
	for i, r := range text {
		kind := kindOf(r)
		if next, _ := utf8.DecodeRuneInString(text[i+utf8.RuneLen(r):]); kind == '.' && in == 'a' && (r == '\'' || r == '’') && kindOf(next) == 'a' {
			kind = 'a'
		}
		if kind == in && kind != '.' {
			continue
		}
		if in != ' ' {
			pieces = append(pieces, text[start:i])
		}
		start, in = i, kind
	}
	if in != ' ' {
		pieces = append(pieces, text[start:])
	}
	return pieces
}

// kindOf is what characters of one word have in common.
func kindOf(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case unicode.IsLetter(r) || unicode.IsMark(r):
		return 'a'
	case unicode.IsDigit(r):
		return '0'
	}
	return '.'
}

// cutWhitespace makes pieces of what stands between white space, or of the entries of a JSON list.
func cutWhitespace(c *textColumn, text string) []string {
	var entries []any
	if strings.HasPrefix(text, "[") && strings.HasSuffix(text, "]") {
		d := json.NewDecoder(strings.NewReader(text))
		d.UseNumber() // keeps the digits
		if d.Decode(&entries) != nil || d.InputOffset() < int64(len(text)) {
			entries = nil
		} else if len(entries) == 0 {
			return nil
		}
	}
	if entries == nil {
		return strings.Fields(c.plain(text))
	}
	pieces := make([]string, len(entries))
	for i, e := range entries {
		if e == nil { // no word
			continue
		}
		if pieces[i] = fmt.Sprint(e); c.lowercase {
			pieces[i] = strings.ToLower(pieces[i])
		}
	}
	return pieces
}
