package newfile

import (
	"errors"
	"io/fs"
	"os"
)

// Scratch makes a file in dir, which is made too if need be, for data that memory has no room for: it can be written and read
// until the process ends, and is gone then. Where the system allows it, the file has no name from the beginning; elsewhere the
// next call removes what is left of processes that have ended.
func Scratch(dir string) (*os.File, error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, plain(err)
	}
	CleanTemps(dir)
	file, err := createTemp(dir)
	if err != nil {
		return nil, plain(err)
	}
	if os.Remove(file.Name()) == nil {
		forgetTemp(file.Name())
	}
	return file, nil
}

// plain is an error without the name of the file.
func plain(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
