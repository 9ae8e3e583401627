package c

import (
	"strconv"
	"strings"
)

// macro is a new name for a column or a target.
func (g *generator) macro(kind, text string) string {
	var out strings.Builder
	for _, r := range text {
		switch {
		case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9':
			out.WriteRune(r)
		default:
			out.WriteByte('_')
		}
	}
	name := strings.ToUpper(g.name + "_" + kind + "_" + out.String())
	for base, i := name, 2; g.used[name]; i++ {
		name = base + "_" + strconv.Itoa(i)
	}
	g.used[name] = true
	return name
}

// Name makes a prefix of functions of any text.
func Name(text string) string {
	var out strings.Builder
	for _, r := range strings.ToLower(text) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9' && out.Len() > 0:
			out.WriteRune(r)
		case out.Len() > 0 && (r == '_' || r == '-' || r == ' '):
			out.WriteByte('_')
		}
	}
	if name := strings.TrimRight(out.String(), "_"); name != "" {
		return name
	}
	return "model"
}

// ValidName reports whether functions can begin with a name.
func ValidName(name string) bool { return name != "" && Name(name) == name }
