package parquet

import (
	"encoding/binary"
	"errors"
	"fmt"

	pq "github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// The footer and the header of each page are Thrift structs in the compact protocol. Decoding takes memory for as many
// elements as a list declares, so the lists are first compared with the bytes that are there.

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

// mostPageHeader is how many bytes are read to decode the header of a page, whose statistics may be long.
const mostPageHeader = 1 << 20

// checkPages holds the sizes that the pages of a column declare against the file, and decodes its booleans.
func (c *column) checkPages(f *pq.File, size int64, meta *format.ColumnMetaData) error {
	c.pre = nil
	at := meta.DataPageOffset
	if d := meta.DictionaryPageOffset; d > 0 && d < at {
		at = d
	}
	end := at + meta.TotalCompressedSize
	if end > size || end < at {
		return errors.New("reaches beyond the end of the file; it is damaged or cut off")
	}
	var protocol thrift.CompactProtocol
	buffer := make([]byte, 1<<10)
	for values := int64(0); values < meta.NumValues && at < end; {
		var page format.PageHeader
		reader, err := pageHeader(f, &protocol, &buffer, at, end, &page)
		if err != nil {
			return err
		}
		at += int64(reader)
		data := at
		at += int64(page.CompressedPageSize)
		n := int64(page.DataPageHeader.V.NumValues) + int64(page.DataPageHeaderV2.V.NumValues)
		values += n
		entries := int64(page.DictionaryPageHeader.V.NumValues)
		switch {
		case page.CompressedPageSize < 0 || page.UncompressedPageSize < 0 || n < 0 || entries < 0 || at > end:
			return errors.New("a page reaches beyond its column; the file is damaged")
		case page.UncompressedPageSize > mostPage || n > mostPageRows || entries > mostPageRows:
			return fmt.Errorf("a page declares %d bytes of %d values; the most are %d and %d", page.UncompressedPageSize, max(n, entries), mostPage, mostPageRows)
		}
		if meta.Type == format.Boolean && (page.Type == format.DataPage || page.Type == format.DataPageV2) {
			truths, err := c.truths(f, data, &page, meta.Codec)
			if err != nil {
				return err
			}
			c.pre = append(c.pre, truths)
		}
	}
	return nil
}

// pageHeader decodes the header of the page at an offset, and returns how long it is.
func pageHeader(f *pq.File, protocol *thrift.CompactProtocol, buffer *[]byte, at, end int64, page *format.PageHeader) (int, error) {
	for {
		b := (*buffer)[:min(int64(len(*buffer)), end-at)]
		if _, err := f.ReadAt(b, at); err != nil {
			return 0, damaged(err)
		}
		if s := (&skimmer{b: b}); s.fields(0) {
			return len(b) - len(s.b), damagedPage(thrift.NewDecoder(protocol.NewReaderFromBytes(b)).Decode(page))
		}
		if len(b) < len(*buffer) || len(b) >= mostPageHeader {
			return 0, errors.New("the header of a page cannot be read; the file is damaged")
		}
		*buffer = make([]byte, 8*len(*buffer))
	}
}

func damagedPage(err error) error {
	if err == nil {
		return nil
	}
	return damaged(err)
}
