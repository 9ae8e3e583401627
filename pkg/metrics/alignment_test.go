package metrics

import (
	"math/rand/v2"
	"testing"
)

// TestAlignment holds edit distances and common subsequences against their definitions, and against each other: with no
// replacements, the distance is what the subsequence leaves of both.
func TestAlignment(t *testing.T) {
	var distance func(a, b string) int
	distance = func(a, b string) int {
		if a == "" || b == "" {
			return len(a) + len(b)
		}
		replaced := distance(a[1:], b[1:])
		if a[0] != b[0] {
			replaced++
		}
		return min(replaced, distance(a[1:], b)+1, distance(a, b[1:])+1)
	}
	var subsequence func(a, b string) int
	subsequence = func(a, b string) int {
		if a == "" || b == "" {
			return 0
		}
		if a[0] == b[0] {
			return 1 + subsequence(a[1:], b[1:])
		}
		return max(subsequence(a[1:], b), subsequence(a, b[1:]))
	}
	random := rand.New(rand.NewPCG(7, 8))
	word := func() string {
		text := make([]byte, random.IntN(7))
		for i := range text {
			text[i] = "abc"[random.IntN(3)]
		}
		return string(text)
	}
	for range 500 {
		a, b := word(), word()
		if got, want := editDistance([]byte(a), []byte(b)), distance(a, b); got != want {
			t.Errorf("from %q to %q are %d edits, not %d", a, b, want, got)
		}
		if got, want := commonSubsequence([]byte(a), []byte(b)), subsequence(a, b); got != want {
			t.Errorf("%q and %q have %d in common, not %d", a, b, want, got)
		}
	}
}
