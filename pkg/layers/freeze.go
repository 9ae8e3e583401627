package layers

import (
	"path"
	"slices"
	"strings"
)

// Freezing are patterns of layers whose parameters and statistics stay as they are: names, or globs such as "encoder*". One that
// matches a block stands for all within it. "!" before a pattern takes layers out again.
type Freezing []string

// Frozen reports whether a layer stays as it is.
func (f Freezing) Frozen(layer string) bool {
	taken := func(pattern string, out bool) bool {
		rest, left := strings.CutPrefix(pattern, "!")
		return left == out && Matches(rest, layer)
	}
	return slices.ContainsFunc(f, func(p string) bool { return taken(p, false) }) && !slices.ContainsFunc(f, func(p string) bool { return taken(p, true) })
}

// Unmatched lists the places of patterns that match none of the layers.
func (f Freezing) Unmatched(layers []Info) (list []int) {
	for i, pattern := range f {
		pattern = strings.TrimPrefix(pattern, "!")
		if !slices.ContainsFunc(layers, func(l Info) bool { return Matches(pattern, l.Name) }) {
			list = append(list, i)
		}
	}
	return list
}

// Matches reports whether a pattern, a name or a glob, matches the name of a layer, or of a block around it.
func Matches(pattern, layer string) bool {
	for name := layer; ; {
		if ok, err := path.Match(pattern, name); name == pattern || ok && err == nil {
			return true
		}
		at := strings.LastIndexByte(name, '.')
		if at < 0 {
			return false
		}
		name = name[:at]
	}
}
