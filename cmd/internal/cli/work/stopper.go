// Package work is what commands that train share: progress, signals, and the lock of a folder.
package work

import (
	"context"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"

	"dnn/cmd/internal/cli/exit"
)

// Stopper ends a training on SIGINT, SIGTERM or SIGHUP: the first asks, the second kills. A reader of standard error that went
// away (a log that is piped into head) ends nothing.
type Stopper struct {
	Context context.Context // done once a signal came
	signals chan os.Signal
	got     atomic.Int64
}

// Catch begins to listen for them, and for some others.
func Catch(others ...os.Signal) *Stopper {
	ctx, cancel := context.WithCancel(context.Background())
	s := &Stopper{Context: ctx, signals: make(chan os.Signal, 2)}
	signal.Notify(s.signals, append(others, syscall.SIGINT, syscall.SIGTERM)...)
	if !signal.Ignored(syscall.SIGHUP) { // by nohup
		signal.Notify(s.signals, syscall.SIGHUP)
	}
	signal.Ignore(syscall.SIGPIPE)
	go func() {
		for sig := range s.signals {
			n := int64(sig.(syscall.Signal))
			if s.got.Swap(n) != 0 {
				os.Exit(exit.Signal + int(n))
			}
			cancel()
		}
	}()
	return s
}

// Take notes the signal that another process of the job got, where this one got none.
func (s *Stopper) Take(number int) { s.got.CompareAndSwap(0, int64(number)) }

// Number is that of the signal that came.
func (s *Stopper) Number() int { return int(s.got.Load()) }

// Release leaves signals to the system again.
func (s *Stopper) Release() {
	signal.Stop(s.signals)
	close(s.signals)
}
