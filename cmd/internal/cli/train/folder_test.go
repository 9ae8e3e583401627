package train

import (
	"path/filepath"
	"sync"
	"testing"
)

// Processes that start at the same moment must not share a folder.
func TestRunsNeverShareAFolder(t *testing.T) {
	t.Chdir(t.TempDir())
	var all sync.Map
	var group sync.WaitGroup
	for range 40 {
		group.Go(func() {
			dir, err := newRun("x", "")
			if err != nil {
				t.Error(err)
			}
			if _, twice := all.LoadOrStore(dir, true); twice {
				t.Errorf("%s was given twice", dir)
			}
		})
	}
	group.Wait()
	if dir, _ := newRun("x", ""); dir != filepath.Join("runs", "x", "0041") {
		t.Errorf("the next folder is %s", dir)
	}
}
