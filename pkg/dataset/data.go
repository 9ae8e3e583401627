package dataset

import (
	"fmt"

	"dnn/pkg/spec"
)

// Data is a loaded dataset.
type Data struct {
	Schema                  *Schema
	Train, Validation, Test *Part    // nil when there is none
	Notes                   []string // what was inferred and why, what was dropped or filled, warnings
	Digest                  string   // of the bytes of all files as they lie on disk: tells whether data changed
}

// Part returns the part of that name: "train", "validation" or "test"; nil when there is none.
func (d *Data) Part(name string) *Part {
	switch name {
	case "train":
		return d.Train
	case "validation":
		return d.Validation
	case "test":
		return d.Test
	}
	return nil
}

// Load reads, splits, infers, fits and encodes. Paths are relative to dir; seed is the spec's. Every mistake is noted in p
// with its path in the spec. Load returns what is known even then: a Schema whose blocks and target hold the sizes that
// could be found out, and no parts when rows could not be encoded; nil when nothing is known.
func Load(s *Settings, dir string, seed uint64, p *spec.Problems) *Data {
	return load(s, nil, dir, seed, p)
}

// LoadWith is Load with a schema that was fitted before, so that a model meets its data encoded as in its training,
// whatever has become of the training rows. The settings say where the files are and how they are split.
func LoadWith(s *Settings, schema *Schema, dir string, seed uint64, p *spec.Problems) *Data {
	return load(s, schema, dir, seed, p)
}

func load(s *Settings, schema *Schema, dir string, seed uint64, p *spec.Problems) *Data {
	if s.Format == nil { // its own mistake was noted
		return nil
	}
	l := newLoader(s, dir, seed, p)
	tables := map[string]*Table{}
	for _, part := range s.Format.given() {
		if t := s.Format.read(l, part); t != nil {
			tables[part] = t
		}
	}
	main := tables[""]
	if main == nil {
		main = tables["train"]
	}
	if main == nil {
		return nil
	}
	columns := l.resolve(main, schema)
	for _, part := range s.Format.given() {
		if t := tables[part]; t != nil && t != main {
			l.sameColumns(columns, t)
		}
	}
	parts := l.share(tables, main, columns)
	if schema == nil {
		schema = l.fit(columns, main, parts["train"].rows)
	}
	d := &Data{Schema: schema}
	if schema.complete(columns) {
		l.encode(d, columns, parts)
	}
	l.summarize()
	d.Notes, d.Digest = l.notes, l.sum()
	return d
}

// share drops rows with gaps that ask for it, and shares out the rest among the parts.
func (l *loader) share(tables map[string]*Table, main *Table, columns *resolved) map[string]selection {
	parts := map[string]selection{}
	for _, part := range []string{"", "train", "validation", "test"} {
		if t := tables[part]; t != nil {
			parts[part] = selection{t, l.drop(t, columns)}
		}
	}
	whole, given := parts[""]
	key := root + "." + main.key
	if !given {
		whole = parts["train"]
		if l.settings.Split.Validation == nil && l.settings.Split.Test == nil {
			if len(whole.rows) == 0 {
				l.p.Add(key, "the training part has no rows")
			}
			return parts
		}
	}
	counts := l.settings.Split.counts(len(whole.rows))
	if counts[0] < 1 {
		l.p.Add(root+".split", "%s rows leave none for training (validation %s, test %s)", thousands(len(whole.rows)), thousands(counts[1]), thousands(counts[2]))
		parts["train"] = whole
		return parts
	}
	var classes []string
	if l.settings.Split.Stratify {
		classes = l.classes(whole, columns)
	}
	delete(parts, "")
	dealt := l.settings.Split.deal(whole.rows, classes, l.seed)
	for i, name := range partNames {
		if len(dealt[i]) > 0 {
			parts[name] = selection{main, dealt[i]}
		} else if share := [3]*float64{nil, l.settings.Split.Validation, l.settings.Split.Test}[i]; share != nil && *share > 0 {
			l.note("the %s part is empty: its share of %s rows is less than one row", name, thousands(len(whole.rows)))
		}
	}
	if unused := len(whole.rows) - len(dealt[0]) - len(dealt[1]) - len(dealt[2]); unused > 0 {
		l.note("%s rows stay unused: train, validation and test do not add up to all", thousands(unused))
	}
	return parts
}

// selection is some rows of a table, in their order.
type selection struct {
	table *Table
	rows  []int32
}

// drop leaves out the rows in which a target is missing, or an input that says missing: drop_row.
func (l *loader) drop(t *Table, columns *resolved) []int32 {
	rows := make([]int32, 0, t.Rows)
	noTarget, noInput := 0, map[string]int{}
	own := columns.in(t)
next:
	for row := range int32(t.Rows) {
		for _, c := range own.targets {
			if c != nil && c.Pixels == nil && c.field(row) == "" {
				noTarget++
				continue next
			}
		}
		for i, in := range columns.inputs {
			if !in.kind.drops() {
				continue
			}
			for _, c := range own.inputs[i] {
				if c != nil && c.Pixels == nil && c.field(row) == "" {
					noInput[in.name]++
					continue next
				}
			}
		}
		rows = append(rows, row)
	}
	where := ""
	if t.key != "path" {
		where = t.key + ": "
	}
	if noTarget > 0 {
		l.note("%s%s rows without a target are left out", where, thousands(noTarget))
	}
	for _, in := range columns.inputs {
		if n := noInput[in.name]; n > 0 {
			l.note("%s%s rows without %s are left out (missing: drop_row)", where, thousands(n), in.name)
		}
	}
	return rows
}

// classes returns the class of each row for a stratified split, or nil with a mistake noted.
func (l *loader) classes(of selection, columns *resolved) []string {
	at := root + ".split.stratify"
	if len(columns.targets) != 1 {
		l.p.Add(at, "wants one target of classes, and there are %d targets", len(columns.targets))
		return nil
	}
	target := columns.targets[0]
	c := target.column
	if c == nil {
		return nil
	}
	if _, isNumber := target.kind.(*NumberTarget); isNumber {
		l.p.Add(at, "wants a target of classes, and %q is a number", c.Name)
		return nil
	}
	classes := make([]string, len(of.rows))
	distinct := map[string]bool{}
	for i, r := range of.rows {
		classes[i] = c.field(r)
		distinct[classes[i]] = true
	}
	if n := len(distinct); n > 100 && n > len(of.rows)/3 {
		l.p.Add(at, "wants a target of classes, and %q has %d different values in %d rows", c.Name, n, len(of.rows))
		return nil
	}
	return classes
}

// fit learns the schema from the training rows. Inputs with mistakes are left out of it.
func (l *loader) fit(columns *resolved, main *Table, rows []int32) *Schema {
	s := &Schema{Weight: l.settings.Weight, Format: Reader{l.settings.Format}}
	f := &fitting{l: l, rows: rows}
	for _, in := range columns.inputs {
		if in.bad {
			continue
		}
		f.path = in.path
		if e := in.kind.fit(f, in.columns); e != nil {
			var names []string
			for _, c := range in.columns {
				names = append(names, c.Name)
			}
			s.Inputs = append(s.Inputs, Input{Name: in.name, Columns: names, Encoder: e})
		}
	}
	l.noteNumbers()
	for _, t := range columns.targets {
		if t.column == nil {
			continue
		}
		f.path = t.path
		if t.column.Pixels != nil {
			l.p.Add(t.path, "column %q holds pictures, which cannot be a target", t.column.Name)
		} else if e := t.kind.fit(f, t.column); e != nil {
			s.Target.Names = append(s.Target.Names, t.column.Name)
			s.Target.Columns = append(s.Target.Columns, TargetColumn{e})
		}
	}
	if len(s.Target.Columns) > 0 {
		s.Target.settle()
		kinds := map[string]bool{}
		for _, c := range s.Target.Columns {
			kinds[c.Encoder.kind()] = true
		}
		switch {
		case len(kinds) > 1:
			l.p.Add(root+".target", "several targets must be all numbers or all binaries")
		case s.Target.Kind == "category" && len(s.Target.Columns) > 1:
			l.p.Add(root+".target", "several targets must be all numbers or all binaries; of categories there can be only one")
		}
	}
	s.assemble()
	for i, b := range s.Blocks {
		if b.Name == featuresBlock && s.Blocks[0].Name == featuresBlock && i > 0 {
			l.p.Add(root+".inputs", "the name %q is taken by the block of all float columns; give the input another name", b.Name)
		}
	}
	return s
}

// complete reports whether everything the columns ask for was fitted, so that rows can be encoded.
func (s *Schema) complete(columns *resolved) bool {
	if len(s.Inputs) != len(columns.inputs) || len(s.Target.Columns) != len(columns.targets) || len(s.Inputs) == 0 || len(s.Target.Columns) == 0 || columns.broken {
		return false
	}
	for _, in := range columns.inputs {
		if in.bad {
			return false
		}
	}
	for i, c := range s.Target.Columns {
		if c.Encoder.kind() != s.Target.Kind || columns.targets[i].column == nil {
			return false
		}
	}
	return s.Target.Kind != "category" || len(s.Target.Columns) == 1
}

// encode makes the parts.
func (l *loader) encode(d *Data, columns *resolved, parts map[string]selection) {
	stores := map[*Table]*store{}
	for _, name := range partNames {
		part, ok := parts[name]
		if !ok {
			continue
		}
		st := stores[part.table]
		if st == nil {
			st = &store{width: d.Schema.cells, table: part.table, cells: make([]uint32, part.table.Rows*d.Schema.cells)}
			stores[part.table] = st
			own := columns.in(part.table)
			for _, cs := range own.inputs {
				st.pixels = append(st.pixels, cs[0].Pixels)
			}
		}
		l.encodeRows(d.Schema, st, columns, part.rows)
		made := &Part{schema: d.Schema, store: st, rows: part.rows}
		switch name {
		case "train":
			d.Train = made
		case "validation":
			d.Validation = made
		case "test":
			d.Test = made
		}
	}
	for t := range stores { // the fields are in the cells now
		t.Columns = nil
	}
}

// encodeRows encodes some rows of a table into its store. A field that cannot be encoded is a mistake.
func (l *loader) encodeRows(s *Schema, st *store, columns *resolved, rows []int32) {
	own := columns.in(st.table)
	enc := s.rowEncoder(true)
	bad := func(row int32, path, name, text string) {
		l.mistake(path, fmt.Sprintf("column %q", name), st.table.place(row), fmt.Sprintf("column %q: %s", name, text))
	}
	fields := make([]string, s.maxFields)
	for _, row := range rows {
		cells := st.cells[int(row)*st.width : int(row+1)*st.width]
		for i := range s.Inputs {
			if s.Inputs[i].fields == nil {
				continue
			}
			cs := own.inputs[i]
			for k, c := range cs {
				fields[k] = c.field(row)
			}
			if e := enc.input(i, fields[:len(cs)], cells); e != nil {
				bad(row, columns.inputs[i].path, cs[e.field].Name, e.text)
			}
		}
		for k, c := range own.targets {
			if e := enc.target(k, c.field(row), cells); e != nil {
				bad(row, columns.targets[k].path, c.Name, e.text)
			}
		}
		weight := ""
		if own.weight != nil {
			weight = own.weight.field(row)
		}
		if e := enc.weight(weight, cells); e != nil {
			bad(row, root+".weight", s.Weight, e.text)
		}
	}
}
