package dataset

import (
	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/format"
	"dnn/pkg/spec"
	"dnn/pkg/task"
)

// Unresolved is an input that a mistake keeps from being known.
type Unresolved struct {
	Name  string
	Meant []string // the columns that may be meant, where its name is that of a column that there is not
	Flat  bool     // it would be floats in the block of other inputs
}

// unresolved lists all inputs that the spec names, for data that could not be read.
func (s *Settings) unresolved() (list []Unresolved) {
	if s.texts() != nil {
		return []Unresolved{{Name: format.TextColumn}}
	}
	for i := range s.Inputs {
		in := &s.Inputs[i]
		list = append(list, Unresolved{Name: in.name(), Flat: in.Type != nil && in.Type.Flat()})
	}
	return list
}

// KnownHeads describes what a net predicts as far as the mistakes in p leave it known: a head without a Kind says nothing but
// its name, one without a Width not how many numbers it takes. separate is whether SeparateHeads was among the options.
func (d *Data) KnownHeads(s *Settings, separate bool, p *spec.Problems) (list []task.Head) {
	sure := !p.UnderBut(root, "format", "inputs", "target", "weight", "augment", "split", "validation", "test")
	if d.Schema == nil || !sure || !whole(d.Schema, s, separate) {
		list = s.statedHeads(separate)
	} else {
		for i := range d.Schema.Heads {
			h := d.Schema.Heads[i].Head
			if d.Schema.Heads[i].stepwise() && h.Axis == nil { // a mistake keeps its input from being known
				h.Axis = &task.Axis{Of: unknownInput}
			}
			list = append(list, h)
		}
	}
	for k := range list {
		if h := &list[k]; d.Train != nil && h.Known() {
			h.Training.Rows = float64(d.Train.CountLabels(k))
			for _, n := range d.Train.labelCounts(k) {
				h.Training.Counts = append(h.Training.Counts, float64(n))
			}
			h.Training.Means = labelMeans(d.Train, k)
		}
	}
	return list
}

// statedHeads are the heads as far as the spec alone states them.
func (s *Settings) statedHeads(separate bool) (list []task.Head) {
	if s.texts() != nil {
		axis := &task.Axis{Of: format.TextColumn, Generated: true, Continues: true}
		return []task.Head{{Name: format.TextColumn, Kind: task.Category, Columns: []string{format.TextColumn}, Axis: axis}}
	}
	if !separate || len(s.Target) < 2 {
		list = []task.Head{stated(s.Target)}
	} else {
		for i := range s.Target {
			h := stated(s.Target[i : i+1])
			if h.Name == "" {
				h.Name, h.Columns = s.Target[i].Column, []string{s.Target[i].Column}
			}
			list = append(list, h)
		}
	}
	for i := range list {
		list[i].Horizon = max(list[i].Horizon, s.horizon())
	}
	return list
}

// unknownInput is the input of steps that a mistake keeps from being known.
const unknownInput = "?"

// whole reports whether all target columns of the spec were fitted, to what one net can predict.
func whole(s *Schema, of *Settings, separate bool) bool {
	n := len(s.LabelColumns.Sources())
	if all := n > 0 && (n == len(of.Target) || len(of.Target) == 0); !all || separate && n > 1 {
		return all
	}
	return s.Heads.oneKind() && (n == 1 || s.Heads[0].Kind != task.Category)
}

// stated is what the spec alone says of the targets of one head.
func stated(list []TargetSettings) (h task.Head) {
	kind := ""
	if len(list) == 1 {
		if l, ok := list[0].Type.(column.Labeled); ok && len(l.Labels()) > 1 {
			return task.Head{Name: list[0].Column, Kind: task.Labels, Columns: l.Labels(), Classes: l.Labels(), Width: len(l.Labels())}
		}
	}
	for i, target := range list {
		if _, labels := target.Type.(column.Labeled); labels {
			return task.Head{}
		}
		own := ""
		if target.Type != nil && target.Type.Encoder() != nil {
			own = target.Type.Encoder().Kind()
		}
		if own == "" || i > 0 && (own != kind || own == "category") {
			return task.Head{}
		}
		kind = own
		if series, ok := target.Type.(column.Forecaster); ok {
			e := &column.SeriesTargetEncoder{Column: target.Column, Horizon: series.StepsAhead()}
			h.Columns, _ = addSteps(e, h.Columns, nil)
			h.Horizon = e.Horizon
		} else {
			h.Columns = append(h.Columns, target.Column)
		}
		h.Width = len(h.Columns)
		kindOf := target.Type
		if tags, ok := kindOf.(column.Stepwise); ok {
			kindOf, h.Axis = tags.EachStep(), &task.Axis{Of: unknownInput}
		}
		if _, ok := target.Type.(column.Generating); ok {
			h.Axis, h.Width = statedAxis(target), 0
		}
		if c, ok := kindOf.(column.Classed); ok {
			h.Classes, h.Width = c.ClassNames(), len(c.ClassNames())
		}
	}
	if h.Kind = task.Kind(kind); h.Kind == task.Binary && len(h.Columns) > 1 {
		h.Kind, h.Classes = task.Labels, h.Columns
	}
	if len(h.Columns) > 0 {
		h.Name = h.Columns[0]
	}
	return h
}

// statedAxis is the axis of a target that is a text.
func statedAxis(target TargetSettings) *task.Axis {
	if target.Type.(column.Generating).AlignsLabels() {
		return &task.Axis{Of: target.Column, Aligned: true}
	}
	return &task.Axis{Of: target.Column, Generated: true, Ends: true}
}
