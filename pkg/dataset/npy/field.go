package npy

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"dnn/internal/phrase"
)

// Field is one value of an element.
type Field struct {
	Name   string // of a structured array
	kind   byte   // as in NumPy: f, i, u, b, U, S, M
	size   int    // bytes
	offset int    // in the element
	order  binary.ByteOrder
	unit   time.Duration // of a date; 0 for days
}

// Whole reports whether values are whole numbers or true and false, which may be labels.
func (f *Field) Whole() bool { return f.kind == 'i' || f.kind == 'u' || f.kind == 'b' }

// Words reports whether values are texts.
func (f *Field) Words() bool { return f.kind == 'U' || f.kind == 'S' }

var typeText = regexp.MustCompile(`^([<>|=]?)([a-zA-Z])([0-9]*)(?:\[([a-zA-Z]+)\])?$`)

// longestText is how many characters a text of an array may have.
const longestText = 1 << 20

// newField reads a type such as <f4.
func newField(name, text string) (f Field, err error) {
	m := typeText.FindStringSubmatch(text)
	if m == nil {
		return f, fmt.Errorf("has values of the unknown type %s", phrase.Quote(text))
	}
	size, _ := strconv.Atoi(m[3])
	f = Field{Name: name, kind: m[2][0], size: size, order: binary.LittleEndian}
	if m[1] == ">" {
		f.order = binary.BigEndian
	}
	known := false
	switch f.kind {
	case 'O':
		return f, errors.New("holds Python objects, which are pickled and can run code, so they are not read; save numbers or texts, such as numpy.asarray(x, dtype=float)")
	case 'f':
		known = size == 2 || size == 4 || size == 8
	case 'i', 'u':
		known = size == 1 || size == 2 || size == 4 || size == 8
	case 'b':
		known = size == 1
	case 'U':
		known = size <= longestText
		f.size *= 4
	case 'S':
		known = size <= longestText
	case 'V': // bytes between fields
		known, f.Name = size <= longestText, ""
	case 'M':
		units := map[string]time.Duration{"D": 0, "h": time.Hour, "m": time.Minute, "s": time.Second, "ms": time.Millisecond, "us": time.Microsecond, "ns": 1}
		f.unit, known = units[m[4]]
	}
	if !known && f.kind == 'M' {
		return f, fmt.Errorf("has dates of the type %s, which is not read; save them as datetime64[D] or datetime64[s]", phrase.Quote(text))
	}
	if !known {
		return f, fmt.Errorf("has values of the type %s, which is not read; save it as float32 or float64", phrase.Quote(text))
	}
	return f, nil
}

// text writes a value.
func (f *Field) text(b []byte) string {
	b = b[f.offset : f.offset+f.size]
	switch f.kind {
	case 'f':
		return float(f.float(b), 8*max(4, f.size))
	case 'i':
		return strconv.FormatInt(f.whole(b), 10)
	case 'u':
		return strconv.FormatUint(uint64(f.whole(b)), 10)
	case 'b':
		return strconv.FormatBool(b[0] != 0)
	case 'S':
		return strings.TrimRight(string(b), "\x00")
	case 'U':
		var text []byte
		for ; len(b) >= 4; b = b[4:] {
			text = utf8.AppendRune(text, rune(f.order.Uint32(b)))
		}
		return strings.TrimRight(string(text), "\x00")
	}
	return f.date(f.whole(b))
}

// whole reads a whole number; one without a sign is in the same bits.
func (f *Field) whole(b []byte) int64 {
	signed := f.kind != 'u'
	switch f.size {
	case 1:
		if signed {
			return int64(int8(b[0]))
		}
		return int64(b[0])
	case 2:
		if signed {
			return int64(int16(f.order.Uint16(b)))
		}
		return int64(f.order.Uint16(b))
	case 4:
		if signed {
			return int64(int32(f.order.Uint32(b)))
		}
		return int64(f.order.Uint32(b))
	}
	return int64(f.order.Uint64(b))
}

// float reads a float of 16, 32 or 64 bits.
func (f *Field) float(b []byte) float64 {
	switch f.size {
	case 4:
		return float64(math.Float32frombits(f.order.Uint32(b)))
	case 8:
		return math.Float64frombits(f.order.Uint64(b))
	}
	u := f.order.Uint16(b)
	x := math.Ldexp(float64(u&0x3ff), -24)
	switch e := u >> 10 & 31; {
	case e == 31 && u&0x3ff != 0:
		return math.NaN()
	case e == 31:
		x = math.Inf(1)
	case e > 0:
		x = math.Ldexp(float64(1<<10|u&0x3ff), int(e)-25)
	}
	if u>>15 == 1 {
		return -x
	}
	return x
}

// float writes a number with as many digits as it has; NaN is a gap.
func float(x float64, bits int) string {
	switch {
	case math.IsNaN(x):
		return ""
	case math.IsInf(x, 0):
		return strconv.FormatFloat(x, 'g', -1, bits)[:1] + "inf"
	}
	return strconv.FormatFloat(x, 'g', -1, bits)
}

// date writes a time since 1970; NaT is a gap.
func (f *Field) date(n int64) string {
	switch {
	case n == math.MinInt64:
		return ""
	case f.unit == 0:
		return time.Unix(0, 0).UTC().AddDate(0, 0, int(min(max(n, -1e7), 1e7))).Format(time.DateOnly)
	case f.unit >= time.Second:
		return time.Unix(n*int64(f.unit/time.Second), 0).UTC().Format(time.DateTime)
	}
	per := int64(time.Second / f.unit)
	return time.Unix(n/per, n%per*int64(f.unit)).UTC().Format("2006-01-02 15:04:05.999999999")
}
