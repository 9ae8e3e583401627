//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package work

import (
	"errors"
	"os"
	"syscall"

	"dnn/cmd/internal/cli/exit"
)

// Lock keeps a run's folder for this process until release, or its end: two trainings in one would mix their logs and
// checkpoints. A file system that has no locks is taken as it is.
func Lock(dir string) (release func(), err error) {
	f, err := os.Open(dir)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); errors.Is(err, syscall.EWOULDBLOCK) {
		f.Close()
		return nil, exit.Usagef("%s: another process is at work in this folder", dir)
	}
	return func() { f.Close() }, nil
}

// OfRanks are signals that end the ranks of a job too: Open MPI's mpirun passes SIGUSR1 on, and leaves ranks no time after others.
var OfRanks = []os.Signal{syscall.SIGUSR1}
