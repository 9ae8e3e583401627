package npy

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"dnn/internal/machine"
	"dnn/internal/phrase"
)

// Array is an array in memory.
type Array struct {
	Shape   []int
	Fields  []Field // of an element; one without a name, unless the array is structured
	item    int
	strides []int // elements from one index to the next, by dimension
	bytes   []byte
}

// archiveMagic is how an archive begins.
const archiveMagic = "PK\x03\x04"

// IsArray reports whether a file that begins so is an array, or may be an archive of them.
func IsArray(head string) bool {
	return strings.HasPrefix(head, Magic) || strings.HasPrefix(head, archiveMagic)
}

// Read reads the only array of an .npy file, or the array of that name from an .npz file.
func Read(f io.ReaderAt, size int64, name string) (*Array, error) {
	if size == 0 {
		return nil, errors.New("is no .npy array: it is empty")
	}
	head := make([]byte, min(size, 4))
	if _, err := f.ReadAt(head, 0); err != nil {
		return nil, err
	}
	if string(head) != archiveMagic {
		if name != "" {
			return nil, fmt.Errorf("holds one array without a name; only an .npz file has %s", phrase.Quote(name))
		}
		return read(io.NewSectionReader(f, 0, size), size)
	}
	archive, err := zip.NewReader(f, size)
	if err != nil {
		return nil, fmt.Errorf("is a damaged archive: %w", err)
	}
	var names []string
	var found *zip.File
	for _, one := range archive.File {
		own := strings.TrimSuffix(one.Name, ".npy")
		names = append(names, own)
		switch {
		case own != name && (name != "" || len(archive.File) > 1):
		case found != nil: // which one is meant differs between programs
			return nil, fmt.Errorf("has two arrays %s", phrase.Quote(name))
		case one.UncompressedSize64 > mostBytes:
			return nil, errTooLarge
		default:
			found = one
		}
	}
	if found != nil {
		r, err := found.Open()
		if err != nil {
			return nil, err
		}
		defer r.Close()
		return read(r, int64(found.UncompressedSize64))
	}
	if name == "" {
		return nil, fmt.Errorf("holds several arrays; name one of %s", phrase.List(names))
	}
	return nil, fmt.Errorf("has no array %s; it holds %s", phrase.Quote(name), phrase.List(names))
}

// readHeader reads what stands before the elements of an array of that many bytes.
func readHeader(r io.Reader, size int64) (*header, error) {
	head := make([]byte, 12)
	n, err := io.ReadFull(r, head)
	if err != nil && err != io.ErrUnexpectedEOF {
		return nil, errors.New("is no .npy array: it is empty")
	}
	length := 0
	if n == len(head) && string(head[:len(Magic)]) == Magic {
		if length = 10 + int(head[8]) + int(head[9])<<8; head[6] > 1 {
			length = 12 + int(head[8]) + int(head[9])<<8 + int(head[10])<<16 + int(head[11])<<24
		}
	}
	if length = max(length, n); length > mostHeader || int64(length) > size {
		return nil, errors.New("ends within its header")
	}
	text := append(head[:n], make([]byte, length-n)...)
	if _, err := io.ReadFull(r, text[n:]); err != nil {
		return nil, errors.New("ends within its header")
	}
	return parse(text)
}

// read reads an array of that many bytes. It compares them with the header before it takes memory.
func read(r io.Reader, size int64) (*Array, error) {
	h, err := readHeader(r, size)
	if err != nil {
		return nil, err
	}
	if have := size - int64(h.data); have != int64(h.size) {
		return nil, fmt.Errorf("has %s bytes after its header, and a shape of %v takes %s", phrase.Thousands(int(have)), h.shape, phrase.Thousands(h.size))
	}
	if have := machine.Memory(); have > 0 && h.size > have/2 { // an archive of a few megabytes may hold so much
		return nil, fmt.Errorf("takes %.1f GB, and this machine has %.1f GB of memory", float64(h.size)/1e9, float64(have)/1e9)
	}
	var b bytes.Buffer
	b.Grow(min(h.size, 64<<20)) // an archive may declare more than there is
	if got, err := io.Copy(&b, io.LimitReader(r, int64(h.size))); err != nil || got < int64(h.size) {
		return nil, fmt.Errorf("ends after %s of %s bytes", phrase.Thousands(int(got)), phrase.Thousands(h.size))
	}
	a := &Array{Shape: h.shape, Fields: h.fields, item: h.item, bytes: b.Bytes(), strides: make([]int, len(h.shape))}
	step := 1
	for i := range h.shape {
		at := len(h.shape) - 1 - i
		if h.fortran {
			at = i
		}
		a.strides[at] = step
		step *= h.shape[at]
	}
	return a, nil
}

// Rows is the length of the first dimension; an array of no dimension has one row.
func (a *Array) Rows() int {
	if len(a.Shape) == 0 {
		return 1
	}
	return a.Shape[0]
}

// Width is how many elements a row has.
func (a *Array) Width() int {
	n := 1
	for _, d := range a.Shape[min(1, len(a.Shape)):] {
		n *= d
	}
	return n
}

// place is where an element of a row lies, counted as if the last index changed fastest.
func (a *Array) place(row, k int) int {
	at := 0
	for i := len(a.Shape) - 1; i > 0; i-- {
		at += k % a.Shape[i] * a.strides[i]
		k /= a.Shape[i]
	}
	if len(a.Shape) > 0 {
		at += row * a.strides[0]
	}
	return at * a.item
}

// Text writes a field of an element of a row.
func (a *Array) Text(row, k, field int) string {
	at := a.place(row, k)
	return a.Fields[field].text(a.bytes[at : at+a.item])
}

func areBytes(fields []Field, item int) bool {
	return len(fields) == 1 && item == 1 && (fields[0].kind == 'u' || fields[0].kind == 'b')
}

// Bytes returns the values of an array of bytes, or of true and false, row after row.
func (a *Array) Bytes() ([]byte, bool) {
	if !areBytes(a.Fields, a.item) {
		return nil, false
	}
	if width := a.Width(); !slices.IsSortedFunc(a.strides, func(x, y int) int { return y - x }) {
		all := make([]byte, 0, len(a.bytes))
		for row := range a.Rows() {
			for k := range width {
				all = append(all, a.bytes[a.place(row, k)])
			}
		}
		return all, true
	}
	return a.bytes, true
}

// List writes a row of an array of rank 3 as a list of steps in JSON: [[1, 2], [3, null]].
func (a *Array) List(row int) string {
	var b strings.Builder
	width := a.Shape[2]
	for k := range a.Width() {
		switch {
		case k == 0:
			b.WriteString("[[")
		case k%width == 0:
			b.WriteString("], [")
		default:
			b.WriteString(", ")
		}
		if text := a.Text(row, k, 0); text == "" || strings.HasSuffix(text, "inf") {
			b.WriteString("null")
		} else {
			b.WriteString(text)
		}
	}
	return b.String() + "]]"
}
