// Package regular opens files that end. A name that others gave may be that of a pipe, which blocks whoever opens it, or of a
// device, which goes on for ever.
package regular

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// ErrNot is the error for what is no regular file.
var ErrNot = errors.New("is no regular file")

// Open opens a regular file to be read. It does not wait for a pipe to be written.
func Open(name string) (*os.File, error) {
	file, err := os.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		err = &fs.PathError{Op: "open", Path: name, Err: ErrNot}
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}

// Check is the error of Open for a name that something else than a file or a folder has; nil where there is nothing.
func Check(name string) error {
	info, err := os.Stat(name)
	if err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		return &fs.PathError{Op: "open", Path: name, Err: ErrNot}
	}
	return nil
}

// InFolder is an error where a folder has something besides files and folders: a link would lead what is written elsewhere.
func InFolder(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !e.Type().IsRegular() && !e.IsDir() {
			return &fs.PathError{Op: "write", Path: dir + string(os.PathSeparator) + e.Name(), Err: ErrNot}
		}
	}
	return nil
}

// OpenIn opens a regular file within a folder, to which a link out of it does not lead.
func OpenIn(root *os.Root, name string) (*os.File, error) {
	file, err := root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = &fs.PathError{Op: "open", Path: name, Err: ErrNot}
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}
