package npy

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"strings"

	"dnn/internal/machine"
)

// Named is an array of an archive.
type Named struct {
	Name string
	*Array
}

// All reads all arrays of an .npz file, in their order, or the only one of an .npy file.
func All(f io.ReaderAt, size int64) (list []Named, err error) {
	head := make([]byte, min(size, 4))
	if _, err := f.ReadAt(head, 0); err != nil && err != io.EOF {
		return nil, err
	}
	if string(head) != archiveMagic {
		a, err := Read(f, size, "")
		if err != nil {
			return nil, err
		}
		return []Named{{"", a}}, nil
	}
	archive, err := zip.NewReader(f, size)
	if err != nil {
		return nil, fmt.Errorf("is a damaged archive: %w", err)
	}
	var total uint64 // of what is read so far
	for _, one := range archive.File {
		name := strings.TrimSuffix(one.Name, ".npy")
		if total += min(one.UncompressedSize64, mostBytes); machine.Memory() > 0 && total > uint64(machine.Memory())/2 {
			return nil, fmt.Errorf("takes more than %.1f GB, and this machine has %.1f GB of memory", float64(total)/1e9, float64(machine.Memory())/1e9)
		}
		r, err := one.Open()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		a, err := read(r, int64(min(one.UncompressedSize64, mostBytes)))
		r.Close()
		if err != nil {
			return nil, fmt.Errorf("%s %w", name, err)
		}
		list = append(list, Named{name, a})
	}
	return list, nil
}

// Floats are the numbers of an array, row after row. whole says that they are whole.
func (a *Array) Floats() (x []float32, whole bool, err error) {
	if len(a.Fields) != 1 || a.Fields[0].Name != "" || a.Fields[0].Words() || a.Fields[0].kind == 'M' {
		return nil, false, errors.New("holds no plain numbers")
	}
	f, width := a.Fields[0], a.Width()
	x = make([]float32, 0, len(a.bytes)/a.item)
	for row := range a.Rows() {
		for k := range width {
			at := a.place(row, k)
			if b := a.bytes[at : at+a.item]; f.kind == 'f' {
				x = append(x, float32(f.float(b)))
			} else {
				x = append(x, float32(f.whole(b)))
			}
		}
	}
	return x, f.kind != 'f', nil
}
