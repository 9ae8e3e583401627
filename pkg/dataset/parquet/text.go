package parquet

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"time"

	"github.com/parquet-go/parquet-go/format"
)

// textOf returns how the values of a leaf are written, or nil if they cannot be.
func textOf(n *node) func(v value) string {
	kind, length := n.Type.V, int(n.TypeLength.V)
	whole := kind == format.Int32 || kind == format.Int64
	switch t := n.logical().(type) {
	case *format.TimestampType:
		layout := "2006-01-02 15:04:05"
		if t.IsAdjustedToUTC {
			layout = "2006-01-02T15:04:05Z"
		}
		if step := unit(t.Unit); whole && step > 0 {
			return func(v value) string { return timestamp(int64(v.bits), step, layout) }
		}
	case *format.DateType:
		if whole {
			return func(v value) string { return time.Unix(int64(v.bits)*86400, 0).UTC().Format(time.DateOnly) }
		}
	case *format.TimeType:
		if step := unit(t.Unit); whole && step > 0 {
			return func(v value) string { return timestamp(int64(v.bits), step, time.TimeOnly) }
		}
	case *format.DecimalType:
		scale := int(t.Scale)
		switch {
		case whole:
			return func(v value) string { return decimal(big.NewInt(int64(v.bits)), scale) }
		case kind == format.ByteArray || kind == format.FixedLenByteArray && length > 0:
			return func(v value) string { return decimal(wholeOf(v.bytes), scale) }
		}
	case *format.IntType:
		switch {
		case !t.IsSigned && kind == format.Int32:
			return func(v value) string { return strconv.FormatUint(uint64(uint32(v.bits)), 10) }
		case !t.IsSigned && kind == format.Int64:
			return func(v value) string { return strconv.FormatUint(v.bits, 10) }
		}
	case *format.UUIDType:
		if kind == format.FixedLenByteArray && length == 16 {
			return func(v value) string {
				b := v.bytes
				return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
			}
		}
	case *format.NullType:
		return nil
	}
	return physical(kind, length)
}

// physical returns how values of a physical type are written, or nil if they cannot be.
func physical(kind format.Type, length int) func(v value) string {
	switch kind {
	case format.Boolean:
		return func(v value) string { return strconv.FormatBool(v.bits != 0) }
	case format.Int32, format.Int64:
		return func(v value) string { return strconv.FormatInt(int64(v.bits), 10) }
	case format.Int96: // timestamps of older programs: nanoseconds of a day, and the day
		return func(v value) string {
			nanos, day := binary.LittleEndian.Uint64(v.bytes), binary.LittleEndian.Uint32(v.bytes[8:])
			return time.Unix((int64(day)-2440588)*86400, int64(nanos)).UTC().Format("2006-01-02 15:04:05.999999999")
		}
	case format.Float:
		return func(v value) string { return float(float64(math.Float32frombits(uint32(v.bits))), 32) }
	case format.Double:
		return func(v value) string { return float(math.Float64frombits(v.bits), 64) }
	case format.FixedLenByteArray:
		if length != 2 { // that of float16 alone
			return nil
		}
		return func(v value) string { return half(v.bytes) }
	case format.ByteArray:
		return func(v value) string { return string(v.bytes) }
	}
	return nil
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

// half reads a float of 16 bits.
func half(b []byte) string {
	u := uint32(b[0]) | uint32(b[1])<<8
	x := math.Ldexp(float64(u&0x3ff), -24)
	switch e := u >> 10 & 31; {
	case e == 31 && u&0x3ff != 0:
		return ""
	case e == 31:
		x = math.Inf(1)
	case e > 0:
		x = math.Ldexp(float64(1<<10|u&0x3ff), int(e)-25)
	}
	if u>>15 == 1 {
		x = -x
	}
	return float(x, 32)
}

// timestamp writes a time since 1970, with decimals of a second where there are some.
func timestamp(at int64, unit time.Duration, layout string) string {
	per := int64(time.Second / unit)
	whole, part := at/per, at%per
	if part < 0 {
		whole, part = whole-1, part+per
	}
	t := time.Unix(whole, part*int64(unit)).UTC()
	if part == 0 {
		return t.Format(layout)
	}
	digits := len(strconv.FormatInt(per, 10)) - 1
	end := len("15:04:05")
	at05 := len(layout) - end
	if layout[len(layout)-1] == 'Z' {
		at05--
	}
	return t.Format(layout[:at05+end] + "." + "000000000"[:digits] + layout[at05+end:])
}

// wholeOf reads a whole number, the highest byte first.
func wholeOf(b []byte) *big.Int {
	n := new(big.Int).SetBytes(b)
	if len(b) > 0 && b[0] >= 128 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	return n
}

// decimal writes a whole number of units of a power of ten.
func decimal(n *big.Int, scale int) string {
	if scale <= 0 || scale > 1000 {
		return n.String()
	}
	digits := fmt.Sprintf("%0*d", scale+1, new(big.Int).Abs(n))
	sign := ""
	if n.Sign() < 0 {
		sign = "-"
	}
	return sign + digits[:len(digits)-scale] + "." + digits[len(digits)-scale:]
}

// jsonOf writes an element of a list: numbers and booleans as they are, others as texts.
func jsonOf(kind format.Type, text string) string {
	if text == "" && (kind == format.Float || kind == format.Double) {
		return "null"
	}
	if kind != format.ByteArray && json.Valid([]byte(text)) {
		return text
	}
	quoted, _ := json.Marshal(text)
	return string(quoted)
}
