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

// function is a new name for what decides for a target, and, with _classes behind it, for its classes.
func (g *generator) function(text string) string {
	name := g.name + "_" + text
	for base, i := name, 2; g.used[name] || g.used[name+"_classes"]; i++ {
		name = base + "_" + strconv.Itoa(i)
	}
	g.used[name], g.used[name+"_classes"] = true, true
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
	switch name := strings.TrimRight(out.String(), "_"); {
	case name == "":
		return "model"
	case name == "f" || name == "k": // the functions of the source begin with these
		return "model_" + name
	default:
		return name
	}
}

// ValidName reports whether functions can begin with a name.
func ValidName(name string) bool { return name != "" && Name(name) == name }
