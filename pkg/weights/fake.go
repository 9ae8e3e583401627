package weights

import (
	"dnn/internal/kernel/integer"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

// Rounding is a form whose numbers a net can be trained for: those of a row do not depend on other rows.
type Rounding interface {
	Form
	// Rounding is how a row is rounded: to what Decode makes of what Encode makes of it.
	Rounding() op.Rounding
}

// Fake lets a net that is being built compute with rounded numbers, as it will with forms: parameters are rounded where they are
// read, and so is what meets them in products that are computed in integers.
type Fake struct {
	Form        func(p graph.Param) Rounding // of a parameter; nil where it stays as it is
	Activations bool
}

// instead is what is read in place of a value.
type instead struct {
	of *graph.Value
	to op.Rounding
}

// Begin lets all that is added to b from now on read rounded numbers, until SetAdapt ends it.
func (f Fake) Begin(b *graph.Builder) {
	made := map[instead]*graph.Value{}
	round := func(v *graph.Value, to op.Rounding) *graph.Value {
		key := instead{v, to}
		if made[key] == nil {
			made[key] = op.FakeQuantize(b, v, to)
		}
		return made[key]
	}
	b.SetAdapt(func(o *graph.Op, attrs any, in []*graph.Value) []*graph.Value {
		product := multiplies(&graph.Node{Op: o, Attrs: attrs, Inputs: in})
		for i, v := range in {
			p, _ := b.ParamOf(v)
			if p == nil {
				continue
			}
			form := f.Form(*p)
			if form == nil || form.Fits(*p) != nil {
				continue
			}
			in[i] = round(v, form.Rounding())
			if _, width := rows(*p); product && i == 1 && f.Activations && width <= integer.MaxK {
				in[0] = round(in[0], op.RoundInt8{})
			}
		}
		return in
	})
}

// int8Row rounds as Int8 does.
type int8Row struct{}

func (int8Row) String() string { return "int8" }

func (int8Row) Row(dst, x []float32) {
	scale := scaleOf(x, Most)
	for k, w := range x {
		dst[k] = rounded(w/scale, Most) * scale
	}
}

// Rounding has the numbers of Int8.
func (*Int8) Rounding() op.Rounding { return int8Row{} }

// int4Row rounds as Int4 does. What is no finite number becomes NaN.
type int4Row struct{}

func (int4Row) String() string { return "int4" }

func (int4Row) Row(dst, x []float32) {
	for len(x) > 0 {
		var block [integer.BlockSize]float32
		var codes [integer.BlockSize]byte
		n := copy(block[:], x)
		scale := bestScale(&block, &codes)
		for k, w := range block[:n] {
			if dst[k] = float32(int(codes[k])-8) * scale; w-w != 0 {
				dst[k] = w - w
			}
		}
		dst, x = dst[n:], x[n:]
	}
}

// Rounding has the numbers of Int4, with the scales that are searched for: with others, a net learns for other numbers.
func (*Int4) Rounding() op.Rounding { return int4Row{} }
