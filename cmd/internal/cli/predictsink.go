package cli

import (
	"bufio"
	"compress/gzip"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"dnn/internal/newfile"
)

// sink is where predictions go: standard output, or a file that appears when it is complete.
type sink struct {
	*bufio.Writer
	file *newfile.File
	pack *gzip.Writer
}

func (p *predictCommand) sink() (*sink, error) {
	if p.out == "" || p.out == "-" {
		return &sink{Writer: bufio.NewWriterSize(p.app.out, 64<<10)}, nil
	}
	f, err := newfile.Create(p.out)
	if err != nil {
		return nil, written(err)
	}
	s := &sink{file: f}
	if strings.HasSuffix(strings.ToLower(p.out), ".gz") {
		s.pack = gzip.NewWriter(f)
		s.Writer = bufio.NewWriterSize(s.pack, 64<<10)
	} else {
		s.Writer = bufio.NewWriterSize(f, 64<<10)
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	go func() { // a half-written file is of no use
		sig := <-signals
		f.Abandon()
		os.Exit(codeSignal + int(sig.(syscall.Signal)))
	}()
	return s, nil
}

// pause passes on what came to standard output so far if the source has to wait for more.
func (s *sink) pause(in source) error {
	if waiting, ok := in.(interface{ Waits() bool }); ok && s.file == nil && waiting.Waits() {
		return s.Flush()
	}
	return nil
}

func (s *sink) commit() error {
	if err := s.Flush(); err != nil {
		return err
	}
	if s.pack != nil {
		if err := s.pack.Close(); err != nil {
			return err
		}
	}
	if s.file != nil {
		return s.file.Commit()
	}
	return nil
}

// abandon passes on what came to standard output so far, and removes an incomplete file.
func (s *sink) abandon() {
	if s.file != nil {
		s.file.Abandon()
		return
	}
	s.Flush()
}
