package output

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
)

// Formats are those that predictions are written in.
var Formats = []string{"csv", "jsonl"}

// AppendNumber writes a number as briefly as its float32 can be read back, without an exponent where that is readable.
func AppendNumber(out []byte, x float64) []byte {
	if abs := math.Abs(x); abs >= 1e15 || abs > 0 && abs < 1e-4 {
		return strconv.AppendFloat(out, x, 'g', -1, 32)
	}
	return strconv.AppendFloat(out, x, 'f', -1, 32)
}

// AppendCSV writes a field of CSV by RFC 4180.
func AppendCSV(out []byte, text string) []byte {
	if text == "" || !strings.ContainsAny(text, ",\"\r\n") && text[0] != ' ' && text[0] != '\t' && text[len(text)-1] != ' ' {
		return append(out, text...)
	}
	out = append(out, '"')
	for i := 0; i < len(text); i++ {
		if text[i] == '"' {
			out = append(out, '"')
		}
		out = append(out, text[i])
	}
	return append(out, '"')
}

// AppendJSON writes a field as a JSON value: a number as such, an empty field as null, all else as a string.
func AppendJSON(out []byte, text string) []byte {
	if text == "" {
		return append(out, "null"...)
	}
	if c := text[0]; c == '-' || c >= '0' && c <= '9' {
		if _, err := strconv.ParseFloat(text, 64); err == nil && json.Valid([]byte(text)) {
			return append(out, text...)
		}
	}
	return QuoteJSON(out, text)
}

// QuoteJSON writes text as a JSON string.
func QuoteJSON(out []byte, text string) []byte {
	plain := true
	for i := 0; i < len(text); i++ {
		if c := text[i]; c < ' ' || c == '"' || c == '\\' || c >= 0x7f {
			plain = false
			break
		}
	}
	if plain {
		return append(append(append(out, '"'), text...), '"')
	}
	data, _ := json.Marshal(text)
	return append(out, data...)
}
