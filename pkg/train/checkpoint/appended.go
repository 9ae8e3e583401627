package checkpoint

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
)

// A model can be appended to a program, which then predicts with it:
//
//	the program, beginOf, the model file, its length in 8 bytes, endOf
//
// What reads model files reads such programs, too.
const (
	beginOf = "\ndnn model from:"
	endOf   = "\ndnn model above"
	tailOf  = 8 + len(endOf)
)

// Append writes a program with a model file of n bytes behind it. A model that the program has already is left out.
func Append(w io.Writer, program io.ReaderAt, size int64, model io.Reader, n int64) error {
	if from, _, err := Appended(program, size); err == nil && from > 0 {
		size = from - int64(len(beginOf))
	}
	if _, err := io.Copy(w, io.NewSectionReader(program, 0, size)); err != nil {
		return err
	}
	if _, err := io.WriteString(w, beginOf); err != nil {
		return err
	}
	if _, err := io.CopyN(w, model, n); err != nil {
		return err
	}
	_, err := w.Write(append(binary.LittleEndian.AppendUint64(nil, uint64(n)), endOf...))
	return err
}

// Appended is where the model in a program of so many bytes lies; from is 0 where there is none. It looks at the end of the program
// only. That the model itself is whole shows when it is read.
func Appended(program io.ReaderAt, size int64) (from, n int64, err error) {
	tail := make([]byte, tailOf)
	if size < int64(tailOf+len(beginOf)) {
		return 0, 0, nil
	}
	if _, err := program.ReadAt(tail, size-int64(tailOf)); err != nil && !errors.Is(err, io.EOF) {
		return 0, 0, err
	}
	if string(tail[8:]) != endOf {
		return 0, 0, nil
	}
	n = int64(binary.LittleEndian.Uint64(tail))
	from = size - int64(tailOf) - n
	if n <= 0 || from <= int64(len(beginOf)) || !begins(program, from-int64(len(beginOf))) {
		return 0, 0, fmt.Errorf("%w: the model at its end does not begin where it should (the file was cut or changed)", ErrDamaged)
	}
	return from, n, nil
}

// begins reports whether a model is appended at a place.
func begins(program io.ReaderAt, at int64) bool {
	mark := make([]byte, len(beginOf))
	_, err := program.ReadAt(mark, at)
	return (err == nil || errors.Is(err, io.EOF)) && string(mark) == beginOf
}

// HasAppended reports whether the program of that name has a model, or what is left of one that was cut.
func HasAppended(name string) (bool, error) {
	f, err := os.Open(name)
	if err != nil {
		return false, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return false, err
	}
	from, _, err := Appended(f, info.Size())
	if err == nil && from == 0 && isCut(f, info.Size()) {
		err = fmt.Errorf("%w: the model at its end was cut", ErrDamaged)
	}
	return from > 0, err
}

// beyond is how far behind the end of an ELF program's sections its file may end.
const beyond = 4096

// isCut reports whether a model begins behind a program whose end is missing. Where the program itself ends, the ELF format of most
// systems says.
func isCut(program io.ReaderAt, size int64) bool {
	f, err := elf.NewFile(program)
	if err != nil {
		return false
	}
	end := int64(0)
	for _, s := range f.Sections {
		if s.Type != elf.SHT_NOBITS {
			end = max(end, int64(s.Offset+s.FileSize))
		}
	}
	if end <= 0 || end >= size {
		return false
	}
	next := make([]byte, min(beyond, size-end))
	_, err = program.ReadAt(next, end)
	return (err == nil || errors.Is(err, io.EOF)) && bytes.Contains(next, []byte(beginOf))
}
