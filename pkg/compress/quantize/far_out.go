package quantize

import (
	"fmt"
	"math"

	"dnn/pkg/dataset"
)

// FarOut is values that calibration saw, some so large that the scale for them makes 0 of nearly all others.
type FarOut struct {
	Parameter string  `json:"parameter"` // that they meet
	Largest   float64 `json:"largest"`
	Input     string  `json:"input,omitempty"` // where the input is that is farthest from 0, as far as that is known
}

// mostLost is the share of the values that are not 0 from which on they are lost to a scale.
const mostLost = 0.99

// String says what was found, and what to do.
func (o *FarOut) String() string {
	text := fmt.Sprintf("what meets %s is as large as %.3g in the rows that scales are calibrated on, and a scale for that makes 0 of nearly all the rest",
		o.Parameter, o.Largest)
	return text + o.Input + "; leave such rows out, or take activations dynamic"
}

// sizes counts the values that are not 0 by their exponents of two.
type sizes [256]float64

func (s *sizes) add(x []float32) {
	for _, v := range x {
		if v != 0 {
			s[math.Float32bits(v)>>23&255]++
		}
	}
}

// lost is the least share of the values that a scale rounds to 0.
func (s *sizes) lost(scale float32) float64 {
	all, lost := 0.0, 0.0
	for exponent, n := range s {
		if all += n; math.Ldexp(1, exponent-126) <= float64(scale)/2 {
			lost += n
		}
	}
	return lost / max(all, 1)
}

// notFinite is the error of rows by which a figure is no finite number.
func (q *quantizer) notFinite(what string, rows Rows) error {
	return &Refused{fmt.Sprintf("cannot be quantized with these rows: %s is no finite number on them%s; leave such rows out", what, q.farthest(rows))}
}

// Placed are rows that know where they come from.
type Placed interface {
	// Place says it of a row of the batch that was filled last: "line 7 of new.csv".
	Place(row int) string
}

// farthest says where the input is that is farthest from 0, as the net reads it, as far as that is known.
func (q *quantizer) farthest(rows Rows) string {
	schema, most, where := q.base.Net.Schema, float32(0), ""
	b := schema.NewBatch(observedRows)
	err := rows.Each(b, observedRows, func() error {
		for k, x := range b.Floats {
			for i, v := range x[:min(len(x), b.Rows*b.RowSize(k))] {
				if v = max(v, -v); v <= most {
					continue
				}
				most, where = v, column(schema, k, i%b.RowSize(k))
				if p, ok := rows.(Placed); ok && where != "" {
					where += ", " + p.Place(i/b.RowSize(k))
				}
			}
		}
		return nil
	})
	if err != nil || where == "" {
		return ""
	}
	return "; the input that is farthest out is in " + where
}

// column names the column, or else the input, that has the number at a place in a row of a block.
func column(schema *dataset.Schema, block, at int) string {
	for i := range schema.Inputs {
		in := &schema.Inputs[i]
		if in.Block != block || len(schema.Blocks[block].Shape) == 1 && (at < in.Lo || at >= in.Hi) {
			continue
		}
		switch n := len(in.Columns); {
		case n == 1:
			return fmt.Sprintf("column %q", in.Columns[0])
		case n > 1 && n == in.Hi-in.Lo && at < in.Hi && at >= in.Lo:
			return fmt.Sprintf("column %q", in.Columns[at-in.Lo])
		}
		return fmt.Sprintf("input %q", in.Name)
	}
	return ""
}
