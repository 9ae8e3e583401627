package dataset

import (
	"fmt"
	"slices"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/format"
	"dnn/pkg/dataset/record"
	"dnn/pkg/dataset/table"
	"dnn/pkg/spec"
)

// resolved are the inputs and targets with the columns they read.
type resolved struct {
	inputs  []resolvedInput
	targets []resolvedTarget
	weight  *table.Column
	main    *table.Table
	made    map[madeKey]*table.Column // images that were read from the paths in a column
	broken  bool                      // something is missing: rows cannot be encoded
}

type resolvedInput struct {
	name, path string
	kind       column.Type
	columns    []*table.Column
	bad        bool     // a column is missing
	meant      []string // the columns that may be meant where that gives the name
}

type resolvedTarget struct {
	path   string
	kind   column.TargetType
	column *table.Column // nil when it is missing
}

// resolve finds the columns of inputs, targets and weight in the table that is trained on. A schema that was fitted before
// says itself which columns it reads.
func (l *resolver) resolve(t *table.Table, schema *Schema) *resolved {
	r := &resolved{main: t, made: map[madeKey]*table.Column{}}
	l.columns = table.ByName(t)
	s := l.settings
	targets := s.Target
	if len(targets) == 0 {
		targets = offered(t.Offers)
	}
	taken, unknown := map[string]bool{}, false // unknown: which of the columns is a target
	if len(targets) == 0 {
		l.p.Add(root, "target is missing (the column to predict; the columns are: %s)", phrase.List(t.Header))
	}
	for i, target := range targets {
		path := root + ".target"
		if len(targets) > 1 {
			path = fmt.Sprintf("%s[%d]", path, i)
		}
		if target.Column == "" || target.Type == nil { // its own mistake was noted
			r.targets = append(r.targets, resolvedTarget{path: path})
			continue
		}
		if taken[target.Column] {
			l.p.Add(path, "duplicate target %q", target.Column)
		}
		taken[target.Column] = true
		c := l.find(t, path+".column", target.Column)
		r.targets = append(r.targets, resolvedTarget{path, target.Type, c})
		if c == nil { // what was meant is no input
			meant := ""
			if !l.p.Many() {
				meant = spec.Suggest(target.Column, t.Header)
			}
			taken[meant] = true
			unknown = unknown || meant == ""
		}
	}
	if s.Weight != "" {
		r.weight = l.find(t, root+".weight", s.Weight)
		r.broken = r.broken || r.weight == nil
		taken[s.Weight] = true
	}
	if len(s.Inputs) == 0 && t.Long != nil {
		r.inputs = append(r.inputs, l.stepInput(t, taken, unknown))
	} else if len(s.Inputs) == 0 {
		for _, c := range t.Columns {
			if !taken[c.Name] && !s.tellsTime(c.Name) && !l.numbersRows(t, c, schema) {
				r.inputs = append(r.inputs, resolvedInput{name: c.Name, path: root + "." + t.Key, kind: spec.New[column.Type]("auto"), columns: []*table.Column{c}, bad: unknown})
			}
		}
		if len(r.inputs) == 0 {
			l.p.Add(root+"."+t.Key, "there is no column but the target: nothing to learn from")
		}
	}
	for i := range s.Inputs {
		r.inputs = append(r.inputs, l.resolveInput(t, i, taken))
	}
	l.once(r.inputs)
	for _, target := range r.targets {
		if g, ok := target.kind.(column.Generating); ok && target.column != nil {
			r.inputs = append(r.inputs, resolvedInput{name: target.column.Name, path: target.path, kind: g.Prefixed(), columns: []*table.Column{target.column}})
		}
	}
	l.preparePaths(r, schema)
	if schema != nil {
		l.agree(r, schema)
	}
	return r
}

// numbersRows reports whether a column of row numbers is left out, and warns of it. A schema that was fitted before says itself
// whether it was.
func (l *resolver) numbersRows(t *table.Table, c *table.Column, schema *Schema) bool {
	if schema != nil {
		return t.MayNumberRows(c.Name) && schema.Input(c.Name) == nil
	}
	if !t.NumbersRows(c) {
		return false
	}
	what := fmt.Sprintf("%q", c.Name)
	if t.Unnamed {
		what = "without a name"
	}
	l.Warn("the first column, %s, numbers the rows and is left out; {columns: [\"*\"]} as input takes it in (as %s)", what, c.Name)
	return true
}

// preparePaths gives types that may read files the way to read them.
func (l *resolver) preparePaths(r *resolved, schema *Schema) {
	var gaps []string
	if f, ok := l.settings.Format.(format.RowFormat); ok {
		gaps = f.GapWords()
	}
	for i := range r.inputs {
		var fitted column.Encoder
		if schema != nil && i < len(schema.Inputs) {
			fitted = schema.Inputs[i].Encoder
		}
		if kind, ok := r.inputs[i].kind.(column.PathReader); ok {
			r.inputs[i].kind = kind.ForFiles(gaps, fitted)
		}
	}
}

// readPaths reads the files whose paths are in columns of a table, or notes them to be read later.
func (l *resolver) readPaths(r *resolved, t *table.Table) {
	own := r.in(t)
	for i := range r.inputs {
		in := &r.inputs[i]
		kind, ok := in.kind.(column.PathReader)
		if !ok || in.bad || len(own.inputs[i]) != 1 || own.inputs[i][0] == nil {
			continue
		}
		made, ok := kind.ReadPaths(l, own.inputs[i][0], t, in.path, t == r.main)
		if made != nil {
			r.made[madeKey{t, i}] = made
		}
		r.broken = r.broken || !ok
	}
}

// madeKey is an input in a table.
type madeKey struct {
	table *table.Table
	input int
}

func (l *resolver) resolveInput(t *table.Table, i int, taken map[string]bool) resolvedInput {
	in := &l.settings.Inputs[i]
	path := fmt.Sprintf("%s.inputs[%d]", root, i)
	r := resolvedInput{name: in.name(), path: path, kind: in.Type}
	if in.Type == nil || in.name() == "" { // its own mistake was noted
		r.bad, r.kind = true, &column.Auto{}
		return r
	}
	if in.Column != "" {
		if isGlob(in.Column) && l.columns[in.Column] == nil {
			l.p.Add(path+".column", "no column %q; all columns that match are an input as {columns: %q}", in.Column, in.Column)
		} else if c := l.find(t, path+".column", in.Column); c != nil {
			r.columns = []*table.Column{c}
			l.notTaken(path+".column", in.Column, in.Type, taken)
		}
	}
	if len(in.Columns) > 0 {
		list, ok := l.columnsOf(t, in, path, taken)
		r.columns, r.bad = list, !ok
	}
	r.bad = r.bad || len(r.columns) == 0
	if r.bad && in.Name == "" {
		if r.meant = t.Header; !l.p.Many() {
			if meant := spec.Suggest(in.name(), t.Header); meant != "" {
				r.meant = []string{meant}
			}
		}
	}
	if r.bad {
		r.columns = nil
	}
	return r
}

// notTaken notes an input that is the target or the weight: a net that gets the label as an input learns nothing else. A window ends
// before its row.
func (l *resolver) notTaken(path, name string, kind column.Type, taken map[string]bool) {
	if series, ok := kind.(column.Temporal); ok && name != l.settings.Weight && series.History(l.settings.horizon()) {
		return
	}
	if !taken[name] {
		return
	}
	if name == l.settings.Weight {
		l.p.Add(path, "%q is the weight of the rows, which cannot be an input too", name)
		return
	}
	l.p.Add(path, "%q is the target; remove it from the inputs, or the net only copies it", name)
}

// find returns the column of that name, or notes that there is none.
func (l *resolver) find(t *table.Table, path, name string) *table.Column {
	if c := l.columns[name]; c != nil {
		return c
	}
	if l.p.Many() {
		l.p.Add(path, "no column %q", name)
	} else {
		l.p.Add(path, "%s", record.NoColumn(t.Header, name))
	}
	return nil
}

// tableColumns are the columns of a resolved in one table, parallel to its inputs and targets.
type tableColumns struct {
	inputs  [][]*table.Column
	targets []*table.Column
	weight  *table.Column
}

// in returns the columns as they lie in a table, which may be another than the one that was resolved.
func (r *resolved) in(t *table.Table) *tableColumns {
	columns := map[string]*table.Column{}
	if t != r.main {
		columns = table.ByName(t)
	}
	of := func(c *table.Column) *table.Column {
		if c == nil || t == r.main {
			return c
		}
		return columns[c.Name]
	}
	own := &tableColumns{weight: of(r.weight)}
	for i, in := range r.inputs {
		var cs []*table.Column
		for _, c := range in.columns {
			cs = append(cs, of(c))
		}
		if made := r.made[madeKey{t, i}]; made != nil {
			cs = []*table.Column{made}
		}
		own.inputs = append(own.inputs, cs)
	}
	for _, target := range r.targets {
		own.targets = append(own.targets, of(target.column))
	}
	return own
}

// sameColumns notes which columns another split lacks.
func (l *resolver) sameColumns(r *resolved, t *table.Table) {
	var lacking []string
	columns, told := table.ByName(t), map[string]bool{}
	check := func(c *table.Column) {
		if c != nil && columns[c.Name] == nil && !told[c.Name] {
			lacking, told[c.Name] = append(lacking, c.Name), true
		}
	}
	for _, in := range r.inputs {
		for _, c := range in.columns {
			check(c)
		}
	}
	for _, target := range r.targets {
		check(target.column)
	}
	check(r.weight)
	if len(lacking) > 0 {
		r.broken = true
		l.p.Add(root+"."+t.Key, "lacks columns that the training split has: %s", phrase.List(lacking))
	}
}

// agree holds the columns against a schema that was fitted before.
func (l *resolver) agree(r *resolved, s *Schema) {
	same := len(r.inputs) == len(s.Inputs) && len(r.targets) == len(s.LabelColumns.Sources())
	for i := range r.inputs {
		if !same {
			break
		}
		var names []string
		for _, c := range r.inputs[i].columns {
			names = append(names, c.Name)
		}
		same = r.inputs[i].bad || r.inputs[i].name == s.Inputs[i].Name && slices.Equal(names, s.Inputs[i].Columns)
	}
	if !same {
		r.broken = true
		l.p.Add(root+"."+r.main.Key, "the columns are not those that the model was trained on: %s, and to predict %s", phrase.List(s.Columns()), phrase.List(s.LabelColumns.Sources()))
	}
}
