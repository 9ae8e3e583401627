package record

import (
	"slices"
	"strings"
)

// Values within objects of a row are columns of their own if they are asked for by name: {"home": {"town": "Ulm"}} has home.town. The
// objects are columns, too.

// jsonPaths are the columns within objects.
type jsonPaths struct {
	found []string        // in the first rows
	read  map[string]bool // those that are columns
	named bool            // columns are asked for by name, so that some may be found in later rows
}

// within calls f for each value within an object.
func within(key, object string, f func(path, value string, number bool)) {
	if !strings.HasPrefix(object, "{") {
		return
	}
	eachField(object, func(own, value string, number bool) {
		path := key + "." + own
		f(path, value, number)
		within(path, value, f)
	})
}

// look notes the paths of a row, as long as they are not too many.
func (p *jsonPaths) look(key, value string) {
	within(key, value, func(path, _ string, _ bool) {
		if len(p.found) < mostPaths && !slices.Contains(p.found, path) {
			p.found = append(p.found, path)
		}
	})
}

// mostPaths is how many paths of the first rows are remembered.
const mostPaths = 1000

// addPath makes a column of a path.
func (j *JSONLines) addPath(path string) {
	if _, known := j.at[path]; known {
		return
	}
	j.paths.read[path] = true
	j.add(path)
}

// setWithin reads the columns within a value of a row.
func (j *JSONLines) setWithin(key, value string) {
	if !j.paths.named && len(j.paths.read) == 0 {
		return
	}
	within(key, value, func(path, value string, number bool) {
		if _, known := j.at[path]; !known && j.paths.named && len(j.names) < mostKeys && j.wanted(path) {
			j.addPath(path)
		}
		if j.paths.read[path] {
			j.set(j.at[path], value, number)
		}
	})
}

// FirstPath is the path of the first value within an object; "" if there is none.
func FirstPath(key, object string) (first string) {
	within(key, object, func(path, value string, _ bool) {
		if first == "" && !strings.HasPrefix(value, "{") {
			first = path
		}
	})
	return first
}
