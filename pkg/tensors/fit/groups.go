package fit

import (
	"regexp"
	"slices"
	"strings"
)

// group is a set of modules and of places that can be mistaken for one another.
type group struct{ ours, theirs []int }

func (a *auto) groups(ours, theirs []int) (list []group) {
	left := slices.Clone(theirs)
	done := map[int]bool{}
	for _, k := range ours {
		if done[k] {
			continue
		}
		g := group{ours: []int{k}}
		done[k] = true
		for n := 0; n < len(g.ours); n++ {
			left = slices.DeleteFunc(left, func(i int) bool {
				if a.fits[g.ours[n]][i] == nil {
					return false
				}
				g.theirs = append(g.theirs, i)
				for _, other := range ours {
					if !done[other] && a.fits[other][i] != nil {
						g.ours = append(g.ours, other)
						done[other] = true
					}
				}
				return true
			})
		}
		slices.Sort(g.ours)
		list = append(list, g)
	}
	return list
}

var digits = regexp.MustCompile(`_?[0-9]+`)

// numbered reports whether names differ in nothing but numbers.
func (a *auto) numbered(theirs []int) bool {
	shape := func(i int) string { return strings.Trim(digits.ReplaceAllString(a.candidates[i].prefix, "#"), "#") }
	plain := func(i int) string { return strings.ReplaceAll(shape(i), "#", "") }
	return !slices.ContainsFunc(theirs, func(i int) bool { return plain(i) != plain(theirs[0]) })
}

// natural compares names with the numbers in them as numbers. A name without a number comes before those with one: dense, dense_1.
func natural(a, b string) int {
	for a != "" && b != "" {
		x, y := leading(a), leading(b)
		if x > 0 && y > 0 {
			m, n := strings.TrimLeft(a[:x], "0"), strings.TrimLeft(b[:y], "0")
			if len(m) != len(n) {
				return len(m) - len(n)
			}
			if m != n {
				return strings.Compare(m, n)
			}
			a, b = a[x:], b[y:]
			continue
		}
		if a[0] != b[0] {
			if strings.IndexByte("./", a[0]) >= 0 { // dense/vars before dense_1/vars
				return -1
			}
			if strings.IndexByte("./", b[0]) >= 0 {
				return 1
			}
			return int(a[0]) - int(b[0])
		}
		a, b = a[1:], b[1:]
	}
	return len(a) - len(b)
}

// leading is how many digits a text begins with.
func leading(s string) int { return len(s) - len(strings.TrimLeft(s, "0123456789")) }
