package work

import (
	"runtime"
	"strings"
	"testing"
)

func TestOneTrainingInAFolder(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("folders are not locked")
	}
	dir := t.TempDir()
	release, err := Lock(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Lock(dir); err == nil || !strings.Contains(err.Error(), "another process") {
		t.Errorf("a second lock: %v", err)
	}
	release()
	release, err = Lock(dir)
	if err != nil {
		t.Fatal(err)
	}
	release()
}
