package npy

import (
	"archive/zip"
	"fmt"
	"io"
	"strings"
)

// Info is what the header of an array says.
type Info struct {
	Name   string // in an archive
	Shape  []int
	Fields []Field
	item   int
}

// AreBytes reports whether the elements are bytes, or true and false.
func (n *Info) AreBytes() bool { return areBytes(n.Fields, n.item) }

// List reads the headers of the only array of an .npy file, or of all arrays of an .npz file.
func List(f io.ReaderAt, size int64) (list []Info, err error) {
	head := make([]byte, min(size, 4))
	if _, err := f.ReadAt(head, 0); err != nil && err != io.EOF {
		return nil, err
	}
	if string(head) != archiveMagic {
		h, err := readHeader(io.NewSectionReader(f, 0, size), size)
		if err != nil {
			return nil, err
		}
		return []Info{{"", h.shape, h.fields, h.item}}, nil
	}
	archive, err := zip.NewReader(f, size)
	if err != nil {
		return nil, fmt.Errorf("is a damaged archive: %w", err)
	}
	for _, one := range archive.File {
		name := strings.TrimSuffix(one.Name, ".npy")
		r, err := one.Open()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		h, err := readHeader(r, int64(min(one.UncompressedSize64, mostBytes)))
		r.Close()
		if err != nil {
			return nil, fmt.Errorf("%s %w", name, err)
		}
		list = append(list, Info{name, h.shape, h.fields, h.item})
	}
	return list, nil
}
