//go:build linux

package checkpoint

import (
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestFullDisk writes in a process that may not write files over 64 KiB, which fails in mid-file as a full disk does.
func TestFullDisk(t *testing.T) {
	if path := os.Getenv("CHECKPOINT_TEST_LIMIT"); path != "" {
		signal.Ignore(syscall.SIGXFSZ)
		limit := syscall.Rlimit{Cur: 1 << 16, Max: 1 << 16}
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
			t.Fatal(err)
		}
		err := Write(path, uniform(2, 100000))
		if err == nil || !strings.Contains(err.Error(), path) {
			t.Fatalf("writing over the limit: %v", err)
		}
		return
	}
	path := filepath.Join(t.TempDir(), "m.safetensors")
	if err := Write(path, uniform(1, 100000)); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestFullDisk$")
	cmd.Env = append(os.Environ(), "CHECKPOINT_TEST_LIMIT="+path)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	onlyFile(t, path)
	if err := checkUniform(path); err != nil {
		t.Error(err)
	}
}
