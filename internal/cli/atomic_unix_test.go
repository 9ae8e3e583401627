//go:build unix

package cli

import (
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A pipe or a device named as the output is written to and stays what it is.
func TestOutputToAPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skip(err)
	}
	got := make(chan string)
	go func() {
		f, err := os.Open(path)
		if err != nil {
			got <- err.Error()
			return
		}
		defer f.Close()
		text, _ := io.ReadAll(f)
		got <- string(text)
	}()
	f, err := newAtomic(path)
	if err != nil {
		t.Fatal(err)
	}
	if !f.direct { // else the reader waits for ever
		t.Fatal("the pipe would be replaced by a file")
	}
	f.Write([]byte("rows"))
	if err := f.commit(); err != nil {
		t.Error(err)
	}
	f.abandon()
	if text := <-got; text != "rows" {
		t.Errorf("read %q", text)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Type() != os.ModeNamedPipe {
		t.Errorf("%v, %v", info, err)
	}
}
