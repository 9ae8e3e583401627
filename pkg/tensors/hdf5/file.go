package hdf5

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Magic is how a file begins.
const Magic = "\x89HDF\r\n\x1a\n"

// File is an open file.
type File struct {
	Datasets []Dataset // by their names, as the groups list them

	r      io.ReaderAt
	size   int64
	base   uint64          // that addresses count from
	budget int64           // bytes of headers that may still be read
	data   int64           // bytes of data that may still be read
	groups map[uint64]bool // those that were entered
}

// Dataset is an array of numbers.
type Dataset struct {
	Name  string // with the groups that it is in: layers/dense/vars/0
	Shape []int
	Type  Type

	compact []byte // the data, where it lies in the header
	at      uint64
	bytes   int64
}

// Type is how a number lies in the file.
type Type struct {
	Kind byte // f: floating point, i: whole with a sign, u: whole without
	Size int  // bytes
	Big  bool // most significant byte first
}

const (
	undefined = ^uint64(0) // an address that leads nowhere

	deepest = 64      // groups in groups
	longest = 1 << 12 // bytes of a name
	most    = 32      // dimensions
)

var errDamaged = errors.New("is damaged: what it refers to lies outside of it, or in a circle")

// Open reads the headers of a file of so many bytes.
func Open(r io.ReaderAt, size int64) (*File, error) {
	f := &File{r: r, size: size, budget: 16*size + 1<<16, data: size, groups: map[uint64]bool{}}
	head, err := f.read(0, 9)
	if err != nil || string(head[:8]) != Magic {
		return nil, errors.New("is no HDF5 file: it does not begin as one")
	}
	root, err := f.root(head[8])
	if err != nil {
		return nil, err
	}
	return f, f.object("", root, 0)
}

// root finds the object header of the root group.
func (f *File) root(version byte) (uint64, error) {
	switch version {
	case 0, 1:
		b, err := f.read(0, 104)
		if err != nil {
			return 0, err
		}
		if b[13] != 8 || b[14] != 8 {
			return 0, fmt.Errorf("has addresses of %d bytes, and only those of 8 are read", b[13])
		}
		at := 24
		if version == 1 {
			at = 28
		}
		f.base = binary.LittleEndian.Uint64(b[at:])
		return binary.LittleEndian.Uint64(b[at+40:]), nil
	case 2, 3:
		b, err := f.read(0, 48)
		if err != nil {
			return 0, err
		}
		if b[9] != 8 || b[10] != 8 {
			return 0, fmt.Errorf("has addresses of %d bytes, and only those of 8 are read", b[9])
		}
		f.base = binary.LittleEndian.Uint64(b[12:])
		return binary.LittleEndian.Uint64(b[36:]), nil
	}
	return 0, fmt.Errorf("has a superblock of version %d, and only versions 0 to 3 are read", version)
}

// read returns n bytes at an address.
func (f *File) read(at uint64, n int64) ([]byte, error) {
	if at += f.base; at < f.base || at > uint64(f.size) || n < 0 || n > f.size-int64(at) {
		return nil, errDamaged
	}
	if f.budget -= n; f.budget < 0 {
		return nil, errDamaged
	}
	b := make([]byte, n)
	_, err := f.r.ReadAt(b, int64(at))
	if err == io.EOF {
		err = nil
	}
	return b, err
}

// name is a text of a heap that ends with a zero.
func name(heap []byte, at uint64) (string, error) {
	if at >= uint64(len(heap)) {
		return "", errDamaged
	}
	text, _, ok := strings.Cut(string(heap[at:min(uint64(len(heap)), at+longest)]), "\x00")
	if !ok {
		return "", errDamaged
	}
	return text, nil
}

// Bytes reads the data of a dataset.
func (f *File) Bytes(d *Dataset) ([]byte, error) {
	if d.compact != nil || d.bytes == 0 {
		return d.compact, nil
	}
	at := d.at + f.base
	if at < f.base || at > uint64(f.size) || d.bytes > f.size-int64(at) {
		return nil, fmt.Errorf("%s: %w", d.Name, errDamaged)
	}
	if f.data -= d.bytes; f.data < 0 {
		return nil, fmt.Errorf("%s: %w", d.Name, errDamaged)
	}
	b := make([]byte, d.bytes)
	if _, err := f.r.ReadAt(b, int64(at)); err != nil && err != io.EOF {
		return nil, err
	}
	return b, nil
}
