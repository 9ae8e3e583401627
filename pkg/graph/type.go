package graph

import (
	"fmt"
	"slices"
	"strings"
)

// DType is the type of a value's elements.
type DType uint8

const (
	F32  DType = iota // 32-bit floating point
	I32               // 32-bit integer: class numbers, categories, tokens, lengths, the step
	BF16              // the upper half of an F32: as wide a range, 8 bits of precision
	I8                // 8-bit integer
	U8                // 8-bit integer without a sign
)

// DTypes lists all types of elements.
var DTypes = []DType{F32, I32, BF16, I8, U8}

func (d DType) String() string { return [...]string{"f32", "i32", "bf16", "i8", "u8"}[d] }

// Size is the number of bytes of an element.
func (d DType) Size() int { return [...]int{4, 4, 2, 1, 1}[d] }

// Float reports whether the elements are floating-point numbers.
func (d DType) Float() bool { return d == F32 || d == BF16 }

// Shape holds the extent of each axis, the outermost first. A scalar has none.
type Shape []int

// mostElements is what sizes beyond all memory are told as, so that a few of them can be added.
const mostElements = 1 << 55

// Size is the number of elements, at most 3.6e16.
func (s Shape) Size() int {
	n := 1
	for _, d := range s {
		if d > 0 && n > mostElements/d {
			if slices.Contains(s, 0) {
				return 0
			}
			return mostElements
		}
		n *= d
	}
	return n
}

// Rank is the number of axes.
func (s Shape) Rank() int { return len(s) }

// Last is the extent of the innermost axis, 1 for a scalar.
func (s Shape) Last() int {
	if len(s) == 0 {
		return 1
	}
	return s[len(s)-1]
}

// Equal reports whether both shapes have the same axes.
func (s Shape) Equal(t Shape) bool { return slices.Equal(s, t) }

func (s Shape) String() string {
	var b strings.Builder
	b.WriteByte('[')
	for i, d := range s {
		if i > 0 {
			b.WriteByte('x')
		}
		fmt.Fprint(&b, d)
	}
	b.WriteByte(']')
	return b.String()
}

// Type is what is known of a value before it is computed.
type Type struct {
	DType DType
	Shape Shape
}

func (t Type) String() string { return t.DType.String() + t.Shape.String() }

// Equal reports whether both types have the same elements and axes.
func (t Type) Equal(u Type) bool { return t.DType == u.DType && t.Shape.Equal(u.Shape) }

// Bytes is the storage a value of the type takes.
func (t Type) Bytes() int { return t.DType.Size() * t.Shape.Size() }

// Floats is the type of a float32 value of the given shape.
func Floats(shape ...int) Type { return Type{F32, slices.Clone(Shape(shape))} }

// Ints is the type of an int32 value of the given shape.
func Ints(shape ...int) Type { return Type{I32, slices.Clone(Shape(shape))} }
