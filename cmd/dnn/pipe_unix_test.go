//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A folder of others whose spec is a pipe is refused, not waited for.
func TestPipeInPlaceOfTheSpec(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "run"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "run", "last.safetensors"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mkfifo(filepath.Join(dir, "run", "spec.yaml"), 0o666); err != nil {
		t.Skip(err)
	}
	cmd := exec.CommandContext(t.Context(), "dnn", "train", "--resume", "run")
	cmd.Dir = dir
	timer := time.AfterFunc(20*time.Second, func() { cmd.Process.Kill() })
	defer timer.Stop()
	said, err := cmd.CombinedOutput()
	if cmd.ProcessState.ExitCode() != 2 || !strings.Contains(string(said), "spec.yaml: is no regular file") {
		t.Errorf("%v; it said: %s", err, said)
	}
}
