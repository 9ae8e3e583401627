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

// knownTargets are what is certain of the target of each head in spite of the mistakes in p.
func (d *Data) knownTargets(s *Settings, separate bool, p *spec.Problems) (list []Target) {
	sure := !p.UnderBut(root, "format", "inputs", "target", "weight", "augment", "split", "validation", "test")
	if d.Schema != nil && sure && d.Schema.Target.whole(s) {
		for _, t := range d.Schema.HeadTargets {
			one := *t
			if _, stepwise := t.Columns[0].Encoder.(column.StepTarget); stepwise && t.StepsOf == "" { // a mistake keeps its input from being known
				one.StepsOf = unknownInput
			}
			list = append(list, one)
		}
		return list
	}
	if !separate || len(s.Target) < 2 {
		return []Target{told(s.Target)}
	}
	for i := range s.Target {
		t := told(s.Target[i : i+1])
		if len(t.Names) == 0 {
			t.Names = []string{s.Target[i].Column}
		}
		list = append(list, t)
	}
	return list
}

// unknownInput is the input of steps that a mistake keeps from being known.
const unknownInput = "?"

// whole reports whether all target columns of the spec were fitted, to what one net can predict.
func (t *Target) whole(s *Settings) bool {
	n := len(t.Sources())
	if all := n > 0 && (n == len(s.Target) || len(s.Target) == 0); !all || t.Separate {
		return all
	}
	for _, c := range t.Columns {
		if c.Encoder.Kind() != t.Kind {
			return false
		}
	}
	return n == 1 || t.Kind != "category"
}

// told is what the spec alone tells of the targets of one head.
func told(list []TargetSettings) (t Target) {
	for i, target := range list {
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
			kindOf, t.StepsOf = tags.EachStep(), unknownInput
		}
		if c, ok := kindOf.(column.Classed); ok {
			t.Classes, t.Width = c.ClassNames(), len(c.ClassNames())
		}
	}
	return t
}
