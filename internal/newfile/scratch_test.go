package newfile

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// A scratch file can be written and read, and leaves nothing behind.
func TestScratch(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "folder")
	f, err := Scratch(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteAt([]byte("tokens"), 3); err != nil {
		t.Fatal(err)
	}
	got := make([]byte, 6)
	if _, err := f.ReadAt(got, 3); err != nil || string(got) != "tokens" {
		t.Errorf("%q, %v", got, err)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 && runtime.GOOS != "windows" {
		t.Errorf("%v is left", left)
	}
	if _, err := Scratch(filepath.Join(os.DevNull, "folder")); err == nil {
		t.Error("a folder in a device")
	}
}
