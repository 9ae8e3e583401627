//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package plot

import (
	"errors"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"dnn/internal/plot/canvas"
)

// TestHeatReplacesNothingElse: heat maps take the place of heat maps only, in either form, and wait for no pipe.
func TestHeatReplacesNothingElse(t *testing.T) {
	dir := t.TempDir()
	h := Heat{Image: canvas.Pixels([]int{2, 2, 1}, make([]byte, 4)), Rows: 1, Columns: 1, Values: []float64{1}}
	for _, name := range []string{"h.png", "h.svg"} {
		path := filepath.Join(dir, name)
		for range 2 { // the second takes the place of the first
			if err := DrawHeat(path, h); err != nil {
				t.Fatal(err)
			}
		}
	}
	f, err := os.Open(filepath.Join(dir, "h.png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := png.Decode(f); err != nil {
		t.Errorf("the mark spoils the PNG: %v", err)
	}
	page, text, pipe := filepath.Join(dir, "page.png"), filepath.Join(dir, "text.svg"), filepath.Join(dir, "pipe.png")
	if err := DrawSheet(page, sheetOf(1, 1, []int{2, 2, 1})); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(text, []byte("<svg/>"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(pipe, 0o666); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{page, text, pipe} {
		if err := DrawHeat(path, h); !errors.Is(err, fs.ErrExist) {
			t.Errorf("%s: %v, want an error: the file is another's", path, err)
		}
	}
	if err := DrawSheet(pipe, sheetOf(1, 1, []int{2, 2, 1})); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a page in the place of a pipe: %v", err)
	}
}
