package table

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"io"

	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// ReadBuffer is how much is read from a file at once.
const ReadBuffer = 256 << 10

// Unpack returns the text of a file: it decompresses gzip (known by its first bytes, not by its name), and takes the hint of a byte
// order mark: it removes that of UTF-8, and turns UTF-16 into UTF-8.
func Unpack(r io.Reader) (*bufio.Reader, error) {
	b := bufio.NewReaderSize(r, ReadBuffer)
	if head, _ := b.Peek(2); bytes.Equal(head, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(b)
		if err != nil {
			return nil, err
		}
		b = bufio.NewReaderSize(z, ReadBuffer)
	}
	head, err := b.Peek(1)
	if err != nil && err != io.EOF {
		return nil, err
	}
	if len(head) > 0 && head[0] >= 0xef { // else it may wait in vain for the next bytes
		head, _ = b.Peek(3)
	}
	switch {
	case bytes.Equal(head, []byte("\ufeff")):
		b.Discard(3)
	case bytes.HasPrefix(head, []byte{0xff, 0xfe}), bytes.HasPrefix(head, []byte{0xfe, 0xff}):
		return bufio.NewReaderSize(transform.NewReader(b, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder()), ReadBuffer), nil
	}
	return b, nil
}
