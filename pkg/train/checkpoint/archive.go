package checkpoint

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"dnn/internal/regular"
)

// Archive is a safetensors file of any program, open for reading its tensors one by one. Its header fits the file; nothing else
// of it is verified.
type Archive struct {
	Metadata map[string]string
	Tensors  []Tensor // sorted by name; without their data

	file  *os.File
	spans map[string][2]int64 // where in the file the data of a tensor is
}

// OpenArchive opens a safetensors file.
func OpenArchive(path string) (*Archive, error) {
	file, err := regular.Open(path)
	if err != nil {
		return nil, err
	}
	a, err := NewArchive(file)
	if err != nil {
		file.Close()
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return a, nil
}

// NewArchive reads the header of an open safetensors file.
func NewArchive(file *os.File) (*Archive, error) {
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("it is not a regular file")
	}
	header, err := readHeader(file, info.Size())
	if err != nil {
		return nil, err
	}
	meta, tensors, spans, err := decodeHeader(header[lengthSize:], info.Size()-int64(len(header)))
	if err != nil {
		return nil, err
	}
	a := &Archive{Metadata: meta, file: file, spans: map[string][2]int64{}}
	for i, t := range tensors {
		from := int64(len(header)) + spans[i][0]
		a.spans[t.Name] = [2]int64{from, spans[i][1] - spans[i][0]}
	}
	slices.SortFunc(tensors, func(a, b Tensor) int { return strings.Compare(a.Name, b.Name) })
	a.Tensors = tensors
	return a, nil
}

// Ours reports whether the file says that it is a model that this program wrote.
func (a *Archive) Ours() bool { return a.Metadata[versionKey] != "" }

// Reader reads the data of the tensor of that name, which must be there.
func (a *Archive) Reader(name string) *io.SectionReader {
	at := a.spans[name]
	return io.NewSectionReader(a.file, at[0], at[1])
}

// Close closes the file.
func (a *Archive) Close() error { return a.file.Close() }
