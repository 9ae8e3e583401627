package record

import (
	"encoding/json"
	"strconv"
	"strings"
)

// List reads a list of words and numbers, as JSON, Python, NumPy or Postgres writes it.
func List(field string) (list []string, ok bool) {
	if field == "" || field[0] != '[' && field[0] != '{' {
		return nil, false
	}
	if list, ok = JSONList(field); ok {
		return list, true
	}
	if list, ok = PythonList(field); ok {
		return list, true
	}
	if list, ok = NumPyList(field); ok {
		return list, true
	}
	return PostgresList(field)
}

// NumPyList reads an array of one dimension as NumPy prints it, with nothing but spaces and line ends between its texts or numbers:
// ['red' "it's"], [1 2 3]. pandas writes cells with arrays so.
func NumPyList(field string) (list []string, ok bool) {
	inner, begins := strings.CutPrefix(field, "[")
	inner, ends := strings.CutSuffix(inner, "]")
	if !begins || !ends {
		return nil, false
	}
	const space = " \t\r\n"
	for rest := strings.Trim(inner, space); rest != ""; rest = strings.TrimLeft(rest, space) {
		var element string
		if rest[0] == '\'' || rest[0] == '"' {
			if element, rest, _, ok = arrayElement(rest); !ok {
				return nil, false
			}
		} else {
			end := strings.IndexAny(rest+" ", space)
			element, rest = rest[:end], rest[end:]
			if _, err := strconv.ParseFloat(element, 64); err != nil {
				return nil, false
			}
		}
		if rest != "" && !strings.Contains(space, rest[:1]) {
			return nil, false
		}
		list = append(list, element)
	}
	return list, len(list) > 0
}

// JSONList reads a JSON list of words and numbers.
func JSONList(field string) (list []string, ok bool) {
	if !strings.HasPrefix(field, "[") || !strings.HasSuffix(field, "]") {
		return nil, false
	}
	var raw []json.RawMessage
	if json.Unmarshal([]byte(field), &raw) != nil {
		return nil, false
	}
	for _, v := range raw {
		list = append(list, plain(string(v)))
	}
	return list, true
}

// PythonList reads a list of texts and numbers as Python prints it: ['Drama', "it's", 3].
func PythonList(field string) (list []string, ok bool) {
	if !strings.HasPrefix(field, "[") || !strings.HasSuffix(field, "]") {
		return nil, false
	}
	var made strings.Builder
	for i := 0; i < len(field); i++ {
		quote := field[i]
		if quote != '\'' && quote != '"' {
			made.WriteByte(quote)
			continue
		}
		var text strings.Builder
		for i++; i < len(field) && field[i] != quote; i++ {
			if field[i] == '\\' && i+1 < len(field) && strings.IndexByte(`'"\`, field[i+1]) >= 0 {
				i++
			}
			text.WriteByte(field[i])
		}
		if i == len(field) {
			return nil, false
		}
		made.WriteString(quoted(text.String()))
	}
	return JSONList(made.String())
}

// quoted is a text as JSON writes it.
func quoted(text string) string {
	line, _ := json.Marshal(text) // a text always can be
	return string(line)
}

// PostgresList reads an array as Postgres prints it, and a set as Python does: {Drama,"a, b",NULL}, {'Drama', 'Comedy'}. NULL is no
// element.
func PostgresList(field string) (list []string, ok bool) {
	inner, begins := strings.CutPrefix(field, "{")
	inner, ends := strings.CutSuffix(inner, "}")
	if !begins || !ends || len(field) < 2 {
		return nil, false
	}
	if inner = strings.TrimSpace(inner); inner == "" {
		return nil, true
	}
	for {
		element, rest, quoted, ok := arrayElement(inner)
		if !ok {
			return nil, false
		}
		if quoted || element != "NULL" {
			list = append(list, element)
		}
		rest = strings.TrimLeft(rest, " ")
		if rest == "" {
			return list, true
		}
		if rest[0] != ',' {
			return nil, false
		}
		inner = strings.TrimLeft(rest[1:], " ")
	}
}

// arrayElement reads the first element of an array, in quotes or up to a comma, and returns what follows.
func arrayElement(text string) (element, rest string, quoted, ok bool) {
	if text == "" || text[0] != '"' && text[0] != '\'' {
		end := strings.IndexByte(text, ',')
		if end < 0 {
			end = len(text)
		}
		element = strings.TrimSpace(text[:end])
		return element, text[end:], false, element != "" && !strings.ContainsAny(element, `{}":`)
	}
	var b strings.Builder
	for i := 1; i < len(text); i++ {
		switch {
		case text[i] == '\\' && i+1 < len(text):
			i++
			b.WriteByte(text[i])
		case text[i] == text[0]:
			return b.String(), text[i+1:], true, true
		default:
			b.WriteByte(text[i])
		}
	}
	return "", "", true, false
}
