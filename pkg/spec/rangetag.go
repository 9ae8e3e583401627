package spec

import (
	"math"
	"strconv"
	"strings"
)

// Range is an interval of numbers. The zero Range holds every number.
type Range struct {
	Text            string
	Low, High       float64
	OpenLow, OpenHi bool
	HasLow, HasHigh bool
}

// Holds reports whether v lies in the range. Infinity lies in no range but the zero one.
func (r Range) Holds(v float64) bool {
	if r.HasLow && (v < r.Low || r.OpenLow && v == r.Low) {
		return false
	}
	if r.HasHigh && (v > r.High || r.OpenHi && v == r.High) {
		return false
	}
	return v == v && (r.Text == "" || !math.IsInf(v, 0))
}

// Words says what the range holds: "at least 1", "above 0 and at most 1", "0 to 1".
func (r Range) Words() string {
	low, high := formatNumber(r.Low), formatNumber(r.High)
	var words []string
	switch {
	case r.HasLow && r.HasHigh && !r.OpenLow && !r.OpenHi && r.Low == r.High:
		return "exactly " + low
	case r.HasLow && r.HasHigh && !r.OpenLow && !r.OpenHi:
		return low + " to " + high
	}
	if r.HasLow && r.OpenLow {
		words = append(words, "above "+low)
	} else if r.HasLow {
		words = append(words, "at least "+low)
	}
	if r.HasHigh && r.OpenHi {
		words = append(words, "below "+high)
	} else if r.HasHigh {
		words = append(words, "at most "+high)
	}
	if len(words) == 0 && r.Text != "" {
		return "a finite number"
	}
	return strings.Join(words, " and ")
}

// parseRange reads "[0,1)" and the like. A malformed tag is a mistake of the program.
func parseRange(s string) Range {
	if s == "" {
		return Range{}
	}
	bad := func() { panic("spec: malformed range tag " + s) }
	if len(s) < 3 || !strings.Contains("[(", s[:1]) || !strings.Contains(")]", s[len(s)-1:]) {
		bad()
	}
	low, high, ok := strings.Cut(s[1:len(s)-1], ",")
	if !ok {
		bad()
	}
	r := Range{Text: s, OpenLow: s[0] == '(', OpenHi: s[len(s)-1] == ')'}
	number := func(t string) (float64, bool) {
		if t = strings.TrimSpace(t); t == "" {
			return 0, false
		}
		v, err := strconv.ParseFloat(t, 64)
		if err != nil {
			bad()
		}
		return v, true
	}
	r.Low, r.HasLow = number(low)
	r.High, r.HasHigh = number(high)
	return r
}
