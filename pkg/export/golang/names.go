package golang

import (
	"go/token"
	"strconv"
	"strings"
)

// identifier makes an exported name of any text; other names are used already.
func identifier(text, fallback string, used map[string]bool) string {
	var out strings.Builder
	up := true
	for _, r := range text {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
		switch {
		case letter && up:
			out.WriteString(strings.ToUpper(string(r)))
		case letter || r >= '0' && r <= '9' && out.Len() > 0:
			out.WriteRune(r)
		}
		up = !letter
	}
	name := out.String()
	if name == "" {
		name = fallback
	}
	for base, i := name, 2; used[name] || used[name+"Classes"] || used[name+"Columns"]; i++ {
		name = base + strconv.Itoa(i)
	}
	used[name], used[name+"Classes"], used[name+"Columns"] = true, true, true
	return name
}

// PackageName makes the name of a package of any text.
func PackageName(text string) string {
	var out strings.Builder
	for _, r := range strings.ToLower(text) {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' && out.Len() > 0 {
			out.WriteRune(r)
		}
	}
	if name := out.String(); name != "" && name != "main" && token.IsIdentifier(name) {
		return name
	}
	return "model"
}

// ValidName reports whether a package can have a name.
func ValidName(name string) bool { return token.IsIdentifier(name) && name != "_" && name != "main" }
