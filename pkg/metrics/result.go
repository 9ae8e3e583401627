package metrics

import (
	"encoding/json"
	"math"
)

// Result is the value of a metric: one number in Value, or one of the other forms, and then Value is NaN.
type Result struct {
	Value    float64       // NaN where undefined
	PerClass []float64     // one per label, NaN where undefined
	Matrix   [][]float64   // [true][predicted] of one-class-per-row tasks
	Tables   [][][]float64 // multi_label: per label [[TN FP] [FN TP]]
	Labels   []string      // names the entries of PerClass, Matrix and Tables
}

// number is the Result of a metric with a single value.
func number(x float64) Result { return Result{Value: x} }

// Single reports whether the result is one number (which may be NaN).
func (r Result) Single() bool { return r.PerClass == nil && r.Matrix == nil && r.Tables == nil }

// MarshalJSON writes a number; an object of numbers by class; {"labels": […], "matrix": [[…]]}; or an object of 2×2
// tables by label. Objects keep the order of the classes. What is not finite is null, since JSON has no NaN.
func (r Result) MarshalJSON() ([]byte, error) {
	switch {
	case r.PerClass != nil:
		return appendObject(nil, r.Labels, func(out []byte, i int) []byte { return appendNumber(out, r.PerClass[i]) }), nil
	case r.Matrix != nil:
		labels, err := json.Marshal(r.Labels)
		if err != nil {
			return nil, err
		}
		out := append([]byte(`{"labels":`), labels...)
		out = appendMatrix(append(out, `,"matrix":`...), r.Matrix)
		return append(out, '}'), nil
	case r.Tables != nil:
		return appendObject(nil, r.Labels, func(out []byte, i int) []byte { return appendMatrix(out, r.Tables[i]) }), nil
	}
	return appendNumber(nil, r.Value), nil
}

func appendObject(out []byte, keys []string, value func(out []byte, i int) []byte) []byte {
	out = append(out, '{')
	for i, key := range keys {
		if i > 0 {
			out = append(out, ',')
		}
		text, _ := json.Marshal(key) // text always marshals
		out = value(append(append(out, text...), ':'), i)
	}
	return append(out, '}')
}

func appendMatrix(out []byte, m [][]float64) []byte {
	out = append(out, '[')
	for i, row := range m {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, '[')
		for j, x := range row {
			if j > 0 {
				out = append(out, ',')
			}
			out = appendNumber(out, x)
		}
		out = append(out, ']')
	}
	return append(out, ']')
}

func appendNumber(out []byte, x float64) []byte {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return append(out, "null"...)
	}
	text, _ := json.Marshal(x) // finite numbers always marshal
	return append(out, text...)
}
