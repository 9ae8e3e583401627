package dataset

import (
	"slices"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/format"
	"dnn/pkg/dataset/table"
	"dnn/pkg/spec"
)

// share drops rows with gaps that ask for it, and shares out the rest among the splits.
func (l *splitter) share(tables map[string]*table.Table, main *table.Table, columns *resolved) map[string]selection {
	if l.settings.timed() && main.Time != nil {
		return l.shareTimed(tables, main, columns)
	}
	parts := map[string]selection{}
	for _, part := range []string{"", "train", "validation", "test"} {
		if t := tables[part]; t != nil {
			parts[part] = selection{t, l.drop(t, columns, false)}
		}
	}
	whole, given := parts[""]
	key := root + "." + main.Key
	if !given {
		whole = parts["train"]
		if l.settings.Split.Whole() {
			l.someRows(whole, key)
			return parts
		}
	}
	if !l.someRows(whole, key) {
		return parts
	}
	counts := l.settings.Split.Counts(len(whole.rows))
	if folds := l.settings.Split.Folds; folds > 0 && counts[0] < folds {
		l.p.Add(root+".split.folds", "%s leave less than one row for each of %d folds", phrase.Count(len(whole.rows), "row"), l.settings.Split.Folds)
		parts["train"] = whole
		return parts
	}
	if counts[0] < 1 {
		l.p.Add(root+".split", "%s rows leave none for training (validation %s, test %s)", phrase.Thousands(len(whole.rows)), phrase.Thousands(counts[1]), phrase.Thousands(counts[2]))
		parts["train"] = whole
		return parts
	}
	var classes []string
	if l.stratifies(whole, columns) {
		classes = l.classes(whole, columns)
	}
	delete(parts, "")
	dealt := l.dealt(whole.rows, classes, l.groups(whole))
	for i, name := range format.Splits {
		if len(dealt[i]) > 0 {
			parts[name] = selection{main, dealt[i]}
		} else if share := l.asked()[i]; share != nil && *share > 0 {
			l.tiny = append(l.tiny, name)
			l.Note("the %s split is empty: its share of %s is less than one row", name, phrase.Count(len(whole.rows), "row"))
		}
	}
	if unused := len(whole.rows) - len(dealt[0]) - len(dealt[1]) - len(dealt[2]); unused > 0 && l.settings.Split.Folds == 0 {
		l.Warn("%s of %s stay unused: train, validation and test do not add up to all%s", phrase.Thousands(unused), phrase.Count(len(whole.rows), "row"), l.settings.Split.Percent())
	}
	return parts
}

// asked are the shares that the spec asks for beyond training.
func (l *splitter) asked() [3]*float64 {
	if l.joined {
		return [3]*float64{nil, nil, l.settings.Split.Test}
	}
	return [3]*float64{nil, l.settings.Split.Validation, l.settings.Split.Test}
}

// tellEmpty warns of splits that were asked for and have no row: a horizon, or windows, may take more rows than a split has.
func (l *splitter) tellEmpty(d *Data) {
	for i, share := range l.asked() {
		if share == nil || *share == 0 || d.Part(format.Splits[i]) != nil && d.Part(format.Splits[i]).Rows() > 0 {
			continue
		}
		if !slices.Contains(l.tiny, format.Splits[i]) {
			l.Warn("the %s split has no row: its share of the rows is shorter than a window and a horizon", format.Splits[i])
		}
	}
}

// someRows reports whether there are rows to train on, or else notes why not.
func (l *splitter) someRows(whole selection, key string) bool {
	if len(whole.rows) == 0 {
		l.p.Add(key, "no row is left: the target, or an input with missing: drop_row, is missing in each")
	}
	return len(whole.rows) > 0
}

// selection is some rows of a table, in their order.
type selection struct {
	table *table.Table
	rows  []int32
}

// drop leaves out the rows in which a target is missing, or an input that says missing: drop_row. Quiet, it notes nothing.
func (l *splitter) drop(t *table.Table, columns *resolved, quiet bool) []int32 {
	rows := make([]int32, 0, t.Rows)
	noTarget, noInput := 0, map[string]int{}
	own := columns.in(t)
	odd := l.oddSequences(t, columns, own)
	var choosy []int // inputs that may leave out a row
	for i, in := range columns.inputs {
		if cs := own.inputs[i]; in.kind.Drops() || len(cs) == 1 && cs[0] != nil && !cs[0].IsText() {
			choosy = append(choosy, i)
		}
	}
next:
	for row := range int32(t.Rows) {
		if odd[row] != "" {
			continue
		}
		for _, c := range own.targets {
			if c != nil && c.IsText() && c.Gap(row) {
				noTarget++
				continue next
			}
		}
		for _, i := range choosy {
			in := columns.inputs[i]
			if cs := own.inputs[i]; len(cs) == 1 && cs[0] != nil && !cs[0].IsText() && cs[0].Content.Lacks(row) {
				continue next // on_error: skip, as was noted
			}
			if !in.kind.Drops() {
				continue
			}
			for _, c := range own.inputs[i] {
				if c != nil && c.IsText() && c.Gap(row) {
					noInput[in.name]++
					continue next
				}
			}
		}
		rows = append(rows, row)
	}
	if quiet {
		return rows
	}
	where := t.Prefix()
	if noTarget > 0 {
		tell := l.Note
		if noTarget*2 > t.Rows {
			tell = l.Warn
		}
		tell("%s%s without a target left out", where, phrase.Count(noTarget, "row"))
	}
	for _, in := range columns.inputs {
		if n := noInput[in.name]; n > 0 {
			why := "missing: drop_row"
			if _, series := in.kind.(column.Temporal); series {
				why = "on_error: skip"
			}
			l.Note("%s%s without %s left out (%s)", where, phrase.Count(n, "row"), in.name, why)
		}
	}
	return rows
}

// stratified is the target whose classes a stratified split shares out.
func (l *loader) stratified(columns *resolved, at string) (target resolvedTarget, ok bool) {
	name := l.settings.Split.Stratify.Target
	if name == "" && len(columns.targets) == 1 {
		return columns.targets[0], true
	}
	var names []string
	for _, t := range columns.targets {
		if t.column == nil {
			return target, false // a mistake that was noted
		}
		if names = append(names, t.column.Name); t.column.Name == name {
			return t, true
		}
	}
	if name == "" {
		l.p.Add(at, "there are %d targets: name the one of classes, as in stratify: %s", len(names), names[0])
	} else {
		l.p.Add(at, "no target is called %q%s", name, spec.DidYouMean(name, names))
	}
	return target, false
}

// classes returns the class of each row for a stratified split, or nil with a mistake noted.
func (l *splitter) classes(of selection, columns *resolved) []string {
	at := root + ".split.stratify"
	target, ok := l.stratified(columns, at)
	if !ok {
		return nil
	}
	c := target.column
	if c == nil {
		return nil
	}
	if e := target.kind.Encoder(); e != nil && e.Kind() == "number" {
		l.p.Add(at, "expects a target of classes, but %q is a number", c.Name)
		return nil
	}
	if _, isList := target.kind.(column.Stepwise); isList {
		l.p.Add(at, "expects a target of classes, but %q lists several for each row", c.Name)
		return nil
	}
	classes := make([]string, len(of.rows))
	distinct := map[string]bool{}
	for i, r := range of.rows {
		classes[i] = c.Field(r)
		distinct[classes[i]] = true
	}
	if n := len(distinct); n > 100 && n > len(of.rows)/3 {
		l.p.Add(at, "expects a target of classes, but %q has %d different values in %d rows", c.Name, n, len(of.rows))
		return nil
	}
	return classes
}
