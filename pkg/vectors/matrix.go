package vectors

import (
	"encoding/binary"
	"io"
	"math"

	"dnn/internal/phrase"
)

// matrix reads the rows of a matrix in a file, and their words from a list.
type matrix struct {
	name    string
	in      io.Reader
	words   *wordList
	rows    int
	row     []byte // of length numbers
	length  int
	seen    int
	number  func([]byte) float64
	closing func()
}

func (m *matrix) size() int { return m.length }

func (m *matrix) close() {
	m.words.file.Close()
	m.closing()
}

func (m *matrix) next() ([]byte, error) {
	word, err := m.words.of(m.seen, m.rows, m.name)
	if err != nil {
		return nil, err
	}
	m.seen++
	if _, err := io.ReadFull(m.in, m.row); err != nil {
		return nil, Wrong("file", "%s: ends within vector %s of %s: it was cut", m.name, phrase.Thousands(m.seen), phrase.Thousands(m.rows))
	}
	return word, nil
}

func (m *matrix) vector(dst []float32) error {
	size := len(m.row) / m.length
	for i := range dst {
		x := float32(m.number(m.row[i*size:]))
		if x != x || math.IsInf(float64(x), 0) {
			return Wrong("file", "%s: vector %s holds a number that is not finite", m.name, phrase.Thousands(m.seen))
		}
		dst[i] = x
	}
	return nil
}

// numberType is how a number lies in a file.
type numberType struct {
	size int
	read func(binary.ByteOrder, []byte) float64
}

// numberTypes by their names in safetensors files.
var numberTypes = map[string]numberType{
	"F64": {8, func(o binary.ByteOrder, b []byte) float64 { return math.Float64frombits(o.Uint64(b)) }},
	"F32": {4, func(o binary.ByteOrder, b []byte) float64 { return float64(math.Float32frombits(o.Uint32(b))) }},
	"F16": {2, func(o binary.ByteOrder, b []byte) float64 { return half(o.Uint16(b)) }},
	"BF16": {2, func(o binary.ByteOrder, b []byte) float64 {
		return float64(math.Float32frombits(uint32(o.Uint16(b)) << 16))
	}},
}

// half is a number of IEEE 754's half precision.
func half(bits uint16) float64 {
	exponent, fraction := int(bits>>10&31), float64(bits&1023)
	x := 0.0
	switch exponent {
	case 0:
		x = math.Ldexp(fraction, -24)
	case 31:
		x = math.Inf(1)
		if fraction > 0 {
			x = math.NaN()
		}
	default:
		x = math.Ldexp(1024+fraction, exponent-25)
	}
	if bits>>15 == 1 {
		return -x
	}
	return x
}
