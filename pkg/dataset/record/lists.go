package record

import (
	"encoding/json"
	"strings"
)

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
