package output

import (
	"bufio"
	"compress/gzip"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"dnn/cmd/internal/cli/exit"
	"dnn/internal/newfile"
)

// Sink is where predictions go: standard output, or a file that appears when it is complete.
type Sink struct {
	*bufio.Writer
	file *newfile.File
	pack *gzip.Writer
}

// Open opens the file that --out names, or standard output for "" and "-". A name that ends in .gz is gzipped.
func Open(name string, stdout io.Writer) (*Sink, error) {
	if name == "" || name == "-" {
		return &Sink{Writer: bufio.NewWriterSize(stdout, 64<<10)}, nil
	}
	f, err := newfile.Create(name)
	if err != nil {
		return nil, exit.Written(err)
	}
	s := &Sink{file: f}
	if strings.HasSuffix(strings.ToLower(name), ".gz") {
		s.pack = gzip.NewWriter(f)
		s.Writer = bufio.NewWriterSize(s.pack, 64<<10)
	} else {
		s.Writer = bufio.NewWriterSize(f, 64<<10)
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	go func() { // a half-written file must not stay
		sig := <-signals
		f.Abandon()
		os.Exit(exit.Signal + int(sig.(syscall.Signal)))
	}()
	return s, nil
}

// Pause flushes standard output if the source of the rows must wait for more.
func (s *Sink) Pause(source any) error {
	if waiting, ok := source.(interface{ Waits() bool }); ok && s.file == nil && waiting.Waits() {
		return s.Flush()
	}
	return nil
}

// Commit writes all out; a file appears under its name.
func (s *Sink) Commit() error {
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

// Abandon flushes standard output, and removes an incomplete file.
func (s *Sink) Abandon() {
	if s.file != nil {
		s.file.Abandon()
		return
	}
	s.Flush()
}
