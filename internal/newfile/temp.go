package newfile

import (
	"errors"
	"fmt"
	"hash/fnv"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
)

// A temporary file is named dnn-HOST-PID-N.tmp: HOST a hash of the host's name, PID the writer's process, N a counter.
const tempPattern = "dnn-%08x-%d-%d.tmp"

var (
	tempCount atomic.Uint64
	liveTemps sync.Map // absolute names of the temporary files this process is writing
)

// createTemp creates a new file in dir that CleanTemps leaves alone until forgetTemp is called.
func createTemp(dir string) (*os.File, error) {
	for range 10000 {
		name := filepath.Join(dir, fmt.Sprintf(tempPattern, hostHash(), os.Getpid(), tempCount.Add(1)))
		liveTemps.Store(absolute(name), true)
		file, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666)
		if err == nil {
			return file, nil
		}
		liveTemps.Delete(absolute(name))
		if !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
	}
	return nil, fmt.Errorf("too many temporary files in %s", dir)
}

func forgetTemp(name string) { liveTemps.Delete(absolute(name)) }

// CleanTemps removes from dir the temporary files of writers of this machine that died before they were done, and
// returns the names of those removed. Files of running processes and of other machines (on a shared disk) stay. A
// directory that does not exist has none.
func CleanTemps(dir string) (removed []string, err error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var errs []error
	for _, e := range entries {
		name := filepath.Join(dir, e.Name())
		if !e.Type().IsRegular() || !isStale(name) {
			continue
		}
		if err := os.Remove(name); err == nil {
			removed = append(removed, name)
		} else if !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return removed, errors.Join(errs...)
}

// isStale says whether name is a temporary file of a dead writer of this machine.
func isStale(name string) bool {
	var host uint32
	var pid int
	var count uint64
	base := filepath.Base(name)
	if _, err := fmt.Sscanf(base, tempPattern, &host, &pid, &count); err != nil || fmt.Sprintf(tempPattern, host, pid, count) != base {
		return false
	}
	if host != hostHash() || pid <= 0 {
		return false
	}
	if pid == os.Getpid() { // of this process, or of one before that had its number, as is usual in containers
		_, live := liveTemps.Load(absolute(name))
		return !live
	}
	process, err := os.FindProcess(pid)
	if err != nil {
		return true // only where a process must exist to be found
	}
	defer process.Release()
	err = process.Signal(syscall.Signal(0))
	return errors.Is(err, os.ErrProcessDone) || errors.Is(err, syscall.ESRCH)
}

var hostHash = sync.OnceValue(func() uint32 {
	name, _ := os.Hostname()
	h := fnv.New32a()
	h.Write([]byte(name))
	return h.Sum32()
})

func absolute(name string) string {
	if abs, err := filepath.Abs(name); err == nil {
		return abs
	}
	return name
}
