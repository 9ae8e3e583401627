package spec

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

// join adds a key to a path. A key that would not stand out there, because it holds a dot, a bracket or a blank, is
// quoted: classes["a.b"].
func join(path, key string) string {
	if key == "" || strings.ContainsAny(key, `.[]"=`) || strings.ContainsFunc(key, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }) {
		return path + "[" + strconv.Quote(key) + "]"
	}
	if path == "" {
		return key
	}
	return path + "." + key
}

// splitPath cuts "layers[3].units", "layers.3.units" or classes["a.b"] into its steps. It stops before a "=" and returns
// what follows from there on.
func splitPath(path string) (steps []string, rest string, err error) {
	for first := true; path != "" && path[0] != '='; first = false {
		var step string
		switch {
		case path[0] == '[':
			if step, path, err = bracketed(path); err != nil {
				return steps, path, err
			}
			steps = append(steps, step)
			continue
		case path[0] == '.' && !first:
			path = path[1:]
		case !first:
			return steps, path, fmt.Errorf("want a dot or a bracket before %q", path)
		}
		end := strings.IndexAny(path, ".[=")
		if end < 0 {
			end = len(path)
		}
		if step = strings.TrimSpace(path[:end]); step == "" {
			return steps, path, errors.New("a key is empty")
		}
		steps, path = append(steps, step), path[end:]
	}
	return steps, path, nil
}

// bracketed reads the [3] or ["a.b"] that a path begins with.
func bracketed(path string) (step, rest string, err error) {
	if strings.HasPrefix(path, `["`) {
		quoted, err := strconv.QuotedPrefix(path[1:])
		if err != nil || !strings.HasPrefix(path[1+len(quoted):], "]") {
			return "", path, fmt.Errorf("%s is not closed", path)
		}
		step, _ = strconv.Unquote(quoted)
		return step, path[len(quoted)+2:], nil
	}
	step, rest, ok := strings.Cut(path[1:], "]")
	if !ok || strings.TrimSpace(step) == "" {
		return "", path, fmt.Errorf("%s is not an entry of a list; want a number, as in layers[0]", path)
	}
	return strings.TrimSpace(step), rest, nil
}
