package parquet

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"
	"github.com/parquet-go/parquet-go/format"
)

var errLong = errors.New("a page is longer than it declares")

// zstandard decompresses into memory, and may be used by several readers at once.
var zstandard = sync.OnceValues(func() (*zstd.Decoder, error) {
	return zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(mostPage))
})

// readable reports whether pages of a codec can be read.
func readable(codec format.CompressionCodec) bool {
	switch codec {
	case format.Uncompressed, format.Snappy, format.Gzip, format.Brotli, format.Zstd:
		return true
	}
	return false
}

// inflate decompresses a page to at most so many bytes. It takes memory for what is there, not for what is declared.
func inflate(codec format.CompressionCodec, b []byte, most int) ([]byte, error) {
	if codec == format.Uncompressed || len(b) == 0 {
		return b, nil
	}
	switch codec {
	case format.Snappy:
		if n, err := snappy.DecodedLen(b); err != nil || n > most {
			return nil, errLong
		}
		return snappy.Decode(nil, b)
	case format.Zstd:
		d, err := zstandard()
		if err != nil {
			return nil, err
		}
		out, err := d.DecodeAll(b, nil)
		if err == nil && len(out) > most {
			err = errLong
		}
		return out, err
	case format.Gzip:
		r, err := gzip.NewReader(bytes.NewReader(b))
		if err != nil {
			return nil, err
		}
		return limited(r, most)
	case format.Brotli:
		return limited(brotli.NewReader(bytes.NewReader(b)), most)
	}
	return nil, fmt.Errorf("the compression %v cannot be read", codec)
}

func limited(r io.Reader, most int) ([]byte, error) {
	out, err := io.ReadAll(io.LimitReader(r, int64(most)+1))
	if err == nil && len(out) > most {
		err = errLong
	}
	return out, err
}
