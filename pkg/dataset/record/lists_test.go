package record

import (
	"slices"
	"strings"
	"testing"
)

// Lists as Python prints them are read, and what only looks like one is not.
func TestPythonList(t *testing.T) {
	for field, want := range map[string]string{
		`['Drama', 'Comedy']`: "Drama,Comedy", `["it's", 'a "b"', 'c\'d']`: `it's,a "b",c'd`, `[1, 'x', 2.5]`: "1,x,2.5", `[]`: "",
	} {
		list, ok := PythonList(field)
		if !ok || strings.Join(list, ",") != want {
			t.Errorf("%s: %q %v", field, list, ok)
		}
	}
	for _, field := range []string{`['a`, `['a]`, `a`, `['a' 'b']`, `[a]`, `[None]x`} {
		if list, ok := PythonList(field); ok {
			t.Errorf("%s is the list %q", field, list)
		}
	}
}

// Arrays as Postgres prints them are lists, and so are Python's sets; objects and nested arrays are not.
func TestNumPyList(t *testing.T) {
	for field, want := range map[string][]string{
		`['red' 'big' 'two words']`: {"red", "big", "two words"},
		`["it's" 'red']`:            {"it's", "red"},
		"['red'\n 'big']":           {"red", "big"},
		`['red']`:                   {"red"},
		`[1 2.5 -3.]`:               {"1", "2.5", "-3."},
	} {
		if list, ok := List(field); !ok || !slices.Equal(list, want) {
			t.Errorf("%q is %q, %v", field, list, ok)
		}
	}
	for _, field := range []string{"[red big]", "['red''big']", "['red' big]", "['red", "['red' 'big", "[unknown]", "[[1 2] [3 4]]"} {
		if list, ok := NumPyList(field); ok {
			t.Errorf("%q is a list, %q", field, list)
		}
	}
}

func TestPostgresList(t *testing.T) {
	for field, want := range map[string]string{
		`{Drama,Comedy}`: "Drama|Comedy", `{"Sci-Fi, old",Drama}`: "Sci-Fi, old|Drama", `{"a \"b\"",c}`: `a "b"|c`, `{1,2}`: "1|2", `{}`: "",
		`{a,NULL,"NULL"}`: "a|NULL", `{'Drama', 'Comedy'}`: "Drama|Comedy", `{New York,Rome}`: "New York|Rome",
	} {
		if list, ok := List(field); !ok || strings.Join(list, "|") != want {
			t.Errorf("%s: %q %v, want %s", field, list, ok, want)
		}
	}
	for _, field := range []string{`{`, `{a`, `{"a`, `{"a": 1}`, `{a: 1}`, `{a,}`, `{,a}`, `{{a},{b}}`, `{"a" b}`, `a,b`} {
		if list, ok := List(field); ok {
			t.Errorf("%s is the list %q", field, list)
		}
	}
}
