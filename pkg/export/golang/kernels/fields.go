package kernels

import (
	"errors"
	"fmt"
	"math"
	"sort"
	"strconv"
	"strings"

	"dnn/internal/exact"
)

// Row holds the fields of a row by their columns: numbers, texts as they are written in a file of the training data, pixels of an image
// as []byte. A field that is missing is nil, an empty text, NaN, an infinite number, or left out.
type Row map[string]any

// textOf is a field as text; "" where it is missing.
func textOf(column string, v any) (string, error) {
	switch v := v.(type) {
	case nil:
		return "", nil
	case string:
		return strings.TrimSpace(v), nil
	case bool, int, int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64:
		return fmt.Sprint(v), nil
	case float32:
		return strconv.FormatFloat(float64(v), 'g', -1, 32), nil
	case float64:
		if v != v {
			return "", nil
		}
		return strconv.FormatFloat(v, 'g', -1, 64), nil
	}
	return "", fmt.Errorf("column %q: expected a text or a number, got %T", column, v)
}

// parseNumber reads a number as it is written in a file.
func parseNumber(text string) (float64, bool) {
	if text == "" || text[0] > '9' || strings.ContainsAny(text, "_xX") {
		return 0, false
	}
	x, err := strconv.ParseFloat(text, 64)
	return x, err == nil && !math.IsNaN(x) && !math.IsInf(x, 0)
}

// gaps are words for a missing number.
var gaps = strings.Fields(`? ?? . .. ... - -- --- – — \n na n/a n.a. <na> #n/a #na nan -nan +nan #num! #null! #div/0! #value! #ref!
	1.#ind -1.#ind 1.#qnan -1.#qnan null none nil undefined missing unknown inf -inf +inf infinity -infinity +infinity`)

// wordGaps are those of them that hardly mean anything else among words.
var wordGaps = strings.Fields(`? ?? \n na n/a n.a. <na> #n/a #na nan -nan +nan #num! #null! #div/0! #value! #ref! null
	1.#ind -1.#ind 1.#qnan -1.#qnan`)

// wordOf is a field of words as text: "" where it is missing, unless its word for that is one of the column's own.
func wordOf(column string, v any, words ...[]string) (string, error) {
	text, err := textOf(column, v)
	for _, list := range words {
		for _, w := range list {
			if w == text {
				return text, err
			}
		}
	}
	for _, gap := range wordGaps {
		if strings.ToLower(text) == gap {
			return "", err
		}
	}
	return text, err
}

// isGap reports whether a text stands for a missing number.
func isGap(text string) bool {
	for _, gap := range gaps {
		if strings.ToLower(text) == gap {
			return true
		}
	}
	return text == ""
}

// numberOf is a field as a number; missing where there is none.
func numberOf(column string, v any) (x float64, missing bool, err error) {
	switch v := v.(type) {
	case float64:
		return v, v-v != 0, nil
	case float32:
		return float64(v), v-v != 0, nil
	case int:
		return float64(v), false, nil
	}
	text, err := textOf(column, v)
	if err != nil || isGap(text) {
		return 0, true, err
	}
	x, ok := parseNumber(text)
	if !ok {
		return 0, false, fmt.Errorf("column %q: %q is not a number", column, text)
	}
	return x, false, nil
}

// scaling is (f(x) - shift)/scale, where f is a logarithm, or a map by knots that rise.
type scaling struct {
	log          string
	shift, scale float64
	knots        [][2]float64
}

// apply scales a number from its unit.
func (s *scaling) apply(x float64) (float32, error) {
	if s.knots != nil {
		return float32(s.score(x)), nil
	}
	switch {
	case s.log == "log" && !(x > 0), s.log == "log1p" && !(x > -1):
		return 0, fmt.Errorf("%v has no logarithm", x)
	case s.log == "log":
		x = exact.Log(x)
	case s.log == "log1p":
		x = exact.Log1p(x)
	}
	y := float32((x - s.shift) / s.scale)
	if y > math.MaxFloat32 || y < -math.MaxFloat32 {
		return 0, errors.New("the number is too large")
	}
	return y, nil
}

// score is the place of x among the knots.
func (s *scaling) score(x float64) float64 {
	i := sort.Search(len(s.knots), func(i int) bool { return s.knots[i][0] >= x })
	switch {
	case i == len(s.knots):
		return s.knots[i-1][1]
	case i == 0 || s.knots[i][0] == x:
		return s.knots[i][1]
	}
	a, b := s.knots[i-1], s.knots[i]
	return math.FMA((x-a[0])/(b[0]-a[0]), b[1]-a[1], a[1])
}

// undo brings a number into its unit.
func (s *scaling) undo(y float64) float64 {
	if s.knots != nil {
		i := sort.Search(len(s.knots), func(i int) bool { return s.knots[i][1] >= y })
		if i < 1 {
			i = 1
		}
		if i > len(s.knots)-1 {
			i = len(s.knots) - 1
		}
		a, b := s.knots[i-1], s.knots[i]
		share := math.Min(math.Max((y-a[1])/(b[1]-a[1]), 0), 1)
		return math.FMA(share, b[0]-a[0], a[0])
	}
	x := math.FMA(y, s.scale, s.shift)
	switch s.log {
	case "log":
		return exact.Exp(x)
	case "log1p":
		return exact.Exp(x) - 1
	}
	return x
}

// numberColumn is a column of numbers.
type numberColumn struct {
	name   string
	at     int // of its number in the arena
	filled bool
	fill   float64 // a missing number
	scaling
}

func (c *numberColumn) encode(row Row, f []float32) error {
	x, missing, err := numberOf(c.name, row[c.name])
	switch {
	case err != nil:
		return err
	case missing && !c.filled:
		return fmt.Errorf("column %q is missing", c.name)
	case missing:
		x = c.fill
	}
	if f[c.at], err = c.apply(x); err != nil {
		return fmt.Errorf("column %q: %w", c.name, err)
	}
	return nil
}

// categoryColumn is a column of words.
type categoryColumn struct {
	name           string
	at             int
	words          []string
	other, missing bool   // whether other words, and missing ones, have a class
	gap            string // the word for a missing one
	required       bool   // a missing one is an error
}

// class is 0 for an unknown word, then come the words, others and the missing one.
func (c *categoryColumn) class(row Row) (int, error) {
	text, err := wordOf(c.name, row[c.name], c.words)
	if err != nil {
		return 0, err
	}
	if text == "" && c.required {
		return 0, fmt.Errorf("column %q is missing", c.name)
	}
	others := 0
	if c.other {
		others = 1
	}
	if text == "" && c.missing {
		return len(c.words) + others + 1, nil
	}
	if text == "" {
		text = c.gap
	}
	if i := indexOf(c.words, text); i >= 0 {
		return i + 1, nil
	}
	return others * (len(c.words) + 1), nil
}

// indexOf is the place of a word: as written, as true or false in other letters, or by value where all words are numbers; -1 if it is
// none of them.
func indexOf(words []string, text string) int {
	numbers := true
	for i, w := range words {
		if w == text {
			return i
		}
		_, ok := parseNumber(w)
		numbers = numbers && ok
	}
	if areBooleans(words) {
		for i, w := range words {
			if strings.EqualFold(w, text) {
				return i
			}
		}
	}
	x, ok := parseNumber(text)
	for i, w := range words {
		if y, _ := parseNumber(w); ok && numbers && x == y {
			return i
		}
	}
	return -1
}

// areBooleans reports whether words are true and false.
func areBooleans(words []string) bool {
	return len(words) == 2 && (strings.EqualFold(words[0], "true") && strings.EqualFold(words[1], "false") ||
		strings.EqualFold(words[0], "false") && strings.EqualFold(words[1], "true"))
}

func (c *categoryColumn) encode(row Row, f []float32) error {
	class, err := c.class(row)
	if class > 0 {
		f[c.at+class-1] = 1
	}
	return err
}

func (c *categoryColumn) encodeIndex(row Row, n []int32) error {
	class, err := c.class(row)
	n[c.at] = int32(class)
	return err
}

// binaryColumn is a column of two words, as 1 and 0.
type binaryColumn struct {
	name      string
	at        int
	positive  []string
	negative  string
	negatives []string
	strict    bool // other words are errors
	gap       string
}

func (c *binaryColumn) encode(row Row, f []float32) error {
	text, err := wordOf(c.name, row[c.name], c.positive, []string{c.negative}, c.negatives)
	if err != nil {
		return err
	}
	if text == "" {
		text = c.gap
	}
	if text == "" {
		return fmt.Errorf("column %q is missing", c.name)
	}
	if len(c.positive) == 1 && len(c.negatives) == 0 && areBooleans([]string{c.positive[0], c.negative}) {
		for _, w := range []string{c.positive[0], c.negative} {
			if strings.EqualFold(w, text) {
				text = w
			}
		}
	}
	switch {
	case among(c.positive, text):
		f[c.at] = 1
	case c.strict && c.negative != "" && !among([]string{c.negative}, text) && !among(c.negatives, text):
		return fmt.Errorf("column %q: %q is neither %q nor %q", c.name, text, c.positive[0], c.negative)
	}
	return nil
}

// among reports whether a text is one of some words, or the same number.
func among(words []string, text string) bool {
	x, number := parseNumber(text)
	for _, w := range words {
		if w == text {
			return true
		}
		if y, ok := parseNumber(w); ok && number && x == y {
			return true
		}
	}
	return false
}

// imageColumn is an image: bytes, row by row, the channels of a pixel next to each other.
type imageColumn struct {
	name     string
	at, size int
	scalings []scaling // one, or one for each channel
}

func (c *imageColumn) encode(row Row, f []float32) error {
	pixels, ok := row[c.name].([]byte)
	if !ok || len(pixels) != c.size {
		return fmt.Errorf("column %q: expected %d pixels as []byte", c.name, c.size)
	}
	for i, b := range pixels {
		v, err := c.scalings[i%len(c.scalings)].apply(float64(b))
		if err != nil {
			return fmt.Errorf("column %q: %w", c.name, err)
		}
		f[c.at+i] = v
	}
	return nil
}
