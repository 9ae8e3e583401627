package npy

import (
	"encoding/binary"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"dnn/internal/phrase"
)

// Magic is how an array begins.
const Magic = "\x93NUMPY"

// header is what stands before the numbers of an array.
//
// Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
type header struct {
	shape   []int
	fortran bool    // the first index changes fastest
	fields  []Field // of an element; one without a name, unless the array is structured
	item    int     // bytes of an element
	size    int     // bytes of all elements
	data    int     // where they begin
}

const (
	mostHeader = 1 << 20 // bytes
	mostBytes  = 1 << 40

	mostDimensions = 64 // as in NumPy
)

var errTooLarge = errors.New("declares more than a terabyte; it is damaged")

var (
	descrText   = regexp.MustCompile(`'descr':\s*'([^']*)'`)
	descrList   = regexp.MustCompile(`'descr':\s*\[(.*?)\],\s*'`)
	descrField  = regexp.MustCompile(`\(\s*'((?:[^'\\]|\\.)*)'\s*,\s*'([^']*)'\s*\)\s*,?\s*`)
	fortranText = regexp.MustCompile(`'fortran_order':\s*True`)
	shapeText   = regexp.MustCompile(`'shape':\s*\(([0-9,\s]*)\)`)
)

// parse reads the header at the beginning of an array, of which at least the header is there.
func parse(b []byte) (*header, error) {
	if len(b) < len(Magic)+4 || string(b[:len(Magic)]) != Magic {
		return nil, errors.New("is no .npy array: it does not begin as one")
	}
	n, at := int(binary.LittleEndian.Uint16(b[8:])), 10
	if b[6] > 1 {
		if len(b) < 12 {
			return nil, errors.New("ends within its header")
		}
		n, at = int(binary.LittleEndian.Uint32(b[8:])), 12
	}
	if n > mostHeader || at+n > len(b) {
		return nil, errors.New("ends within its header")
	}
	text := string(b[at : at+n])
	h := &header{fortran: fortranText.MatchString(text), data: at + n}
	if err := h.parseType(text); err != nil {
		return nil, err
	}
	shape := shapeText.FindStringSubmatch(text)
	if shape == nil {
		return nil, errors.New("has no shape in its header")
	}
	h.size = h.item
	for _, word := range strings.Split(shape[1], ",") {
		if word = strings.TrimSpace(word); word == "" {
			continue
		}
		d, err := strconv.Atoi(word)
		if err != nil || d > mostBytes || d > 0 && h.size > mostBytes/d {
			return nil, errTooLarge
		}
		if h.size *= d; len(h.shape) == mostDimensions {
			return nil, fmt.Errorf("has more than %d dimensions", mostDimensions)
		}
		h.shape = append(h.shape, d)
	}
	if h.size == 0 {
		return nil, fmt.Errorf("holds nothing: its shape is %v", h.shape)
	}
	return h, nil
}

// parseType reads the type of elements.
func (h *header) parseType(text string) error {
	if one := descrText.FindStringSubmatch(text); one != nil {
		f, err := newField("", one[1])
		h.fields, h.item = []Field{f}, f.size
		return err
	}
	list := descrList.FindStringSubmatch(text)
	if list == nil {
		return errors.New("has no type in its header")
	}
	names := map[string]bool{}
	for rest := list[1]; rest != ""; {
		m := descrField.FindStringSubmatchIndex(rest)
		if m == nil || m[0] != 0 {
			return fmt.Errorf("has fields that are arrays or structs themselves (%s); save arrays of plain fields", phrase.Quote(rest))
		}
		f, err := newField(rest[m[2]:m[3]], rest[m[4]:m[5]])
		if err != nil {
			return err
		}
		f.offset = h.item
		h.item += f.size
		if f.Name != "" { // else bytes between fields
			if names[f.Name] {
				return fmt.Errorf("has two fields %s", phrase.Quote(f.Name))
			}
			names[f.Name] = true
			h.fields = append(h.fields, f)
		}
		rest = rest[m[1]:]
	}
	return nil
}
