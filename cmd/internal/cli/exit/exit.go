// Package exit holds the program's exit codes, and errors that carry one.
package exit

import (
	"errors"
	"fmt"
	"io"
	"io/fs"

	"dnn/internal/newfile"
	"dnn/pkg/graph/exec"
	"dnn/pkg/model"
	"dnn/pkg/spec"
	"dnn/pkg/train"
	"dnn/pkg/train/checkpoint"
)

// Exit codes. An interrupted training exits with 128 plus the number of the signal.
const (
	Failed   = 1
	Usage    = 2 // wrong usage, spec or data
	Diverged = 3
	Signal   = 128
)

// Error is an error with its exit code.
type Error struct {
	Code int
	Err  error  // nil: the user has been told already
	Hint string // a last line, or ""
}

func (e *Error) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("exit code %d", e.Code)
	}
	return e.Err.Error()
}

func (e *Error) Unwrap() error { return e.Err }

// Usagef reports a mistake in what the user asked for.
func Usagef(format string, args ...any) error {
	return &Error{Code: Usage, Err: fmt.Errorf(format, args...)}
}

// Bad marks an error in a file that the user named.
func Bad(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = fmt.Errorf("%s: %w", path.Path, path.Err)
	}
	return &Error{Code: Usage, Err: err}
}

// Written marks an error of an output file as a usage error where its name is at fault: its folder does not exist, or the
// file there must not be replaced.
func Written(err error) error {
	var none *newfile.NoFolder
	if errors.As(err, &none) || errors.Is(err, fs.ErrExist) {
		return Bad(err)
	}
	return err
}

// CodeOf returns the exit code of an error.
func CodeOf(err error) int {
	var e *Error
	var diverged *train.Diverged
	var mistakes *spec.Error
	var large *exec.TooLarge
	var device *exec.NoDevice
	switch {
	case errors.As(err, &e):
		return e.Code
	case errors.As(err, &diverged):
		return Diverged
	case errors.As(err, &mistakes), errors.As(err, &large), errors.As(err, &device), errors.Is(err, model.ErrForms), errors.Is(err, checkpoint.ErrDamaged), errors.Is(err, checkpoint.ErrNotModel), errors.Is(err, checkpoint.ErrNewer):
		return Usage
	}
	return Failed
}

// Report prints an error, once, and returns its exit code. Mistakes that carry their file and line are printed as they are.
func Report(w io.Writer, err error) int {
	if err == nil {
		return 0
	}
	code := CodeOf(err)
	hint := ""
	for {
		e, ok := err.(*Error)
		if !ok {
			break
		}
		if e.Hint != "" {
			hint = e.Hint
		}
		err = e.Err
	}
	switch e := err.(type) {
	case nil:
	case *spec.Error:
		for _, line := range e.Shown() {
			fmt.Fprintln(w, line)
		}
	default:
		fmt.Fprintln(w, "dnn:", err)
	}
	if hint != "" {
		fmt.Fprintln(w, hint)
	}
	return code
}
