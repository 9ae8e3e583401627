package checkpoint

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"dnn/internal/newfile"
)

// uniform holds n numbers that are all equal, so that a mixture of two such files shows.
func uniform(value float32, n int) *File {
	values := make([]float32, n)
	for i := range values {
		values[i] = value
	}
	return &File{Metadata: map[string]string{"value": fmt.Sprint(value)}, Tensors: []Tensor{New("w", []int{n}, values)}}
}

func checkUniform(path string) error {
	f, err := Read(path)
	if err != nil {
		return err
	}
	values, err := Values[float32](f.Tensor("w"))
	if err != nil {
		return err
	}
	for _, v := range values {
		if fmt.Sprint(v) != f.Metadata["value"] {
			return fmt.Errorf("%v in a file of %s", v, f.Metadata["value"])
		}
	}
	return nil
}

func TestReadersSeeOldOrNew(t *testing.T) {
	path := filepath.Join(t.TempDir(), "m.safetensors")
	if err := Write(path, uniform(0, 50000)); err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			for {
				if err := checkUniform(path); err != nil {
					t.Error(err)
					return
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	for i := range 30 {
		if err := Write(path, uniform(float32(i), 50000)); err != nil {
			t.Error(err)
		}
	}
	close(done)
	wg.Wait()
	onlyFile(t, path)
}

func TestManyWriters(t *testing.T) {
	path := filepath.Join(t.TempDir(), "m.safetensors")
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			if err := Write(path, uniform(float32(i), 1000)); err != nil {
				t.Error(err)
			}
			if _, err := newfile.CleanTemps(filepath.Dir(path)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if err := checkUniform(path); err != nil {
		t.Error(err)
	}
	onlyFile(t, path)
}

// onlyFile fails unless path is alone in its directory.
func onlyFile(t *testing.T, path string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 || entries[0].Name() != filepath.Base(path) {
		t.Errorf("in the directory: %v, %v", entries, err)
	}
}

func TestFailingWriteLeavesTheOldFile(t *testing.T) {
	dir := t.TempDir()
	if err := Write(filepath.Join(dir, "no", "such", "m"), uniform(1, 10)); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing directory: %v", err)
	}
	path := filepath.Join(dir, "m")
	if err := os.Mkdir(path, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := Write(path, uniform(1, 10)); err == nil {
		t.Error("a directory was overwritten")
	}
	onlyFile(t, path)
	os.Remove(path)
	if err := Write(path, uniform(1, 10)); err != nil {
		t.Fatal(err)
	}
	bad := uniform(2, 10)
	bad.Tensors[0].Shape[0] = 11
	if err := Write(path, bad); err == nil {
		t.Error("wrong content was written")
	}
	if os.Getuid() != 0 { // root may write everywhere
		os.Chmod(dir, 0o500)
		err := Write(path, uniform(2, 10))
		os.Chmod(dir, 0o700)
		if !errors.Is(err, fs.ErrPermission) {
			t.Errorf("read-only directory: %v", err)
		}
	}
	onlyFile(t, path)
	if err := checkUniform(path); err != nil {
		t.Error(err)
	}
}

// TestMain lets the test's own binary be the writer that is killed.
func TestMain(m *testing.M) {
	if path := os.Getenv("CHECKPOINT_TEST_WRITER"); path != "" {
		fmt.Println("ready")
		for i := 1; ; i++ {
			if err := Write(path, uniform(float32(i), 200000)); err != nil {
				fmt.Println(err)
				os.Exit(1)
			}
		}
	}
	os.Exit(m.Run())
}

func TestKilledWriter(t *testing.T) {
	if testing.Short() {
		t.Skip("starts and kills processes")
	}
	path := filepath.Join(t.TempDir(), "m.safetensors")
	if err := Write(path, uniform(0, 200000)); err != nil {
		t.Fatal(err)
	}
	const writers = 10
	left := 0
	for range writers {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "CHECKPOINT_TEST_WRITER="+path)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		if line, err := bufio.NewReader(out).ReadString('\n'); line != "ready\n" {
			t.Fatalf("writer: %q, %v", line, err)
		}
		time.Sleep(time.Duration(rand.IntN(20_000)) * time.Microsecond)
		cmd.Process.Kill()
		if err := cmd.Wait(); err == nil || cmd.ProcessState.Exited() {
			t.Fatalf("the writer was not killed: %v", err)
		}
		if err := checkUniform(path); err != nil {
			t.Fatal(err)
		}
		entries, _ := os.ReadDir(filepath.Dir(path))
		for _, e := range entries {
			if e.Name() != filepath.Base(path) && !strings.HasSuffix(e.Name(), ".tmp") {
				t.Fatalf("left %s", e.Name())
			}
		}
		left = len(entries) - 1
	}
	removed, err := newfile.CleanTemps(filepath.Dir(path))
	if err != nil || len(removed) != left {
		t.Errorf("removed %d of %d: %v", len(removed), left, err)
	}
	t.Logf("%d temporary files were left by %d killed writers", left, writers)
	onlyFile(t, path)
}
