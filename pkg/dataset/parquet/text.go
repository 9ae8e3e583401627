package parquet

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"slices"
	"strconv"
	"time"

	pq "github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"
)

// logical is the logical type of a column, or "".
func logical(c *pq.Column) string {
	if c.Type() == nil || c.Type().LogicalType() == nil {
		return ""
	}
	return c.Type().LogicalType().String()
}

// converted reports whether a column has one of the older kinds of logical types.
func converted(c *pq.Column, kinds ...deprecated.ConvertedType) bool {
	return c.Type() != nil && c.Type().ConvertedType() != nil && slices.Contains(kinds, *c.Type().ConvertedType())
}

// listLevels are the definition levels of the repeated nodes on the path to a leaf.
func listLevels(root, leaf *pq.Column) (levels []int) {
	for c, path := root, leaf.Path(); len(path) > 0; path = path[1:] {
		if c = c.Column(path[0]); c.Repeated() {
			levels = append(levels, c.MaxDefinitionLevel())
		}
	}
	return levels
}

// textOf returns how the values of a leaf are written, or nil if they cannot be.
func textOf(c *pq.Column) func(v pq.Value) string {
	var of format.LogicalTypeValue
	if t := c.Type().LogicalType(); t != nil {
		of = t.Value
	}
	switch t := of.(type) {
	case *format.TimestampType:
		layout := "2006-01-02 15:04:05"
		if t.IsAdjustedToUTC {
			layout = "2006-01-02T15:04:05Z"
		}
		unit := t.Unit.Value.Duration()
		return func(v pq.Value) string { return timestamp(v.Int64(), unit, layout) }
	case *format.DateType:
		return func(v pq.Value) string { return time.Unix(int64(v.Int32())*86400, 0).UTC().Format(time.DateOnly) }
	case *format.TimeType:
		unit := t.Unit.Value.Duration()
		return func(v pq.Value) string { return timestamp(number(v), unit, time.TimeOnly) }
	case *format.DecimalType:
		scale := int(t.Scale)
		return func(v pq.Value) string { return decimal(v, scale) }
	case *format.IntType:
		if !t.IsSigned && c.Type().Kind() == pq.Int32 {
			return func(v pq.Value) string { return strconv.FormatUint(uint64(v.Uint32()), 10) }
		}
		if !t.IsSigned {
			return func(v pq.Value) string { return strconv.FormatUint(v.Uint64(), 10) }
		}
	case *format.UUIDType:
		return func(v pq.Value) string {
			b := v.ByteArray()
			return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
		}
	}
	switch c.Type().Kind() {
	case pq.Boolean:
		return func(v pq.Value) string { return strconv.FormatBool(v.Boolean()) }
	case pq.Int32, pq.Int64:
		return func(v pq.Value) string { return strconv.FormatInt(number(v), 10) }
	case pq.Int96: // timestamps of older programs: nanoseconds of a day, and the day
		return func(v pq.Value) string {
			at := v.Int96()
			nanos := int64(at[1])<<32 | int64(at[0])
			return time.Unix((int64(at[2])-2440588)*86400, nanos).UTC().Format("2006-01-02 15:04:05.999999999")
		}
	case pq.Float:
		return func(v pq.Value) string { return float(float64(v.Float()), 32) }
	case pq.Double:
		return func(v pq.Value) string { return float(v.Double(), 64) }
	case pq.FixedLenByteArray:
		if c.Type().Length() != 2 { // that of float16 alone
			return nil
		}
		return func(v pq.Value) string { return half(v.ByteArray()) }
	case pq.ByteArray:
		return func(v pq.Value) string { return string(v.ByteArray()) }
	}
	return nil
}

// number is a whole number of either size.
func number(v pq.Value) int64 {
	if v.Kind() == pq.Int32 {
		return int64(v.Int32())
	}
	return v.Int64()
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

// decimal writes a whole number of units of a power of ten.
func decimal(v pq.Value, scale int) string {
	n := new(big.Int)
	if v.Kind() == pq.Int32 || v.Kind() == pq.Int64 {
		n.SetInt64(number(v))
	} else {
		b := v.ByteArray()
		n.SetBytes(b)
		if len(b) > 0 && b[0] >= 128 {
			n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
		}
	}
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
func jsonOf(v *pq.Value, text string) string {
	if text == "" && (v.Kind() == pq.Float || v.Kind() == pq.Double) {
		return "null"
	}
	if v.Kind() != pq.ByteArray && json.Valid([]byte(text)) {
		return text
	}
	quoted, _ := json.Marshal(text)
	return string(quoted)
}
