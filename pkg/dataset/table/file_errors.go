package table

import (
	"errors"
	"os"
)

// FileError shortens "open x: no such file or directory" to "x: no such file or directory".
func FileError(err error) string {
	if pe, ok := err.(*os.PathError); ok {
		return pe.Path + ": " + pe.Err.Error()
	}
	return err.Error()
}

// PlainError says what is wrong with a file, without its name.
func PlainError(err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
