package dataset

import (
	"errors"
	"os"
)

// fileError shortens "open x: no such file or directory" to "x: no such file or directory".
func fileError(err error) string {
	if pe, ok := err.(*os.PathError); ok {
		return pe.Path + ": " + pe.Err.Error()
	}
	return err.Error()
}

// plainError is what is wrong with a file, without its name.
func plainError(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
