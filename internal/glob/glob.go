// Package glob finds the files that patterns match, as filepath.Glob does, and those in folders, and gives up where that would take for
// ever: a pattern such as /*/*/* looks at every file of a machine.
package glob

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// A Search looks at so many entries of folders at most, for at most so long.
const (
	mostEntries = 1_000_000
	mostTime    = 30 * time.Second
)

// ErrTooMany is the error of patterns that look at too much.
var ErrTooMany = errors.New("looks at more than 1,000,000 files, or for longer than 30 seconds; write more of the path out, with fewer folders to choose from")

// Search finds the files of one or more patterns, which share its bounds. The zero value is ready to use.
type Search struct {
	seen  int
	until time.Time
}

// Files are the names of files and folders that a pattern matches, sorted by folder. There may be none.
func (s *Search) Files(pattern string) ([]string, error) {
	if _, err := filepath.Match(pattern, ""); err != nil {
		return nil, err
	}
	if s.until.IsZero() {
		s.until = time.Now().Add(mostTime)
	}
	return s.match(pattern)
}

func (s *Search) match(pattern string) (names []string, err error) {
	if !Is(pattern) {
		if _, err := os.Lstat(pattern); err != nil {
			return nil, nil
		}
		return []string{pattern}, nil
	}
	dir, base := filepath.Split(pattern)
	switch vol := filepath.VolumeName(dir); {
	case dir == vol:
		dir += "."
	case len(dir) > len(vol)+1: // not the root
		dir = dir[:len(dir)-1]
	}
	folders := []string{dir}
	if dir != pattern && Is(dir[len(filepath.VolumeName(dir)):]) {
		if folders, err = s.match(dir); err != nil {
			return nil, err
		}
	}
	for _, folder := range folders {
		found, err := s.within(folder, base)
		if err != nil {
			return nil, err
		}
		names = append(names, found...)
	}
	return names, nil
}

// within are the entries of a folder that a pattern matches. What is no folder, or cannot be read, has none.
func (s *Search) within(folder, base string) (names []string, err error) {
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		return nil, nil
	}
	f, err := os.Open(folder)
	if err != nil {
		return nil, nil
	}
	defer f.Close()
	for {
		list, err := f.Readdirnames(1000)
		if s.seen += len(list) + 1; s.seen > mostEntries || time.Now().After(s.until) {
			return nil, ErrTooMany
		}
		for _, name := range list {
			if ok, _ := filepath.Match(base, name); ok {
				names = append(names, filepath.Join(folder, name))
			}
		}
		if err != nil {
			slices.Sort(names)
			return names, nil
		}
	}
}

// Is reports whether a path may match several names.
func Is(path string) bool {
	if runtime.GOOS == "windows" {
		return strings.ContainsAny(path, "*?[")
	}
	return strings.ContainsAny(path, `*?[\`)
}
