//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package stream_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"dnn/pkg/dataset/datasettest"
	"dnn/pkg/dataset/stream"
)

// TestPipesAreNoImages: what is no regular file is told as such, and not waited for or read without end.
func TestPipesAreNoImages(t *testing.T) {
	dir := datasettest.Draw(t, t.TempDir(), map[string]any{"set/a/1.png": datasettest.Grey(1, 1, 1), "set/b/2.png": datasettest.Grey(1, 1, 2)})
	d := datasettest.MustLoad(t, dir, "{format: image_folder, path: set, split: {validation: 0}}")
	pipe, zero := filepath.Join(dir, "set/a/pipe.png"), filepath.Join(dir, "set/a/zero.png")
	if err := syscall.Mkfifo(pipe, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/dev/zero", zero); err != nil {
		t.Fatal(err)
	}
	const isPipe, isDevice = "is a pipe, not an image file", "is a device or a socket, not an image file"
	_, problems := datasettest.TryLoad(t, dir, "{format: image_folder, path: set, image: {width: 1, height: 1, channels: 1}}", 1)
	if !strings.Contains(problems, "set/a/pipe.png: "+isPipe) || !strings.Contains(problems, "set/a/zero.png: "+isDevice) {
		t.Error(problems)
	}
	st, err := stream.OpenImages(d.Schema, slices.Values([]string{pipe, zero}), 1)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	if n, err := st.Next(d.Schema.NewBatch(2), 2); n != 2 || err != nil {
		t.Fatal(n, err)
	}
	if got := st.Errors(); got[0].Error() != isPipe || got[1].Error() != isDevice {
		t.Error(got)
	}
	if os.Geteuid() == 0 {
		t.Skip("nothing is closed to root")
	}
	for _, name := range []string{"set/b", "set/a/1.png"} {
		if err := os.Chmod(filepath.Join(dir, name), 0); err != nil {
			t.Fatal(err)
		}
	}
	defer os.Chmod(filepath.Join(dir, "set/b"), 0o777)
	_, problems = datasettest.TryLoad(t, dir, "{format: image_folder, path: set}", 1)
	if !strings.Contains(problems, "b: permission denied") || !strings.Contains(problems, "set/a/1.png: permission denied") {
		t.Error(problems)
	}
}
