//go:build unix

package newfile

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A pipe or a device is written to and stays what it is, also behind a link.
func TestPipe(t *testing.T) {
	dir := t.TempDir()
	pipe, link := filepath.Join(dir, "pipe"), filepath.Join(dir, "link")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Skip(err)
	}
	if err := os.Symlink("pipe", link); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{pipe, link} {
		reader, err := os.OpenFile(pipe, os.O_RDWR, 0) // both ends, so that neither waits for the other
		if err != nil {
			t.Fatal(err)
		}
		f, err := Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if !f.direct { // else there is nothing to read
			t.Fatal("the pipe would be replaced by a file")
		}
		f.Write([]byte("rows"))
		if err := f.Commit(); err != nil {
			t.Error(err)
		}
		f.Abandon()
		text := make([]byte, len("rows"))
		if _, err := io.ReadFull(reader, text); err != nil || string(text) != "rows" {
			t.Errorf("read %q, %v", text, err)
		}
		reader.Close()
		if info, err := os.Stat(pipe); err != nil || info.Mode().Type() != os.ModeNamedPipe {
			t.Errorf("%v, %v", info, err)
		}
	}
}

// A link to a file stays, and the file is another; one that leads nowhere is replaced.
func TestLink(t *testing.T) {
	dir := t.TempDir()
	os.Mkdir(filepath.Join(dir, "far"), 0o777)
	for name, target := range map[string]string{"near": "far/file", "dead": "nowhere"} {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(dir, "far", "file")
	for i, want := range []string{"old", "new", "dead"} {
		name := []string{file, filepath.Join(dir, "near"), filepath.Join(dir, "dead")}[i]
		if err := Write(name, []byte(want)); err != nil {
			t.Fatal(err)
		}
		if text, err := os.ReadFile(name); err != nil || string(text) != want {
			t.Errorf("%q, %v", text, err)
		}
	}
	if text, _ := os.ReadFile(file); string(text) != "new" {
		t.Errorf("%q behind the link", text)
	}
	if _, err := os.Readlink(filepath.Join(dir, "near")); err != nil {
		t.Error(err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "*", "*.tmp")); len(left) > 0 {
		t.Errorf("left %v", left)
	}
}

// What was begun and not committed leaves nothing, and errors name the file that was meant.
func TestAbandon(t *testing.T) {
	dir := t.TempDir()
	f, err := Create(filepath.Join(dir, "file"))
	if err != nil {
		t.Fatal(err)
	}
	f.Write([]byte("half"))
	f.Abandon()
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 0 {
		t.Errorf("%v, %v", entries, err)
	}
	none := filepath.Join(dir, "no", "file")
	if err := Write(none, nil); !errors.Is(err, fs.ErrNotExist) || err.Error() != none+": there is no folder "+filepath.Dir(none) {
		t.Error(err)
	}
	if err := Write(dir, nil); err == nil || !strings.HasPrefix(err.Error(), dir+": ") || strings.Contains(err.Error(), ".tmp") {
		t.Error(err)
	}
}
