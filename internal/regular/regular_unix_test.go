//go:build unix

package regular

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	file, pipe, link := filepath.Join(dir, "file"), filepath.Join(dir, "pipe"), filepath.Join(dir, "link")
	if err := os.WriteFile(file, []byte("x"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := InFolder(dir); err != nil {
		t.Error(err)
	}
	if err := syscall.Mkfifo(pipe, 0o666); err != nil {
		t.Skip(err)
	}
	if err := os.Symlink("file", link); err != nil {
		t.Fatal(err)
	}
	for name, good := range map[string]bool{file: true, link: true, dir: true, pipe: false, os.DevNull: false} {
		f, err := Open(name)
		if (err == nil) != good || !good && !errors.Is(err, ErrNot) {
			t.Errorf("%s: %v", name, err)
		}
		f.Close()
		if err := Check(name); (err == nil) != good {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Open(filepath.Join(dir, "none")); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	os.Remove(pipe)
	if err := InFolder(dir); !errors.Is(err, ErrNot) {
		t.Errorf("a link: %v", err)
	}
}
