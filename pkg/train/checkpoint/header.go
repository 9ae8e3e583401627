package checkpoint

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

const (
	lengthSize = 8           // bytes of the header's length
	alignment  = 64          // bytes; the data start at a multiple of it
	maxHeader  = 100_000_000 // bytes; the limit of the reference implementation
	digits     = 64          // of a SHA-256 in hexadecimal
)

// zeros stands for the checksum while the checksum is computed.
var zeros = strings.Repeat("0", digits)

// entry is a tensor's line in the header.
type entry struct {
	DType   DType    `json:"dtype"`
	Shape   []int    `json:"shape"`
	Offsets [2]int64 `json:"data_offsets"`
}

// encodeHeader returns everything before the data, with zeros for the checksum, and the offset of those zeros.
func encodeHeader(f *File, order []*Tensor) (header []byte, checksumAt int, err error) {
	meta := map[string]string{versionKey: strconv.Itoa(Version), checksumKey: zeros}
	for key, value := range f.Metadata {
		meta[key] = value
	}
	if header, err = headerOf(meta, order); err != nil {
		return nil, 0, err
	}
	return header, findChecksum(header), nil
}

// headerOf returns everything before the data.
func headerOf(meta map[string]string, order []*Tensor) ([]byte, error) {
	var b bytes.Buffer
	b.Write(make([]byte, lengthSize))
	b.WriteString("{" + quote(metadataKey) + ":")
	b.Write(encode(meta))
	var end int64
	for _, t := range order {
		start := end
		end += int64(len(t.Data))
		shape := t.Shape
		if shape == nil {
			shape = []int{}
		}
		b.WriteString("," + quote(t.Name) + ":")
		b.Write(encode(entry{t.DType, shape, [2]int64{start, end}}))
	}
	b.WriteByte('}')
	for b.Len()%alignment != 0 {
		b.WriteByte(' ')
	}
	header := b.Bytes()
	if n := len(header) - lengthSize; n > maxHeader {
		return nil, fmt.Errorf("%w: its header has %d bytes, over the format's limit of %d", errContent, n, maxHeader)
	}
	binary.LittleEndian.PutUint64(header, uint64(len(header)-lengthSize))
	return header, nil
}

// findChecksum returns the offset of the checksum's first digit, or -1 if there is none. No text of the caller can be
// taken for it, since a quote within a JSON string has a backslash before it.
func findChecksum(header []byte) int {
	mark := quote(checksumKey) + `:"`
	i := bytes.Index(header, []byte(mark))
	if i < 0 || i+len(mark)+digits >= len(header) || header[i+len(mark)+digits] != '"' {
		return -1
	}
	return i + len(mark)
}

// decodeHeader reads the JSON text of a header. size is the number of bytes after it, which the tensors must cover
// exactly. The tensors come in the order in which they lie, without their data.
func decodeHeader(text []byte, size int64) (meta map[string]string, tensors []Tensor, spans [][2]int64, err error) {
	var top map[string]json.RawMessage
	if err := json.Unmarshal(text, &top); err != nil {
		return nil, nil, nil, fmt.Errorf("the header is not JSON: %w", err)
	}
	if raw, ok := top[metadataKey]; ok {
		if err := json.Unmarshal(raw, &meta); err != nil {
			return nil, nil, nil, fmt.Errorf("the metadata cannot be read: %w", err)
		}
	}
	delete(top, metadataKey)
	type placed struct {
		Tensor
		span [2]int64
	}
	all := make([]placed, 0, len(top))
	for name, raw := range top {
		var e entry
		if err := json.Unmarshal(raw, &e); err != nil {
			return nil, nil, nil, fmt.Errorf("the header's entry for tensor %q cannot be read: %w", name, err)
		}
		p := placed{Tensor{Name: name, DType: e.DType, Shape: e.Shape}, e.Offsets}
		if want, err := p.bytes(); err != nil {
			return nil, nil, nil, err
		} else if e.Offsets[0] < 0 || e.Offsets[1] > size || e.Offsets[1]-e.Offsets[0] != want {
			return nil, nil, nil, fmt.Errorf("tensor %q: bytes %d to %d do not fit %s of shape %v in %d bytes of data",
				name, e.Offsets[0], e.Offsets[1], e.DType, e.Shape, size)
		}
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b placed) int {
		for i := range a.span {
			if a.span[i] != b.span[i] {
				return sign(a.span[i] - b.span[i])
			}
		}
		return strings.Compare(a.Name, b.Name)
	})
	var end int64
	for _, p := range all {
		if p.span[0] != end {
			return nil, nil, nil, fmt.Errorf("tensor %q starts at byte %d of the data, not at %d", p.Name, p.span[0], end)
		}
		end = p.span[1]
		tensors, spans = append(tensors, p.Tensor), append(spans, p.span)
	}
	if end != size {
		return nil, nil, nil, fmt.Errorf("there are %d bytes of data, the tensors have %d", size, end)
	}
	return meta, tensors, spans, nil
}

func sign(n int64) int {
	if n < 0 {
		return -1
	}
	return 1
}

func quote(s string) string { return string(encode(s)) }

// encode returns v as compact JSON with sorted keys. It is used only for values that cannot fail.
func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic("checkpoint: " + err.Error())
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
