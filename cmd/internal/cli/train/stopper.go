package train

import (
	"context"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"

	"dnn/cmd/internal/cli/exit"
)

// stopper ends a training on SIGINT, SIGTERM or SIGHUP: the first asks, the second kills. A reader of standard error that went
// away (a log that is piped into head) ends nothing.
type stopper struct {
	ctx     context.Context
	signals chan os.Signal
	got     atomic.Int64
}

func catch() *stopper {
	ctx, cancel := context.WithCancel(context.Background())
	s := &stopper{ctx: ctx, signals: make(chan os.Signal, 2)}
	signal.Notify(s.signals, syscall.SIGINT, syscall.SIGTERM)
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

func (s *stopper) number() int { return int(s.got.Load()) }

func (s *stopper) release() {
	signal.Stop(s.signals)
	close(s.signals)
}
