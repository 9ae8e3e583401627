package dataset

import (
	"slices"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/format"
	"dnn/pkg/dataset/table"
	"dnn/pkg/task"
)

// fit learns the schema from the training rows. Inputs with mistakes are left out of it.
func (l *fitter) fit(columns *resolved, main *table.Table, rows []int32) *Schema {
	s := &Schema{Weight: l.settings.Weight, Format: Reader{l.settings.Format}, Ordering: l.timing, Gaps: l.gaps}
	f := l.fitting(main, rows)
	if l.timing != nil && l.timing.Group != "" && main.Time != nil {
		l.timing.Groups = main.Time.GroupsOf(f.History)
	}
	own, splits, given := columns.in(main), l.splits(columns), l.learned()
	for i, in := range columns.inputs {
		var e column.Encoder
		if f.Path = in.path; !in.bad {
			f.All = inTables(splits, func(c *tableColumns) []*table.Column { return c.inputs[i] })
			f.WarnOfGaps(in.kind, own.inputs[i])
			f.Given = given.Input(column.NamesOf(in.columns))
			e = in.kind.Fit(f, own.inputs[i])
		}
		if e == nil {
			l.unresolved = append(l.unresolved, Unresolved{Name: in.name, Meant: in.meant, Flat: in.kind.Flat()})
			continue
		}
		var reads []string
		for _, c := range in.columns {
			reads = append(reads, c.Name)
		}
		s.Inputs = append(s.Inputs, Input{Name: in.name, Columns: reads, Encoder: e, Inferred: f.Findings.Inferred[in.path]})
	}
	f.Findings.NoteNumbers()
	f.Findings.WarnConstants()
	l.checkUse(s, main, len(rows), f.Findings)
	var names []string
	var fitted []column.TargetColumn
	for i, t := range columns.targets {
		if t.column == nil {
			continue
		}
		f.Path = t.path
		f.All = inTables(splits, func(c *tableColumns) []*table.Column { return c.targets[i : i+1] })
		if !t.column.IsText() {
			l.p.Add(t.path, "column %q holds images, which cannot be a target", t.column.Name)
			continue
		}
		f.Given = given.Target(t.column.Name)
		if e := l.fitTarget(s, t, f); e != nil {
			if series, ok := e.(column.Ahead); ok {
				names, fitted = addSteps(series, names, fitted)
				continue
			}
			if several, ok := e.(column.Several); ok {
				labels, each := several.Each()
				names = append(names, labels...)
				for _, one := range each {
					fitted = append(fitted, column.TargetColumn{Encoder: one})
				}
				continue
			}
			names, fitted = append(names, t.column.Name), append(fitted, column.TargetColumn{Encoder: e})
		}
	}
	f.Findings.WarnSpreads()
	separate := l.separate && len(columns.targets) > 1
	s.Heads = newHeads(names, fitted, separate, l.stepsFor(s, columns, fitted, separate))
	for k := range s.Heads {
		for _, t := range columns.targets {
			if t.column != nil && (slices.Contains(s.Heads[k].Columns, t.column.Name) || s.Heads[k].Name == t.column.Name) && s.Heads[k].Inferred == "" {
				s.Heads[k].Inferred = f.Findings.Inferred[t.path]
			}
		}
	}
	s.LabelColumns, s.Tagged = labelColumns(s.Heads)
	l.checkHeads(s, separate)
	l.notes.Merge(f.Findings.Notes)
	l.models.taken = f.Findings.Taken
	l.fitOffsets(s, columns, f)
	s.assemble()
	for i, b := range s.Blocks {
		if b.Name == featuresBlock && s.Blocks[0].Name == featuresBlock && i > 0 {
			l.p.Add(root+".inputs", "the name %q is taken by the block of all float columns; give the input another name", b.Name)
		}
	}
	return s
}

// learned is what the models learned whose preprocessing is taken over.
func (l *fitter) learned() *column.Learned {
	all := column.NewLearned()
	for _, s := range l.models.given {
		for i := range s.Inputs {
			all.AddInput(s.Inputs[i].Columns, s.Inputs[i].Encoder)
		}
		for k := range s.LabelColumns {
			if name, ahead := s.LabelColumns[k].Reads(); ahead == 0 {
				all.AddTarget(name, s.LabelColumns[k].Encoder)
			}
		}
	}
	return all
}

// enoughRows is how many rows make it sure that an input is useless.
const enoughRows = 20

// checkUse reports inputs that are all the same in every row, as far as the net sees them.
func (l *fitter) checkUse(s *Schema, main *table.Table, rows int, found *column.Findings) {
	if rows < enoughRows {
		return
	}
	var useless []string
	none := map[string]bool{}
	for _, name := range append(slices.Clone(found.Constants), found.Useless...) {
		none[name] = true
	}
	for i := range s.Inputs {
		if s.Inputs[i].Encoder.Layout().Own {
			return
		}
		for _, name := range s.Inputs[i].Columns {
			if !none[name] {
				return
			}
			useless = append(useless, name)
		}
	}
	if len(useless) > 0 && len(s.Inputs) > 0 && l.p.Len() == 0 && len(l.unresolved) == 0 {
		at := root + ".inputs"
		if len(l.settings.Inputs) == 0 {
			at = root + "." + main.Key
		}
		l.p.Add(at, "there is nothing to learn from: every input is constant or has only rare words in the training split (%s)", phrase.List(useless))
	}
}

// fitTarget fits a target column, unless that was done with the input that it makes too.
func (l *fitter) fitTarget(s *Schema, t resolvedTarget, f *column.Fitting) column.TargetEncoder {
	if _, ok := t.kind.(column.Generating); !ok {
		return t.kind.Fit(f, t.column)
	}
	if in := s.Input(t.column.Name); in != nil {
		if e, ok := in.Encoder.(column.PrefixEncoder); ok {
			return e.Target()
		}
	}
	return nil
}

// checkHeads notes columns that one net cannot predict together.
func (l *fitter) checkHeads(s *Schema, separate bool) {
	if len(s.Heads) == 0 {
		return
	}
	const heads = ", unless each has a layer of its own (head: NAME in layers)"
	switch h := &s.Heads[0]; {
	case separate && h.Horizon > 0:
		l.p.Add(root+".target", "series to forecast are the only target of a net, or several that the last layer puts out together; leave head out of the layers")
	case separate:
	case !s.Heads.oneKind():
		l.p.Add(root+".target", "several targets must be all numbers or all binaries%s", heads)
	case h.Kind == task.Category && len(h.Fitted) > 1:
		l.p.Add(root+".target", "several targets must be all numbers or all binaries; of categories there can be only one%s", heads)
	}
}

// fitting is what types learn from in a table.
func (l *fitter) fitting(main *table.Table, rows []int32) *column.Fitting {
	s := l.settings
	f := &column.Fitting{
		Table: main, Rows: rows, History: rows,
		Spec:     s.facts(l.separate),
		Findings: &column.Findings{Problems: l.p, Warned: map[string]bool{}},
	}
	if l.past != nil {
		f.History = l.past
	}
	return f
}

// facts are what types need to know of the settings.
func (s *Settings) facts(separate bool) column.Context {
	_, keyed := s.Format.(format.Keyed)
	facts := column.Context{Named: len(s.Inputs) > 0, Horizon: s.horizon(), Long: s.SequenceID != "", Keyed: keyed, FreeText: newReaders(s).plainText}
	facts.Heads = separate && len(s.Target) > 1
	for _, t := range s.Target {
		facts.Targets = append(facts.Targets, t.Column)
		if g, ok := t.Type.(column.Generating); ok && g.Shares() {
			facts.Sharing = append(facts.Sharing, t.Column)
		}
	}
	return facts
}

// splitColumns are the columns in the table of a split.
type splitColumns struct {
	*table.Table
	columns *tableColumns
}

// splits are the columns in the tables of all splits. A table may have tens of thousands of columns: this is asked for once.
func (l *fitter) splits(r *resolved) (list []splitColumns) {
	for _, split := range l.settings.Format.Given() {
		if t := l.tables[split]; t != nil {
			list = append(list, splitColumns{t, r.in(t)})
		}
	}
	return list
}

// inTables are some columns in the tables of all splits.
func inTables(splits []splitColumns, of func(c *tableColumns) []*table.Column) (list []column.InTable) {
	for _, s := range splits {
		list = append(list, column.InTable{Split: s.Key, Table: s.Table, Columns: of(s.columns)})
	}
	return list
}

// complete reports whether everything the columns ask for was fitted, so that rows can be encoded.
func complete(s *Schema, columns *resolved) bool {
	if len(s.Inputs) != len(columns.inputs) || len(s.LabelColumns.Sources()) != len(columns.targets) || len(s.Inputs) == 0 || len(s.LabelColumns) == 0 || columns.broken {
		return false
	}
	for _, in := range columns.inputs {
		if in.bad {
			return false
		}
	}
	for k := range s.LabelColumns {
		if columns.targets[s.LabelColumns.Source(k)].column == nil {
			return false
		}
	}
	for i := range s.Heads {
		h := &s.Heads[i]
		if h.Kind == task.Category && len(h.Fitted) > 1 {
			return false
		}
		for _, c := range h.Fitted {
			_, stepwise := c.Encoder.(column.StepTarget)
			if _, generated := c.Encoder.(column.Generated); (stepwise || generated) != (h.Axis != nil) {
				return false
			}
		}
	}
	return s.Heads.oneKind() && (len(s.Heads) == 1 || s.Heads.Horizon() == 0)
}

// usedRows reports which rows of the tables are in a split.
func usedRows(parts map[string]selection) map[*table.Table][]bool {
	used := map[*table.Table][]bool{}
	for _, part := range parts {
		if used[part.table] == nil {
			used[part.table] = make([]bool, part.table.Rows)
		}
		for _, row := range part.rows {
			used[part.table][row] = true
		}
	}
	return used
}
