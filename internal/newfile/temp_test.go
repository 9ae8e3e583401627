package newfile

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

func TestCleanTemps(t *testing.T) {
	dir := t.TempDir()
	file, err := createTemp(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	live := filepath.Base(file.Name())
	stays := []string{"m.safetensors", "notes.tmp", "dnn-1-2-3.tmp.txt", live,
		fmt.Sprintf(tempPattern, hostHash()+1, 1<<30, 1), fmt.Sprintf(tempPattern, hostHash(), os.Getppid(), 1)}
	goes := []string{fmt.Sprintf(tempPattern, hostHash(), 1<<30, 1), fmt.Sprintf(tempPattern, hostHash(), os.Getpid(), uint64(1)<<40)}
	for _, name := range append(stays, goes...) {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	removed, err := CleanTemps(dir)
	if err != nil || len(removed) != len(goes) {
		t.Errorf("removed %v, %v", removed, err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != len(stays) {
		t.Errorf("left %v", entries)
	}
	forgetTemp(file.Name())
	if removed, _ := CleanTemps(dir); len(removed) != 1 || filepath.Base(removed[0]) != live {
		t.Errorf("removed %v", removed)
	}
	if removed, err := CleanTemps(filepath.Join(dir, "none")); removed != nil || err != nil {
		t.Errorf("missing directory: %v, %v", removed, err)
	}
}
