package column

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/numeral"
)

// parseSeries parses a series in one field, step by step, with NaN for a gap (null, or nothing between two semicolons).
// width is how many numbers a step has, 0 for an empty list.
func parseSeries(field string) (list []float64, width int, err error) {
	if strings.HasPrefix(field, "[") {
		return parseJSONSeries(field)
	}
	words := strings.Fields(field)
	if strings.Contains(field, ";") {
		words = strings.Split(field, ";")
	}
	for i, word := range words {
		word = strings.TrimSpace(word)
		x, ok := numeral.Parse(word)
		switch {
		case word == "" && i == len(words)-1: // a semicolon at the end
			continue
		case word == "", strings.EqualFold(word, "nan"), word == "NA", word == "null":
			x = math.NaN()
		case !ok:
			return nil, 0, fmt.Errorf("step %d: %s; expected a list of numbers ([1, 2.5]), or numbers separated by spaces or semicolons", i+1, numeral.NotNumber(word))
		}
		list = append(list, x)
	}
	return list, min(1, len(list)), nil
}

func parseJSONSeries(field string) (list []float64, width int, err error) {
	var steps []json.RawMessage
	if json.Unmarshal([]byte(field), &steps) != nil {
		return nil, 0, fmt.Errorf("%s is not a JSON list", phrase.Quote(field))
	}
	for i, text := range steps {
		numbers := []json.RawMessage{text}
		if text[0] == '[' {
			json.Unmarshal(text, &numbers)
		}
		if i == 0 {
			width = len(numbers)
		}
		if len(numbers) != width || width == 0 {
			return nil, 0, fmt.Errorf("step %d has %s, but step 1 has %d; all steps must have the same number of channels", i+1, phrase.Count(len(numbers), "number"), width)
		}
		for _, n := range numbers {
			x, ok := numeral.Parse(string(n))
			if string(n) == "null" {
				x, ok = math.NaN(), true
			}
			if !ok {
				return nil, 0, fmt.Errorf("step %d: %s", i+1, numeral.NotNumber(string(n)))
			}
			list = append(list, x)
		}
	}
	return list, width, nil
}
