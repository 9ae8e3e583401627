package parquet

import (
	"encoding/binary"
	"errors"
	"io"

	pq "github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// Pages of booleans may hold runs (RLE), as those of version 2 do, and parquet-go takes a run of true for one true and others that
// are false. So such pages are decoded here, and the values that parquet-go reads count for their gaps alone.

var errTruths = errors.New("has a page of booleans that cannot be read; the file is damaged")

// truths decodes the page of booleans that follows its header at an offset; nil if it holds no runs.
func (c *column) truths(f io.ReaderAt, at int64, page *format.PageHeader, codec format.CompressionCodec) ([]bool, error) {
	first, second := &page.DataPageHeader, &page.DataPageHeaderV2
	if !(first.Valid && first.V.Encoding == format.RLE) && !(second.Valid && second.V.Encoding == format.RLE) {
		return nil, nil
	}
	b := make([]byte, page.CompressedPageSize)
	if _, err := f.ReadAt(b, at); err != nil {
		return nil, damaged(err)
	}
	compressed := codec != format.Uncompressed
	if second.Valid { // levels are not compressed
		levels := int64(second.V.RepetitionLevelsByteLength) + int64(second.V.DefinitionLevelsByteLength)
		if levels < 0 || levels > int64(len(b)) {
			return nil, errTruths
		}
		b = b[levels:]
		compressed = compressed && (!second.V.IsCompressed.Valid || second.V.IsCompressed.V)
	}
	if compressed {
		var err error
		if b, err = pq.LookupCompressionCodec(codec).Decode(nil, b); err != nil {
			return nil, damaged(err)
		}
	}
	n := int(second.V.NumValues)
	if first.Valid {
		n = int(first.V.NumValues)
		for _, most := range []int{c.leaf.MaxRepetitionLevel(), c.leaf.MaxDefinitionLevel()} {
			if most > 0 {
				if _, b = prefixed(b); b == nil {
					return nil, errTruths
				}
			}
		}
	}
	runs, rest := prefixed(b)
	if rest == nil {
		return nil, errTruths
	}
	return runsOf(runs, n), nil
}

// prefixed splits bytes that begin with a length of four bytes; rest is nil if they are too short.
func prefixed(b []byte) (part, rest []byte) {
	if len(b) < 4 {
		return nil, nil
	}
	n := int64(binary.LittleEndian.Uint32(b))
	if n > int64(len(b)-4) {
		return nil, nil
	}
	return b[4 : 4+n], b[4+n:]
}

// runsOf are at most so many booleans of runs and of groups of eight bits.
func runsOf(b []byte, most int) []bool {
	out := make([]bool, 0, most)
	for len(b) > 0 && len(out) < most {
		head, size := binary.Uvarint(b)
		if size <= 0 {
			break
		}
		b = b[size:]
		if head&1 == 0 {
			if len(b) == 0 {
				break
			}
			for range min(head>>1, uint64(most-len(out))) {
				out = append(out, b[0] != 0)
			}
			b = b[1:]
			continue
		}
		bits := b[:min(head>>1, uint64(len(b)))]
		b = b[len(bits):]
		for i := 0; i < 8*len(bits) && len(out) < most; i++ {
			out = append(out, bits[i/8]>>(i%8)&1 == 1)
		}
	}
	return out
}

// word is a value as text.
func (c *column) word(v *pq.Value) string {
	if c.known == nil {
		return c.text(*v)
	}
	if len(c.known) == 0 {
		panic(errTruths)
	}
	one := c.known[0]
	c.known = c.known[1:]
	return c.text(pq.BooleanValue(one))
}
