package vectors

import (
	"encoding/binary"
	"io"
	"os"
	"regexp"
	"strconv"

	"dnn/pkg/dataset/record"
)

func init() {
	formats.Register("npy", "a NumPy matrix with a row for each word", npyFormat{})
}

// npyFormat is a matrix as numpy.save writes it, [words, size]. It may be compressed with gzip.
//
// Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
type npyFormat struct{}

func (npyFormat) endings() []string { return []string{".npy"} }

func (npyFormat) open(s Source) (rows, error) {
	if s.Tensor != "" {
		return nil, Wrong("tensor", "an .npy file holds one matrix; tensor is for .safetensors")
	}
	file, err := open("file", s.File)
	if err != nil {
		return nil, err
	}
	m, err := beginNPY(file, s)
	if err == nil {
		m.words, err = openWords(s)
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return m, nil
}

const (
	npyMagic  = "\x93NUMPY"
	maxHeader = 1 << 16 // bytes of the description, which has some 100
)

var (
	npyType    = regexp.MustCompile(`'descr':\s*'([<>])f([248])'`)
	npyFortran = regexp.MustCompile(`'fortran_order':\s*True`)
	npyShape   = regexp.MustCompile(`'shape':\s*\((\d+),\s*(\d+),?\)`)
)

// beginNPY reads the header.
func beginNPY(file *os.File, s Source) (*matrix, error) {
	in, err := record.Unpack(file)
	if err != nil {
		return nil, Wrong("file", "%s: %v", s.File, err)
	}
	head := make([]byte, len(npyMagic)+2)
	if _, err := io.ReadFull(in, head); err != nil || string(head[:len(npyMagic)]) != npyMagic {
		return nil, Wrong("file", "%s: is no .npy file: it does not start as one", s.File)
	}
	length := make([]byte, 2)
	if head[len(npyMagic)] > 1 {
		length = make([]byte, 4)
	}
	n := 0
	if _, err = io.ReadFull(in, length); err == nil {
		if n = int(binary.LittleEndian.Uint16(length)); len(length) == 4 {
			n = int(binary.LittleEndian.Uint32(length))
		}
	}
	if err != nil || n > maxHeader {
		return nil, Wrong("file", "%s: is no .npy file: its header has %d bytes", s.File, n)
	}
	text := make([]byte, n)
	if _, err := io.ReadFull(in, text); err != nil {
		return nil, Wrong("file", "%s: ends within its header: it was cut", s.File)
	}
	kind, shape := npyType.FindSubmatch(text), npyShape.FindSubmatch(text)
	switch {
	case kind == nil:
		return nil, Wrong("file", "%s: holds no floats; save it as numpy.float32", s.File)
	case shape == nil:
		return nil, Wrong("file", "%s: holds no matrix [words, size]", s.File)
	case npyFortran.Match(text):
		return nil, Wrong("file", "%s: lies column by column; save numpy.ascontiguousarray of it", s.File)
	}
	rows, err1 := strconv.Atoi(string(shape[1]))
	size, err2 := strconv.Atoi(string(shape[2]))
	if err1 != nil || err2 != nil || size < 1 || size > maxSize {
		return nil, Wrong("file", "%s: a matrix of %s times %s numbers cannot be", s.File, shape[1], shape[2])
	}
	var order binary.ByteOrder = binary.LittleEndian
	if string(kind[1]) == ">" {
		order = binary.BigEndian
	}
	number := numberTypes[map[string]string{"2": "F16", "4": "F32", "8": "F64"}[string(kind[2])]]
	return &matrix{
		name: s.File, in: in, rows: rows, length: size, row: make([]byte, size*number.size),
		number: func(b []byte) float64 { return number.read(order, b) }, closing: func() { file.Close() },
	}, nil
}
