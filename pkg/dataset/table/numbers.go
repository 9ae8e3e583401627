package table

import (
	"errors"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"dnn/internal/phrase"
)

// ParseNumber parses a finite number. Forms that only Go accepts are words: 0x1p3, and 12_34, which is a code.
func ParseNumber(field string) (float64, bool) {
	if x, ok := plainNumber(field); ok {
		return x, true
	}
	return oddNumber(field)
}

// oddNumber parses the numbers that plainNumber leaves, and refuses words.
func oddNumber(field string) (float64, bool) {
	if strings.ContainsAny(field, "_xX") {
		return 0, false
	}
	x, err := strconv.ParseFloat(field, 64)
	return x, err == nil && !math.IsNaN(x) && !math.IsInf(x, 0)
}

// NotNumber says why ParseNumber rejects a field.
func NotNumber(field string) string {
	if _, err := strconv.ParseFloat(field, 64); errors.Is(err, strconv.ErrRange) {
		return phrase.Quote(field) + " is too large"
	}
	return phrase.Quote(field) + " is not a number" + CommaHint(field)
}

var (
	CommaNumber = regexp.MustCompile(`^[-+]?[0-9]+(\.[0-9]{3})*,[0-9]+$|^[-+]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?$`)
	DateOrTime  = regexp.MustCompile(`^(` + dateWords + `)([T ,:][0-9:.+Z -]+( ?[AaPp][Mm])?( UTC| GMT)?)?$|^[0-9]{8}T[0-9]{4,6}Z?$|^[0-9]{1,2}:[0-9]{2}(:[0-9.]+)?( ?[AaPp][Mm])?$|^[0-9]{4}[- ]?Q[1-4]$|^Q[1-4][-/ ][0-9]{4}$`)
)

const (
	// dateWords are dates in digits, and with the names of months and perhaps of days.
	dateWords   = `[0-9]{4}[-/.][0-9]{1,2}([-/.][0-9]{1,2})?|[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2,4}|[0-9]{4}年[0-9]{1,2}月([0-9]{1,2}日)?|` + weekdayWord + `([0-9]{1,2}[-/. ]{0,2}` + monthWord + `[-/. ]{0,2}[0-9]{2,4}|` + monthWord + ` ([0-9]{1,2},? )?[0-9]{4})`
	monthWord   = `(?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}`
	weekdayWord = `((?i:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},? )?`
)

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

// LooksLikeData reports whether a header line is more likely a row of data.
func LooksLikeData(header []string) bool {
	return slices.ContainsFunc(header, func(h string) bool { _, ok := ParseNumber(h); return ok })
}
