package dataset

import (
	"errors"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// parseNumber reads a finite number. What Go alone takes for one is a word: 0x1p3, and 12_34, which is a code.
func parseNumber(field string) (float64, bool) {
	if strings.ContainsAny(field, "_xX") {
		return 0, false
	}
	x, err := strconv.ParseFloat(field, 64)
	return x, err == nil && !math.IsNaN(x) && !math.IsInf(x, 0)
}

// notNumber says what is wrong with a field that parseNumber does not take.
func notNumber(field string) string {
	if _, err := strconv.ParseFloat(field, 64); errors.Is(err, strconv.ErrRange) {
		return quote(field) + " is too large"
	}
	return quote(field) + " is not a number" + commaHint(field)
}

var (
	commaNumber = regexp.MustCompile(`^[-+]?[0-9]+(\.[0-9]{3})*,[0-9]+$|^[-+]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?$`)
	dateOrTime  = regexp.MustCompile(`^([0-9]{4}[-/.][0-9]{1,2}([-/.][0-9]{1,2})?|[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2,4})([T ][0-9:.+Z -]+)?$|^[0-9]{1,2}:[0-9]{2}(:[0-9.]+)?$|^[0-9]{4}[- ]?Q[1-4]$|^Q[1-4][-/ ][0-9]{4}$`)
)

// commaHint says how to write a number that has a comma.
func commaHint(field string) string {
	if commaNumber.MatchString(field) {
		return " (a decimal comma? write 22.0)"
	}
	return ""
}

// looksLikeData reports whether a header line is more likely a row of data.
func looksLikeData(header []string) bool {
	return slices.ContainsFunc(header, func(h string) bool { _, ok := parseNumber(h); return ok })
}
