package plot

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

// mark tells the pictures of one sort from all other files: in a PNG a chunk of text behind the header, whose place and
// length never change, and in an SVG a comment at the beginning. What goes to names that users choose bears one, and takes
// the place of nothing but its like.
type mark struct {
	text string // in the file
	noun string // in messages
}

var (
	sheetMark = mark{"dnn sheet of pictures", "page"}
	heatMark  = mark{"dnn heat map", "heat map"}
)

// headerEnd is where the header of a PNG ends: 8 bytes of signature, and a chunk of 25.
const headerEnd = 33

// chunk is the mark as a chunk of a PNG, without its length and sum.
func (m mark) chunk() []byte { return []byte("tEXtSoftware\x00" + m.text) }

// comment is the mark as the first line of an SVG.
func (m mark) comment() []byte { return []byte("<!-- " + m.text + " -->\n") }

// png puts the mark into a PNG.
func (m mark) png(data []byte) []byte {
	body := m.chunk()
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(body)-4))
	chunk = append(chunk, body...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(body))
	return append(append(bytes.Clone(data[:headerEnd]), chunk...), data[headerEnd:]...)
}

// svg puts the mark into an SVG.
func (m mark) svg(data []byte) []byte { return append(m.comment(), data...) }

// write draws a picture with the mark into a file, an SVG if its name ends so, else a PNG.
func (m mark) write(path string, draw func() *picture) error {
	if err := m.own(path); err != nil {
		return err
	}
	p := draw()
	if strings.EqualFold(filepath.Ext(path), ".svg") {
		return newfile.Write(path, m.svg(p.svg()))
	}
	data, err := p.png()
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return newfile.Write(path, m.png(data))
}

// own returns an error, which wraps fs.ErrExist, for anything that is there and bears another mark or none.
func (m mark) own(path string) error {
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
	return fmt.Errorf("%s: %w, and is no %s that this command drew; name another file", path, fs.ErrExist, m.noun)
}
