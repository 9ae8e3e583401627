// Package term is what a command writes to and reads from: results on standard output, messages on standard error.
package term

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"golang.org/x/term"
)

// Settings are those of the tool itself; none of them changes a result, but for the device.
type Settings struct {
	Threads int
	Color   string // auto, always or never
	Quiet   bool
	Device  string // "" for the processor; of commands that take another one
	Plugin  string // the file that knows the device, "" where it is to be found
}

// Terminal is what all commands of one call share.
type Terminal struct {
	In    io.Reader
	Out   *Output
	Err   io.Writer
	Began bool // the command's own work began: errors from here on are not about flags or arguments
	Settings
}

// New returns a terminal on these streams.
func New(in io.Reader, out, err io.Writer) *Terminal {
	t := &Terminal{In: in, Out: &Output{w: out}, Err: &shown{err}}
	if Is(out) {
		t.Out.w = &shown{out}
	}
	return t
}

// RawErr is standard error for what moves the cursor of a terminal.
func (t *Terminal) RawErr() io.Writer { return raw(t.Err) }

// raw is the stream below.
func raw(stream io.Writer) io.Writer {
	if s, ok := stream.(*shown); ok {
		return s.w
	}
	return stream
}

// Output is standard output. It remembers a failed write, so that no result is lost in silence.
type Output struct {
	w      io.Writer
	Failed error // the first failed write
}

func (o *Output) Write(p []byte) (int, error) {
	n, err := o.w.Write(p)
	if err != nil && o.Failed == nil {
		o.Failed = err
	}
	return n, err
}

// Is reports whether a stream is a terminal.
func Is(stream any) bool {
	if s, ok := stream.(*shown); ok {
		stream = s.w
	}
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// ErrColumns is the width of the terminal behind standard error, or 0 if it is not a terminal.
func (t *Terminal) ErrColumns() int {
	f, ok := t.RawErr().(*os.File)
	if !ok {
		return 0
	}
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return width
}

// Colored reports whether standard output gets colors.
func (t *Terminal) Colored() bool { return t.colored(t.Out.w) }

// ColoredErr reports whether standard error gets colors.
func (t *Terminal) ColoredErr() bool { return t.colored(t.Err) }

func (t *Terminal) colored(w io.Writer) bool {
	switch t.Color {
	case "always":
		return true
	case "never":
		return false
	}
	return os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && Is(w)
}

// Bold marks text for standard output where that gets colors.
func (t *Terminal) Bold(text string) string {
	if t.Colored() {
		return "\x1b[1m" + text + "\x1b[0m"
	}
	return text
}

// Note prints a line on standard error, unless the user chose --quiet.
func (t *Terminal) Note(format string, args ...any) {
	if !t.Quiet {
		fmt.Fprintf(t.Err, format+"\n", args...)
	}
}

// Warn prints a warning on standard error.
func (t *Terminal) Warn(format string, args ...any) {
	fmt.Fprintf(t.Err, "warning: "+format+"\n", args...)
}

// WriteJSON prints one object on one line of standard output.
func (t *Terminal) WriteJSON(v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	_, err = t.Out.Write(append(data, '\n'))
	return err
}
