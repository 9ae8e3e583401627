// Package newfile writes files that appear under their names when they are complete.
//
// The bytes go to a temporary file in the same folder, which is synced and renamed, and the folder is synced too. So readers
// see the old file or the new one, and a process that is killed leaves at most a file ending in .tmp next to it, which
// CleanTemps removes. What is no file but a device or a pipe is written to as it is: another in its place would be the end of
// /dev/null. A symbolic link stays; what it points to is replaced.
package newfile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
)

// File is a file that is being written. What its methods return tells nothing of the temporary name.
type File struct {
	file   *os.File
	name   string // as it was given, for messages
	path   string // that it is to have
	direct bool   // a device or a pipe
}

// Create begins to write the file of that name. Commit or Abandon must be called.
func Create(name string) (*File, error) {
	f, err := &File{name: name, path: name}, error(nil)
	if info, failed := os.Stat(name); failed == nil && !info.IsDir() {
		f.path, failed = filepath.EvalSymlinks(name)
		f.direct = failed != nil || !info.Mode().IsRegular() // what is open, but has no name any more, has no path either
	}
	if f.direct {
		f.file, err = os.OpenFile(name, os.O_WRONLY, 0)
	} else {
		f.file, err = createTemp(filepath.Dir(f.path))
	}
	if dir := filepath.Dir(f.path); errors.Is(err, fs.ErrNotExist) && !f.direct {
		err = &NoFolder{dir}
	}
	if err != nil {
		return nil, f.named(err)
	}
	return f, nil
}

// NoFolder is the error of a file whose folder does not exist. It is an fs.ErrNotExist.
type NoFolder struct{ Dir string }

func (e *NoFolder) Error() string        { return fmt.Sprintf("there is no folder %s", e.Dir) }
func (e *NoFolder) Is(target error) bool { return target == fs.ErrNotExist }

// Write writes a whole file.
func Write(name string, data []byte) error {
	f, err := Create(name)
	if err != nil {
		return err
	}
	defer f.Abandon()
	if _, err := f.Write(data); err != nil {
		return err
	}
	return f.Commit()
}

// Write adds to the file.
func (f *File) Write(p []byte) (int, error) {
	n, err := f.file.Write(p)
	return n, f.named(err)
}

// Executable lets the file be run by those who may read it.
func (f *File) Executable() error {
	info, err := f.file.Stat()
	if err != nil || f.direct {
		return f.named(err)
	}
	mode := info.Mode().Perm()
	return f.named(f.file.Chmod(mode | mode&0o444>>2))
}

// Commit gives the file its name. After it has returned nil the file survives a crash of the machine. On an error a file that
// was there before is untouched, unless it is the folder that could not be synced.
func (f *File) Commit() error { return f.named(f.commit()) }

func (f *File) commit() error {
	if f.direct {
		return f.file.Close()
	}
	if err := f.file.Sync(); err != nil {
		return err
	}
	if err := f.file.Close(); err != nil {
		return err
	}
	if err := os.Rename(f.file.Name(), f.path); err != nil {
		return err
	}
	forgetTemp(f.file.Name())
	return syncDir(filepath.Dir(f.path))
}

// Abandon removes the file unless it was committed.
func (f *File) Abandon() {
	f.file.Close()
	if !f.direct {
		os.Remove(f.file.Name())
		forgetTemp(f.file.Name())
	}
}

// named is the error with the name that was given in the place of the temporary one.
func (f *File) named(err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &path):
		err = path.Err
	case errors.As(err, &link):
		err = link.Err
	}
	return fmt.Errorf("%s: %w", f.name, err)
}

// syncDir makes a rename within dir survive a crash, where the system can do so.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	return nil
}
