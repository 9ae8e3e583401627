package dataset

import (
	"fmt"
	"slices"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/format"
	"dnn/pkg/dataset/table"
)

// shareTimed shares out the rows of tables in which they follow one another in time. The splits are runs of rows in
// each group; a row belongs to the split that all its targets lie in, and its window may look back into the split before.
// Rows without a whole history or with targets in two splits are left out.
func (l *splitter) shareTimed(tables map[string]*table.Table, main *table.Table, columns *resolved) map[string]selection {
	parts := map[string]selection{}
	back, ahead := l.reach(columns)
	for _, name := range format.Splits {
		if t := tables[name]; t != nil {
			parts[name] = selection{t, table.OwnRows(t)}
		}
	}
	split := &l.settings.Split
	if main.Key == "path" || !split.Whole() {
		delete(parts, "train")
		dealt, ok := l.dealGroups(main, columns)
		if !ok {
			dealt = [3][]int32{table.AllRows(main)}
		}
		for i, rows := range dealt {
			if len(rows) > 0 {
				parts[format.Splits[i]] = selection{main, rows}
			}
		}
	}
	l.past = parts["train"].rows
	for _, name := range format.Splits {
		if p, ok := parts[name]; ok {
			p.rows = l.whole(name, p, columns, back, ahead)
			if parts[name] = p; len(p.rows) == 0 {
				delete(parts, name)
			}
		}
	}
	if len(parts["train"].rows) == 0 {
		parts["train"] = selection{main, nil}
		l.tooFew(main, columns, back, ahead)
	}
	return parts
}

// tooFew notes that no row of the training split has a whole history and horizon, at the setting that asks for most.
func (l *splitter) tooFew(main *table.Table, columns *resolved, back, ahead int) {
	longest, facts := main.Time.Longest(l.past), l.settings.facts(l.separate)
	text := fmt.Sprintf("no row of the training split has %s before it and %s to predict (the training split has %s", phrase.Count(back, "row"), phrase.Count(ahead, "row"), phrase.Count(len(l.past), "row"))
	if longest < len(l.past) {
		text += fmt.Sprintf(", at most %d in a series", longest)
	}
	text += ")"
	at := root + "." + main.Key
	switch {
	case back+ahead <= longest: // gaps are to blame
	case back >= ahead:
		for _, in := range columns.inputs {
			if s, ok := in.kind.(column.Temporal); ok && s.Back(&facts, column.NamesOf(in.columns)) == back {
				at = in.path + ".window"
			}
		}
	default:
		for _, t := range columns.targets {
			if s, ok := t.kind.(column.Forecaster); ok && s.StepsAhead() == ahead {
				at = t.path + ".horizon"
			}
		}
	}
	l.p.Add(at, "%s", text)
}

// past are the rows of each group up to the last that has a target. Those after it, which hold what is known of the future,
// can measure nothing.
func (r *resolved) past(t *table.Table) (groups [][]int32, rows int) {
	own, all := r.in(t), table.AllRows(t)
	known := func(row int32) bool {
		return slices.ContainsFunc(own.targets, func(c *table.Column) bool { return c == nil || !c.IsText() || !c.Gap(row) })
	}
	for g := range t.Time.Groups {
		from, to := t.Time.Starts[g], t.Time.Starts[g+1]
		for to > from && !known(to-1) {
			to--
		}
		groups, rows = append(groups, all[from:to]), rows+int(to-from)
	}
	return groups, rows
}

// dealGroups deals the rows of a table, those of each group by themselves where they are dealt in order.
func (l *splitter) dealGroups(t *table.Table, columns *resolved) (parts [3][]int32, ok bool) {
	split := &l.settings.Split
	groups, known := columns.past(t)
	if future := t.Rows - known; future > 0 && known > 0 {
		l.Note("%s after the last known target are in the future, so they are in no split", phrase.Count(future, "row"))
	}
	if !split.InOrder() {
		rows := slices.Concat(groups...)
		if c := split.Counts(len(rows)); c[0] < 1 {
			l.p.Add(root+".split", "%s rows leave none for training (validation %s, test %s)", phrase.Thousands(len(rows)), phrase.Thousands(c[1]), phrase.Thousands(c[2]))
			return parts, false
		}
		l.Warn("rows are split at random, so windows of the training split contain rows that validation and test predict; split: {order: true} splits by time")
		return l.dealt(rows, nil, nil), true
	}
	for g, own := range groups {
		if len(own) == 0 && known > 0 { // nothing but a plan
			continue
		}
		if c := split.Counts(len(own)); c[0] < 1 {
			of := ""
			if len(groups) > 1 {
				of = " of " + phrase.Quote(t.Time.Groups[g])
			}
			l.p.Add(root+".split", "%s rows%s leave none for training (validation %s, test %s)", phrase.Thousands(len(own)), of, phrase.Thousands(c[1]), phrase.Thousands(c[2]))
			return parts, false
		}
		for i, some := range l.dealt(own, nil, nil) {
			parts[i] = append(parts[i], some...)
		}
	}
	if unused := known - len(parts[0]) - len(parts[1]) - len(parts[2]); unused > 0 && split.Folds == 0 {
		l.Warn("%s of %s stay unused: train, validation and test do not add up to all%s", phrase.Thousands(unused), phrase.Count(known, "row"), split.Percent())
	}
	return parts, true
}

// whole are the rows of a split that have all that they need.
func (l *splitter) whole(name string, part selection, columns *resolved, back, ahead int) []int32 {
	t := part.table
	inside := make([]bool, t.Rows)
	for _, row := range part.rows {
		inside[row] = true
	}
	complete := make([]bool, t.Rows)
	for _, row := range l.drop(t, columns, true) {
		complete[row] = true
	}
	own := columns.in(t)
	var rows []int32
	young, cut, gaps := 0, 0, 0
next:
	for _, row := range part.rows {
		from, to := t.Time.Range(row)
		if row-int32(back) < from {
			young++
			continue
		}
		for r := row; r < row+int32(ahead); r++ {
			if r >= to || !inside[r] {
				cut++
				continue next
			}
		}
		if !complete[row] || l.horizonGap(own, row, ahead) {
			gaps++
			continue
		}
		rows = append(rows, row)
	}
	if young > 0 {
		l.Note("%s: %s left out because they do not have %s before them", name, phrase.Count(young, "row"), phrase.Count(back, "row"))
	}
	if cut > 0 {
		l.Note("%s: %s left out because their %s to predict reach beyond the split", name, phrase.Count(cut, "row"), phrase.Count(ahead, "row"))
	}
	if gaps > 0 {
		l.Warn("%s: %s of %s left out for gaps in the rows to predict", name, phrase.Thousands(gaps), phrase.Count(len(part.rows), "row"))
	}
	return rows
}

// horizonGap reports whether one of the values that a row is to predict is missing.
func (l *splitter) horizonGap(own *tableColumns, row int32, ahead int) bool {
	for i, c := range own.targets {
		if _, series := l.settings.Target[i].Type.(column.Forecaster); !series || c == nil || !c.IsText() {
			continue
		}
		for r := row; r < row+int32(ahead); r++ {
			if c.Gap(r) {
				return true
			}
		}
	}
	return false
}
