package canvas

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"dnn/internal/newfile"
)

// Mark labels a kind of image file, so that such a file is replaced by nothing but its like. In a PNG it is a text chunk
// after the header, at a fixed place and of a fixed length; in an SVG, a comment at the beginning. Images that go to paths
// chosen by users have a mark.
type Mark struct {
	Text string // in the file
	Noun string // in messages
}

// headerEnd is where the header of a PNG ends: 8 bytes of signature, and a chunk of 25.
const headerEnd = 33

// chunk is the mark as a chunk of a PNG, without its length and sum.
func (m Mark) chunk() []byte { return []byte("tEXtSoftware\x00" + m.Text) }

// comment is the mark as the first line of an SVG.
func (m Mark) comment() []byte { return []byte("<!-- " + m.Text + " -->\n") }

// PNG puts the mark into a PNG.
func (m Mark) PNG(data []byte) []byte {
	body := m.chunk()
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(body)-4))
	chunk = append(chunk, body...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(body))
	return append(append(bytes.Clone(data[:headerEnd]), chunk...), data[headerEnd:]...)
}

// svg puts the mark into an SVG.
func (m Mark) svg(data []byte) []byte { return append(m.comment(), data...) }

// Write draws an image with the mark into a file, an SVG if its name ends so, else a PNG.
func (m Mark) Write(path string, draw func() *Drawing) error {
	if err := m.Check(path); err != nil {
		return err
	}
	p := draw()
	if strings.EqualFold(filepath.Ext(path), ".svg") {
		return newfile.Write(path, m.svg(p.SVG()))
	}
	data, err := p.PNG()
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return newfile.Write(path, m.PNG(data))
}

// Check returns an error, which wraps fs.ErrExist, for anything that is there and bears another mark or none.
func (m Mark) Check(path string) error {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() { // a pipe would be waited for
		return fmt.Errorf("%s: %w, and is no regular file; name another file", path, fs.ErrExist)
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	head := make([]byte, headerEnd+4+len(m.chunk()))
	n, _ := io.ReadFull(f, head)
	if head = head[:n]; bytes.HasPrefix(head, m.comment()) || n == cap(head) && bytes.Equal(head[headerEnd+4:], m.chunk()) {
		return nil
	}
	return fmt.Errorf("%s: %w, and is no %s that this command drew; name another file", path, fs.ErrExist, m.Noun)
}
