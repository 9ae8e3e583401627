package dataset

import (
	"dnn/pkg/spec"

	"dnn/pkg/dataset/column"
)

// Lost is an input that a mistake keeps from being known.
type Lost struct {
	Name  string
	Meant []string // the columns that may be meant, where its name is that of a column that there is not
	Flat  bool     // it would be floats beside those of other inputs
}

// lost lists all inputs that the spec names, for data that could not be read.
func (s *Settings) lost() (list []Lost) {
	for i := range s.Inputs {
		in := &s.Inputs[i]
		list = append(list, Lost{Name: in.name(), Flat: in.Type != nil && in.Type.Flat()})
	}
	return list
}

// KnownTarget is what is certain of the target in spite of the mistakes in p: without a Kind nothing, without a Width not
// how many numbers it takes.
func (d *Data) KnownTarget(s *Settings, p *spec.Problems) Target {
	sure := !p.UnderBut(root, "format", "inputs", "target", "weight", "augment", "split", "validation", "test")
	if d.Schema != nil && sure && d.Schema.Target.whole(s) {
		t := d.Schema.Target
		if _, stepwise := t.Columns[0].Encoder.(column.StepTarget); stepwise && t.StepsOf == "" { // a mistake keeps its input from being known
			t.StepsOf = "?"
		}
		return t
	}
	return s.toldTarget()
}

// whole reports whether all target columns of the spec were fitted, to what one net can predict.
func (t *Target) whole(s *Settings) bool {
	for _, c := range t.Columns {
		if c.Encoder.Kind() != t.Kind {
			return false
		}
	}
	n := len(t.sources())
	return n > 0 && (n == len(s.Target) || len(s.Target) == 0) && (n == 1 || t.Kind != "category")
}

// toldTarget is what the spec alone tells of the target.
func (s *Settings) toldTarget() (t Target) {
	for i, target := range s.Target {
		kind := ""
		if target.Type != nil && target.Type.Encoder() != nil {
			kind = target.Type.Encoder().Kind()
		}
		if kind == "" || i > 0 && (kind != t.Kind || kind == "category") {
			return Target{}
		}
		t.Kind = kind
		if series, ok := target.Type.(column.Forecaster); ok {
			t.addSteps(&column.SeriesTargetEncoder{Column: target.Column, Horizon: series.StepsAhead()})
		} else {
			t.Names = append(t.Names, target.Column)
		}
		t.Width = len(t.Names)
		kindOf := target.Type
		if tags, ok := kindOf.(column.Stepwise); ok {
			kindOf, t.StepsOf = tags.EachStep(), "?"
		}
		if c, ok := kindOf.(column.Classed); ok {
			t.Classes, t.Width = c.ClassNames(), len(c.ClassNames())
		}
	}
	return t
}
