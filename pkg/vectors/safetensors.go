package vectors

import (
	"bufio"
	"encoding/binary"
	"slices"
	"strings"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/record"
	"dnn/pkg/spec"
	"dnn/pkg/train/checkpoint"
)

func init() {
	formats.Register("safetensors", "a matrix in a safetensors file, with a row for each word", safetensorsFormat{})
}

// safetensorsFormat is a matrix [words, size] in a safetensors file of any program.
type safetensorsFormat struct{}

func (safetensorsFormat) endings() []string { return []string{".safetensors"} }

func (safetensorsFormat) open(s Source) (rows, error) {
	a, err := checkpoint.OpenArchive(s.File)
	if err != nil {
		return nil, Wrong("file", "%s", record.FileError(err))
	}
	m, err := beginTensor(a, s)
	if err == nil {
		m.words, err = openWords(s)
	}
	if err != nil {
		a.Close()
		return nil, err
	}
	return m, nil
}

// beginTensor chooses the matrix.
func beginTensor(a *checkpoint.Archive, s Source) (*matrix, error) {
	var matrices []string
	for _, t := range a.Tensors {
		if numberTypes[string(t.DType)].read != nil && len(t.Shape) == 2 && t.Shape[1] >= 1 && t.Shape[1] <= maxSize {
			matrices = append(matrices, t.Name)
		}
	}
	name := s.Tensor
	switch {
	case len(matrices) == 0:
		return nil, Wrong("file", "%s: has no matrix of floats", s.File)
	case name == "" && len(matrices) > 1:
		return nil, Wrong("tensor", "%s has several matrices: tensor names the one to read: %s", s.File, phrase.List(matrices))
	case name == "":
		name = matrices[0]
	case !slices.Contains(matrices, name):
		return nil, Wrong("tensor", "%s has no matrix called %q%s", s.File, name, spec.DidYouMean(name, matrices))
	}
	i, _ := slices.BinarySearchFunc(a.Tensors, name, func(t checkpoint.Tensor, name string) int { return strings.Compare(t.Name, name) })
	t := a.Tensors[i]
	number := numberTypes[string(t.DType)]
	return &matrix{
		name: s.File, in: bufio.NewReaderSize(a.Reader(name), record.ReadBuffer), rows: t.Shape[0], length: t.Shape[1],
		row:    make([]byte, t.Shape[1]*number.size),
		number: func(b []byte) float64 { return number.read(binary.LittleEndian, b) }, closing: func() { a.Close() },
	}, nil
}
