package record

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"io"
	"strings"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// ReadBuffer is how much is read from a file at once.
const ReadBuffer = 256 << 10

// mostWindow limits how much memory a file compressed with zstd asks for: it is what the program zstd itself allows.
const mostWindow = 128 << 20

// Decompress decompresses gzip and zstd, known by their first bytes and not by the name of the file. Anything else is
// returned as it is.
func Decompress(b *bufio.Reader) (*bufio.Reader, error) {
	head, _ := b.Peek(2)
	switch string(head) {
	case "\x1f\x8b":
		z, err := gzip.NewReader(b)
		if err != nil {
			return nil, err
		}
		return bufio.NewReaderSize(z, ReadBuffer), nil
	case "\x28\xb5":
		if head, _ := b.Peek(4); string(head) != "\x28\xb5\x2f\xfd" {
			return b, nil
		}
		z, err := zstd.NewReader(b, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(mostWindow))
		if err != nil {
			return nil, err
		}
		return bufio.NewReaderSize(z, ReadBuffer), nil
	}
	return b, nil
}

// Uncompressed is a file name without the extension of a compression.
func Uncompressed(name string) string {
	for _, ext := range []string{".gz", ".zst"} {
		if len(name) > len(ext) && strings.EqualFold(name[len(name)-len(ext):], ext) {
			return name[:len(name)-len(ext)]
		}
	}
	return name
}

// Unpack returns the text of a file: it decompresses it, and takes the hint of a byte order mark: it removes that of UTF-8, and turns UTF-16 into UTF-8.
func Unpack(r io.Reader) (*bufio.Reader, error) {
	b, err := Decompress(bufio.NewReaderSize(r, ReadBuffer))
	if err != nil {
		return nil, err
	}
	head, err := b.Peek(1)
	if err != nil && err != io.EOF {
		return nil, err
	}
	if len(head) > 0 && head[0] >= 0xef { // else it may wait in vain for the next bytes
		head, _ = b.Peek(3)
	}
	if len(head) == 3 && head[0] == 0xff && head[1] == 0xfe && head[2] == 0 {
		head, _ = b.Peek(4)
	}
	switch {
	case bytes.Equal(head, []byte{0xff, 0xfe, 0, 0}): // UTF-32, as whoever reads it says
	case bytes.Equal(head, []byte("\ufeff")):
		b.Discard(3)
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}), bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return bufio.NewReaderSize(transform.NewReader(b, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder()), ReadBuffer), nil
	}
	return b, nil
}
