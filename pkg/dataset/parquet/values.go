package parquet

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/parquet-go/parquet-go/format"
)

// value is one value of a column. Its bytes are good until the next is read.
type value struct {
	bits  uint64 // of booleans, and of numbers of up to 64 bits; those of whole numbers have the sign
	bytes []byte // of others
}

// values decodes the values of a page in turn.
type values interface {
	next() (value, error)
}

var errEarly = errors.New("a page has fewer values than it declares")

// valuesOf returns what decodes so many values, at most, of a leaf.
func valuesOf(n *node, encoding format.Encoding, b []byte, most int, dictionary []value) (values, error) {
	kind := n.Type.V
	width := widthOf(n)
	whole := kind == format.Int32 || kind == format.Int64
	switch {
	case encoding == format.PlainDictionary || encoding == format.RLEDictionary:
		if len(b) == 0 {
			return &indexed{}, nil
		}
		return &indexed{hybrid{b: b[1:], width: uint(b[0])}, dictionary}, nil
	case encoding == format.RLE && kind == format.Boolean:
		runs, _, ok := prefixed(b)
		if !ok {
			return nil, errEarly
		}
		return &truths{hybrid{b: runs, width: 1}}, nil
	case encoding == format.Plain && kind == format.Boolean:
		return &truths{hybrid{b: b, width: 1, packed: 8 * uint64(len(b))}}, nil
	case encoding == format.Plain && kind == format.ByteArray:
		return &texts{b}, nil
	case encoding == format.Plain && width > 0:
		return &plain{b: b, kind: kind, width: width}, nil
	case encoding == format.ByteStreamSplit && width > 0 && kind != format.Int96:
		return &streams{b: b, kind: kind, n: len(b) / width, one: make([]byte, width)}, nil
	case encoding == format.DeltaBinaryPacked && whole:
		numbers, _, err := deltas(b, most)
		return &listed{numbers: numbers, short: kind == format.Int32}, err
	case encoding == format.DeltaLengthByteArray && kind == format.ByteArray:
		lengths, rest, err := deltas(b, most)
		return &suffixed{suffixes: lengths, b: rest}, err
	case encoding == format.DeltaByteArray && (kind == format.ByteArray || kind == format.FixedLenByteArray):
		prefixes, rest, err := deltas(b, most)
		if err != nil {
			return nil, err
		}
		suffixes, rest, err := deltas(rest, most)
		return &suffixed{prefixes: prefixes, suffixes: suffixes, b: rest}, err
	}
	return nil, fmt.Errorf("%v in %v cannot be read", kind, encoding)
}

// widthOf is how many bytes a value of a leaf has, or 0 if that differs.
func widthOf(n *node) int {
	switch n.Type.V {
	case format.Int32, format.Float:
		return 4
	case format.Int64, format.Double:
		return 8
	case format.Int96:
		return 12
	case format.FixedLenByteArray:
		return max(0, int(n.TypeLength.V))
	}
	return 0
}

// fixed is a value of fixed width.
func fixed(b []byte, kind format.Type) value {
	switch kind {
	case format.Int32:
		return value{bits: uint64(int32(binary.LittleEndian.Uint32(b)))}
	case format.Float:
		return value{bits: uint64(binary.LittleEndian.Uint32(b))}
	case format.Int64, format.Double:
		return value{bits: binary.LittleEndian.Uint64(b)}
	}
	return value{bytes: b}
}

// plain reads values of fixed width, one after the other.
type plain struct {
	b     []byte
	kind  format.Type
	width int
}

func (p *plain) next() (value, error) {
	if len(p.b) < p.width {
		return value{}, errEarly
	}
	one := p.b[:p.width]
	p.b = p.b[p.width:]
	return fixed(one, p.kind), nil
}

// texts reads byte arrays, each after its length.
type texts struct{ b []byte }

func (t *texts) next() (v value, err error) {
	ok := false
	if v.bytes, t.b, ok = prefixed(t.b); !ok {
		return value{}, errEarly
	}
	return v, nil
}

// prefixed splits bytes that begin with a length of four bytes.
func prefixed(b []byte) (part, rest []byte, ok bool) {
	if len(b) < 4 {
		return nil, nil, false
	}
	n := int64(binary.LittleEndian.Uint32(b))
	if n > int64(len(b)-4) {
		return nil, nil, false
	}
	return b[4 : 4+n], b[4+n:], true
}

// streams reads values of which the first bytes come first, then the second ones.
type streams struct {
	b     []byte
	kind  format.Type
	at, n int
	one   []byte
}

func (s *streams) next() (value, error) {
	if s.at >= s.n {
		return value{}, errEarly
	}
	for i := range s.one {
		s.one[i] = s.b[i*s.n+s.at]
	}
	s.at++
	return fixed(s.one, s.kind), nil
}

// truths reads booleans.
type truths struct{ hybrid }

func (t *truths) next() (value, error) {
	bit, ok := t.hybrid.next()
	if !ok {
		return value{}, errEarly
	}
	return value{bits: bit}, nil
}

// indexed reads places in a dictionary.
type indexed struct {
	hybrid
	dictionary []value
}

func (x *indexed) next() (value, error) {
	at, ok := x.hybrid.next()
	if !ok || at >= uint64(len(x.dictionary)) {
		return value{}, errors.New("a page refers to what its dictionary does not have")
	}
	return x.dictionary[at], nil
}

// listed reads whole numbers that were decoded before.
type listed struct {
	numbers []int64
	short   bool // of 32 bits
}

func (l *listed) next() (value, error) {
	if len(l.numbers) == 0 {
		return value{}, errEarly
	}
	n := l.numbers[0]
	l.numbers = l.numbers[1:]
	if l.short {
		n = int64(int32(n))
	}
	return value{bits: uint64(n)}, nil
}

// suffixed reads texts by their lengths, where prefixes are given, after so many bytes of the text before.
type suffixed struct {
	prefixes, suffixes []int64
	b, last            []byte
}

func (s *suffixed) next() (value, error) {
	if len(s.suffixes) == 0 {
		return value{}, errEarly
	}
	prefix, suffix := int64(0), s.suffixes[0]
	if s.prefixes != nil {
		if len(s.prefixes) == 0 {
			return value{}, errEarly
		}
		prefix, s.prefixes = s.prefixes[0], s.prefixes[1:]
	}
	if prefix < 0 || prefix > int64(len(s.last)) || suffix < 0 || suffix > int64(len(s.b)) {
		return value{}, errEarly
	}
	s.last = append(s.last[:prefix], s.b[:suffix]...)
	s.suffixes, s.b = s.suffixes[1:], s.b[suffix:]
	return value{bytes: s.last}, nil
}
