package numeral

import (
	"errors"
	"math"
	"regexp"
	"strconv"
	"strings"

	"dnn/internal/phrase"
)

// Parse parses a finite number. Forms that only Go accepts are words: 0x1p3, and 12_34, which is a code.
func Parse(field string) (float64, bool) {
	if x, ok := plainNumber(field); ok {
		return x, true
	}
	return oddNumber(field)
}

// oddNumber parses the numbers that plainNumber leaves, and refuses words.
func oddNumber(field string) (float64, bool) {
	if field == "" || field[0] > '9' || strings.ContainsAny(field, "_xX") { // most words: strconv makes an error of each
		return 0, false
	}
	x, err := strconv.ParseFloat(field, 64)
	return x, err == nil && !math.IsNaN(x) && !math.IsInf(x, 0)
}

// NotNumber says why Parse rejects a field.
func NotNumber(field string) string {
	if _, err := strconv.ParseFloat(field, 64); errors.Is(err, strconv.ErrRange) {
		return phrase.Quote(field) + " is too large"
	}
	return phrase.Quote(field) + " is not a number" + CommaHint(field)
}

// CommaNumber matches numbers with commas.
var CommaNumber = regexp.MustCompile(`^[-+]?[0-9]+(\.[0-9]{3})*,[0-9]+$|^[-+]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?$`)

// CommaHint says how to write a number with commas.
func CommaHint(field string) string {
	switch {
	case !CommaNumber.MatchString(field):
		return ""
	case thousands.MatchString(field):
		return " (commas in it? write " + WithoutComma(field) + ")"
	}
	return " (a decimal comma? write " + WithoutComma(field) + ")"
}

// thousands are numbers with commas between thousands.
var thousands = regexp.MustCompile(`^[-+]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?$`)

// WithoutComma writes a CommaNumber as it is read: 22,5 is 22.5, and 1,500 may be 1500 or 1.500.
func WithoutComma(field string) string {
	decimal := strings.Replace(strings.ReplaceAll(field, ".", ""), ",", ".", 1)
	if !thousands.MatchString(field) {
		return decimal
	}
	whole := strings.ReplaceAll(field, ",", "")
	if strings.Count(field, ",") > 1 || strings.Contains(field, ".") {
		return whole
	}
	return whole + ", or " + decimal + " if the comma is a decimal one"
}
