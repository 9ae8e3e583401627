package dataset

import (
	"slices"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/table"
)

// dealt deals rows as the split says. Joined, the rows of validation are rows of training.
func (l *loader) dealt(rows []int32, classes, groups []string) [3][]int32 {
	parts := l.settings.Split.Deal(rows, classes, groups, l.seed)
	if l.joined {
		parts[0] = slices.Sorted(slices.Values(slices.Concat(parts[0], parts[1])))
		parts[1] = nil
	}
	return parts
}

// groups returns the group of each row, nil unless groups stay together, or with a mistake noted.
func (l *splitter) groups(of selection) []string {
	split := &l.settings.Split
	if split.Group == "" {
		return nil
	}
	at := root + ".split.group"
	c := (&resolver{l.loader, table.ByName(of.table)}).find(of.table, at, split.Group)
	if c == nil || !c.IsText() {
		return nil
	}
	list, distinct := make([]string, len(of.rows)), map[string]bool{}
	for i, row := range of.rows {
		list[i] = c.Field(row)
		distinct[list[i]] = true
	}
	if least := max(split.Folds, 2); len(distinct) < least {
		l.p.Add(at, "%q has %s, fewer than %s", split.Group, phrase.Count(len(distinct), "value"), phrase.Count(least, "split"))
		return nil
	}
	return list
}

// stratifies reports whether rows are dealt out class by class: where the spec says so and, into folds, where the only target
// has values each of which has as many rows as there are folds, on average.
func (l *splitter) stratifies(of selection, columns *resolved) bool {
	split := &l.settings.Split
	if split.Stratify.On || split.Folds == 0 || split.InOrder() || split.Group != "" || len(columns.targets) != 1 {
		return split.Stratify.On
	}
	c := columns.targets[0].column
	if c == nil || !c.IsText() {
		return false
	}
	if e := columns.targets[0].kind.Encoder(); e != nil && e.Kind() == "number" {
		return false
	}
	distinct := map[string]bool{}
	for _, row := range of.rows {
		distinct[c.Field(row)] = true
	}
	return len(distinct)*split.Folds <= len(of.rows)
}
