// Package export turns a model into something that runs without dnn and its files: a program with the model appended to it, or the
// source of a library that predicts.
package export

import (
	"fmt"
	"io"
	"os"

	"dnn/internal/newfile"
	"dnn/pkg/train/checkpoint"
)

// Executable writes a program of the name to: that of the name base with the model file appended. It appears under its name when it is
// complete.
func Executable(to, base, model string) error {
	program, size, err := open(base)
	if err != nil {
		return err
	}
	defer program.Close()
	file, n, err := open(model)
	if err != nil {
		return err
	}
	defer file.Close()
	var content io.ReaderAt = file
	if from, length, err := checkpoint.Appended(file, n); err != nil {
		return fmt.Errorf("%s: %w", model, err)
	} else if from > 0 { // the model of another such program
		content, n = io.NewSectionReader(file, from, length), length
	}
	out, err := newfile.Create(to)
	if err != nil {
		return err
	}
	defer out.Abandon()
	if err := checkpoint.Append(out, program, size, io.NewSectionReader(content, 0, n), n); err != nil {
		return err
	}
	if err := out.Executable(); err != nil {
		return err
	}
	return out.Commit()
}

// open opens a file of which any part can be read.
func open(name string) (*os.File, int64, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, 0, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is no regular file", name)
	}
	if err != nil {
		f.Close()
		return nil, 0, err
	}
	return f, info.Size(), nil
}
