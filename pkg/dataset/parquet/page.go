package parquet

import (
	"errors"
	"fmt"
	"hash/crc32"
	"io"

	"github.com/parquet-go/parquet-go/encoding/thrift"
	"github.com/parquet-go/parquet-go/format"
)

// page is what is left of a page of data.
type page struct {
	left        int
	repetitions hybrid
	definitions hybrid
	values      values
}

// mostPageHeader is how many bytes are read to decode the header of a page, whose statistics may be long.
const mostPageHeader = 1 << 20

// pages reads the pages of a leaf in one row group.
type pages struct {
	f          io.ReaderAt
	node       *node
	codec      format.CompressionCodec
	at, end    int64
	left       int64 // values that the pages to come have
	header     []byte
	dictionary []value
}

// pagesOf checks where the pages lie.
func pagesOf(f io.ReaderAt, size int64, n *node, meta *format.ColumnMetaData) (*pages, error) {
	at := meta.DataPageOffset
	if d := meta.DictionaryPageOffset; d > 0 && d < at {
		at = d
	}
	end := at + meta.TotalCompressedSize
	if end > size || end < at {
		return nil, errors.New("reaches beyond the end of the file; it is damaged or cut off")
	}
	if meta.Type != n.Type.V {
		return nil, errors.New("has another type than the schema says; the file is damaged")
	}
	return &pages{f: f, node: n, codec: meta.Codec, at: at, end: end, left: meta.NumValues, header: make([]byte, 1<<10)}, nil
}

// next returns the next page of data, or nil after the last.
func (p *pages) next() (*page, error) {
	for p.left > 0 && p.at < p.end {
		var h format.PageHeader
		size, err := p.readHeader(&h)
		if err != nil {
			return nil, err
		}
		at := p.at + int64(size)
		p.at = at + int64(h.CompressedPageSize)
		n := int(h.DataPageHeader.V.NumValues) + int(h.DataPageHeaderV2.V.NumValues)
		entries := int(h.DictionaryPageHeader.V.NumValues)
		switch {
		case h.CompressedPageSize < 0 || h.UncompressedPageSize < 0 || n < 0 || entries < 0 || p.at > p.end:
			return nil, errors.New("a page reaches beyond its column; the file is damaged")
		case h.UncompressedPageSize > mostPage || n > mostPageRows || entries > mostPageRows:
			return nil, fmt.Errorf("a page declares %d bytes of %d values; the most are %d and %d", h.UncompressedPageSize, max(n, entries), mostPage, mostPageRows)
		}
		b := make([]byte, h.CompressedPageSize)
		if _, err := p.f.ReadAt(b, at); err != nil {
			return nil, damaged(err)
		}
		if h.CRC != 0 && crc32.ChecksumIEEE(b) != uint32(h.CRC) {
			return nil, errors.New("a page does not have its checksum; the file is damaged")
		}
		p.left -= int64(n)
		one, err := p.decode(&h, b)
		if one != nil || err != nil {
			return one, err
		}
	}
	return nil, nil
}

// readHeader decodes the header of the page to come, and returns how long it is.
func (p *pages) readHeader(h *format.PageHeader) (int, error) {
	var protocol thrift.CompactProtocol
	for {
		b := p.header[:min(int64(len(p.header)), p.end-p.at)]
		if _, err := p.f.ReadAt(b, p.at); err != nil {
			return 0, damaged(err)
		}
		if s := (&skimmer{b: b}); s.fields(0) {
			if err := thrift.NewDecoder(protocol.NewReaderFromBytes(b)).Decode(h); err != nil {
				return 0, damaged(err)
			}
			return len(b) - len(s.b), nil
		}
		if len(b) < len(p.header) || len(b) >= mostPageHeader {
			return 0, errors.New("the header of a page cannot be read; the file is damaged")
		}
		p.header = make([]byte, 8*len(p.header))
	}
}

// decode makes a page of its bytes, or keeps them as the dictionary.
func (p *pages) decode(h *format.PageHeader, b []byte) (one *page, err error) {
	switch {
	case h.Type == format.DictionaryPage && h.DictionaryPageHeader.Valid:
		p.dictionary, err = p.decodeDictionary(h, b)
	case h.Type == format.DataPage && h.DataPageHeader.Valid:
		one, err = p.decodeFirst(h, b)
	case h.Type == format.DataPageV2 && h.DataPageHeaderV2.Valid:
		one, err = p.decodeSecond(h, b)
	case h.Type != format.IndexPage:
		err = fmt.Errorf("a page of the type %v lacks its header", h.Type)
	}
	if err != nil {
		return nil, damaged(err)
	}
	return one, nil
}

func (p *pages) decodeDictionary(h *format.PageHeader, b []byte) ([]value, error) {
	b, err := inflate(p.codec, b, int(h.UncompressedPageSize))
	if err != nil {
		return nil, err
	}
	n := int(h.DictionaryPageHeader.V.NumValues)
	entries, err := valuesOf(p.node, format.Plain, b, n, nil)
	if err != nil {
		return nil, err
	}
	var dictionary []value
	for range n {
		v, err := entries.next()
		if err != nil {
			return nil, err
		}
		dictionary = append(dictionary, v)
	}
	return dictionary, nil
}

// decodeFirst decodes a page of version 1, whose levels are compressed with the values.
func (p *pages) decodeFirst(h *format.PageHeader, b []byte) (*page, error) {
	head := &h.DataPageHeader.V
	b, err := inflate(p.codec, b, int(h.UncompressedPageSize))
	if err != nil {
		return nil, err
	}
	one := &page{left: int(head.NumValues)}
	for _, level := range []struct {
		highest  int
		encoding format.Encoding
		to       *hybrid
	}{
		{p.node.repetitions, head.RepetitionLevelEncoding, &one.repetitions},
		{p.node.definitions, head.DefinitionLevelEncoding, &one.definitions},
	} {
		if level.highest == 0 {
			continue
		}
		if level.encoding != format.RLE {
			return nil, fmt.Errorf("levels in %v cannot be read", level.encoding)
		}
		part, rest, ok := prefixed(b)
		if !ok {
			return nil, errEarly
		}
		*level.to, b = levels(part, level.highest), rest
	}
	one.values, err = valuesOf(p.node, head.Encoding, b, one.left, p.dictionary)
	return one, err
}

// decodeSecond decodes a page of version 2, whose levels are not compressed.
func (p *pages) decodeSecond(h *format.PageHeader, b []byte) (*page, error) {
	head := &h.DataPageHeaderV2.V
	r, d := int64(head.RepetitionLevelsByteLength), int64(head.DefinitionLevelsByteLength)
	if r < 0 || d < 0 || r+d > int64(len(b)) || r+d > int64(h.UncompressedPageSize) {
		return nil, errEarly
	}
	one := &page{left: int(head.NumValues), repetitions: levels(b[:r], p.node.repetitions), definitions: levels(b[r:r+d], p.node.definitions)}
	b = b[r+d:]
	if !head.IsCompressed.Valid || head.IsCompressed.V {
		var err error
		if b, err = inflate(p.codec, b, int(int64(h.UncompressedPageSize)-r-d)); err != nil {
			return nil, err
		}
	}
	var err error
	one.values, err = valuesOf(p.node, head.Encoding, b, one.left, p.dictionary)
	return one, err
}
