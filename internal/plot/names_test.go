package plot

import (
	"fmt"
	"testing"
)

func TestDistinct(t *testing.T) {
	cut := func(s string) string {
		if r := []rune(s); len(r) > 8 {
			return string(r[:7]) + "…"
		}
		return s
	}
	for _, c := range []struct {
		names []string
		want  string
	}{
		{[]string{"a", "b"}, "[a b]"},
		{[]string{"a long name", "another"}, "[a long … another]"},
		{[]string{"a long name one", "a long name two", "b"}, "[…me one …me two b]"},
		{[]string{"a long xyz and more", "a long uvw and more"}, "[…ng xyz… …ng uvw…]"},
		{[]string{"eeeeeeeeeea", "eeeeeeeeeeb", "eeeeeeeeee"}, "[…eeea …eeeb …eee]"},
		{[]string{"aaaaaaaaab1111111111x", "aaaaaaaaab1111111111y", "aaaaaaaaac"}, "[0 aaaaa… 1 aaaaa… …aaac]"},
		{[]string{"the same name", "the same name"}, "[the sam… the sam…]"},
	} {
		if got := fmt.Sprint(Distinct(c.names, cut)); got != c.want {
			t.Errorf("%q: %s, want %s", c.names, got, c.want)
		}
	}
}
