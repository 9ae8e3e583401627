package cli

import (
	"errors"
	"fmt"
	"io/fs"

	"dnn/internal/newfile"
	"dnn/pkg/spec"
	"dnn/pkg/train"
	"dnn/pkg/train/checkpoint"
)

// Exit codes. An interrupted training exits with 128 and the number of the signal.
const (
	codeFailed   = 1
	codeUsage    = 2 // wrong usage, spec or data
	codeDiverged = 3
	codeSignal   = 128
)

// exit is an error with its exit code.
type exit struct {
	code int
	err  error  // nil: everything was said already
	hint string // a last line, or ""
}

func (e *exit) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit code %d", e.code)
	}
	return e.err.Error()
}

func (e *exit) Unwrap() error { return e.err }

// usagef is a mistake in what the user asked for.
func usagef(format string, args ...any) error {
	return &exit{code: codeUsage, err: fmt.Errorf(format, args...)}
}

// bad marks an error of a file that the user named.
func bad(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = fmt.Errorf("%s: %w", path.Path, path.Err)
	}
	return &exit{code: codeUsage, err: err}
}

// written marks errors of an output whose name is a mistake: its folder does not exist, or what lies in its place is not replaced.
func written(err error) error {
	var none *newfile.NoFolder
	if errors.As(err, &none) || errors.Is(err, fs.ErrExist) {
		return bad(err)
	}
	return err
}

// codeOf returns the exit code of an error.
func codeOf(err error) int {
	var e *exit
	var diverged *train.Diverged
	var mistakes *spec.Error
	switch {
	case errors.As(err, &e):
		return e.code
	case errors.As(err, &diverged):
		return codeDiverged
	case errors.As(err, &mistakes), errors.Is(err, checkpoint.ErrDamaged), errors.Is(err, checkpoint.ErrNotModel), errors.Is(err, checkpoint.ErrNewer):
		return codeUsage
	}
	return codeFailed
}

// report tells an error, once, and returns the exit code. Mistakes that carry their file and line are told as they are.
func (a *app) report(err error) int {
	if err == nil {
		return 0
	}
	code := codeOf(err)
	hint := ""
	for {
		e, ok := err.(*exit)
		if !ok {
			break
		}
		if e.hint != "" {
			hint = e.hint
		}
		err = e.err
	}
	switch e := err.(type) {
	case nil:
	case *spec.Error:
		for _, line := range e.Lines {
			fmt.Fprintln(a.err, line)
		}
	default:
		fmt.Fprintln(a.err, "dnn:", err)
	}
	if hint != "" {
		fmt.Fprintln(a.err, hint)
	}
	return code
}
