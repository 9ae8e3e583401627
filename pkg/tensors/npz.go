package tensors

import (
	"archive/zip"
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"strings"

	"dnn/internal/newfile"
	"dnn/pkg/dataset/npy"
)

func init() {
	Formats.Register("npz", "arrays as numpy.savez keeps them", Format{Endings: []string{".npz"}, Read: readNPZ, Write: writeNPZ})
}

// readNPZ reads an archive of arrays, which lie in the order in which they were given.
func readNPZ(f *os.File, size int64) (*File, error) {
	list, err := npy.All(f, size)
	if err != nil {
		return nil, err
	}
	file := &File{Ordered: true}
	for _, a := range list {
		x, whole, err := a.Floats()
		if err != nil {
			return nil, fmt.Errorf("%s %w", a.Name, err)
		}
		file.Tensors = append(file.Tensors, Tensor{Name: a.Name, Shape: a.Shape, Data: x, Whole: whole})
	}
	return file, nil
}

func writeNPZ(path string, list []Tensor) error {
	return writeZip(path, len(list), func(i int) (string, func(w io.Writer) error) {
		t := &list[i]
		return t.Name + ".npy", func(w io.Writer) error {
			if _, err := w.Write(npyHeader(t)); err != nil {
				return err
			}
			return writeNumbers(w, t)
		}
	})
}

// npyHeader is what stands before the numbers of an array.
func npyHeader(t *Tensor) []byte {
	kind, shape := "<f4", ""
	if t.Whole {
		kind = "<i8"
	}
	for _, n := range t.Shape {
		shape += fmt.Sprintf("%d, ", n)
	}
	if len(t.Shape) != 1 {
		shape = strings.TrimSuffix(shape, ", ")
	} else {
		shape = strings.TrimSuffix(shape, " ")
	}
	text := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': (%s), }", kind, shape)
	for (len(npy.Magic)+4+len(text)+1)%64 != 0 {
		text += " "
	}
	text += "\n"
	b := append([]byte(npy.Magic), 1, 0)
	return append(binary.LittleEndian.AppendUint16(b, uint16(len(text))), text...)
}

// writeNumbers writes the numbers of a tensor: as float32, or as int64 where they are whole.
func writeNumbers(w io.Writer, t *Tensor) error {
	if t.Whole {
		return binary.Write(w, binary.LittleEndian, wholeNumbers(t.Data))
	}
	return binary.Write(w, binary.LittleEndian, t.Data)
}

// writeZip writes an archive of n files that are not compressed.
func writeZip(path string, n int, entry func(i int) (name string, write func(w io.Writer) error)) error {
	file, err := newfile.Create(path)
	if err != nil {
		return err
	}
	defer file.Abandon()
	buffered := bufio.NewWriterSize(file, 1<<20)
	archive := zip.NewWriter(buffered)
	for i := range n {
		name, write := entry(i)
		w, err := archive.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Store})
		if err != nil {
			return err
		}
		if err := write(w); err != nil {
			return err
		}
	}
	if err := archive.Close(); err != nil {
		return err
	}
	if err := buffered.Flush(); err != nil {
		return err
	}
	return file.Commit()
}
