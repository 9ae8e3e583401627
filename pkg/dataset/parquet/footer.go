package parquet

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"

	"dnn/internal/phrase"
)

// The footer and the header of each page are Thrift structs in the compact protocol. Decoding takes memory for as many
// elements as a list declares, so the lists are first compared with the bytes that are there.

// readFooter holds the sizes that the footer declares against the file, and decodes it.
func readFooter(f io.ReaderAt, size int64) (*format.FileMetaData, error) {
	end, head := make([]byte, 8), make([]byte, 4)
	if size < 12 {
		return nil, errors.New("is no Parquet file: it has less than 12 bytes")
	}
	if _, err := f.ReadAt(head, 0); err != nil {
		return nil, err
	}
	if _, err := f.ReadAt(end, size-8); err != nil {
		return nil, err
	}
	if string(head) == "PARE" || string(end[4:]) == "PARE" {
		return nil, errors.New("is encrypted; write it without encryption")
	}
	if string(head) != Magic {
		return nil, fmt.Errorf("is no Parquet file: it does not begin with %s", Magic)
	}
	n := int64(binary.LittleEndian.Uint32(end))
	if string(end[4:]) != Magic || n > size-12 {
		return nil, errors.New("has no footer; it is damaged or cut off")
	}
	if n > mostFooter {
		return nil, fmt.Errorf("has a footer of %s bytes; the most is %s", phrase.Thousands(int(n)), phrase.Thousands(mostFooter))
	}
	footer := make([]byte, n)
	if _, err := f.ReadAt(footer, size-8-n); err != nil {
		return nil, err
	}
	if !sound(footer) {
		return nil, errors.New("has a footer that cannot be read; it is damaged")
	}
	meta := &format.FileMetaData{}
	var protocol thrift.CompactProtocol
	if err := thrift.NewDecoder(protocol.NewReaderFromBytes(footer)).Decode(meta); err != nil {
		return nil, damaged(err)
	}
	return meta, nil
}

// mostElements is how many elements all lists of a footer have.
const mostElements = 1 << 22

// sound reports whether bytes are a struct whose lists and texts lie within them.
func sound(b []byte) bool {
	s := &skimmer{b: b}
	return s.fields(0) && s.elements <= mostElements
}

// skimmer walks through a struct.
type skimmer struct {
	b        []byte
	elements uint64
}

// deepest is how many structs and lists may lie in one another.
const deepest = 32

// Types of the compact protocol.
const (
	isStop, isTrue, isFalse, isByte, isI16, isI32, isI64, isDouble, isBinary, isListOf, isSetOf, isMapOf, isStruct = 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
)

func (s *skimmer) fields(depth int) bool {
	for depth < deepest {
		head, ok := s.one()
		if !ok || head == isStop {
			return ok
		}
		if head>>4 == 0 { // the number of the field follows
			if _, ok := s.number(); !ok {
				return false
			}
		}
		if kind := head & 15; kind != isTrue && kind != isFalse && !s.value(kind, depth) {
			return false
		}
	}
	return false
}

func (s *skimmer) value(kind byte, depth int) bool {
	switch kind {
	case isTrue, isFalse, isByte:
		return s.skip(1)
	case isI16, isI32, isI64:
		_, ok := s.number()
		return ok
	case isDouble:
		return s.skip(8)
	case isBinary:
		n, ok := s.number()
		return ok && s.skip(n)
	case isListOf, isSetOf:
		head, ok := s.one()
		n := uint64(head >> 4)
		if n == 15 && ok {
			n, ok = s.number()
		}
		return ok && s.list(n, depth, head&15)
	case isMapOf:
		n, ok := s.number()
		if !ok || n == 0 {
			return ok
		}
		kinds, ok := s.one()
		return ok && s.list(n, depth, kinds>>4, kinds&15)
	case isStruct:
		return s.fields(depth + 1)
	}
	return false
}

// list skips so many elements, of a kind or of two in turn. Each has a byte at least.
func (s *skimmer) list(n uint64, depth int, kinds ...byte) bool {
	if s.elements += n; n > uint64(len(s.b)) || depth >= deepest || s.elements > mostElements {
		return false
	}
	for range n {
		for _, kind := range kinds {
			if !s.value(kind, depth+1) {
				return false
			}
		}
	}
	return true
}

func (s *skimmer) one() (b byte, ok bool) {
	if len(s.b) == 0 {
		return 0, false
	}
	b, s.b = s.b[0], s.b[1:]
	return b, true
}

func (s *skimmer) number() (n uint64, ok bool) {
	n, size := binary.Uvarint(s.b)
	if size <= 0 {
		return 0, false
	}
	s.b = s.b[size:]
	return n, true
}

func (s *skimmer) skip(n uint64) bool {
	if n > uint64(len(s.b)) {
		return false
	}
	s.b = s.b[n:]
	return true
}
