package spec

import "path/filepath"

// Mover returns a function that changes paths which hold from the folder from so that they hold from the folder to. Absolute
// paths stay.
func Mover(from, to string) (move func(path *string), err error) {
	if from, err = filepath.Abs(from); err != nil {
		return nil, err
	}
	if to, err = filepath.Abs(to); err != nil {
		return nil, err
	}
	return func(path *string) {
		if filepath.IsAbs(*path) {
			return
		}
		full := filepath.Join(from, *path)
		if rel, err := filepath.Rel(to, full); err == nil {
			full = rel
		}
		*path = filepath.ToSlash(full)
	}, nil
}
