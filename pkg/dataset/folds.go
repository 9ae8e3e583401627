package dataset

import (
	"slices"

	"dnn/internal/phrase"
	"dnn/internal/random"
	"dnn/pkg/dataset/table"
	"dnn/pkg/spec"
)

// streamGrouped begins the streams of random numbers that deal groups out.
const streamGrouped = streamSplit + 1<<31

// checkFolds holds the folds against each other and against the splits that have files of their own.
func (s *Split) checkFolds(path string, given map[string]bool, p *spec.Problems) {
	switch {
	case s.Folds == 0 && s.Fold > 0:
		p.Add(path+".fold", "needs folds: how many there are")
	case s.Folds > 0 && s.Fold == 0:
		p.Add(path+".folds", "needs fold, which of them is the validation split; dnn train --folds %d trains a net for each", s.Folds)
	case s.Fold > s.Folds:
		p.Add(path+".fold", "is %d of %d folds", s.Fold, s.Folds)
	case s.Folds > 0 && given["validation"]:
		p.Add(path+".folds", "the validation split has its own file, and with folds it is one of them: leave dataset.validation out")
	}
}

// fold takes the rows of one fold out of others. Rows are dealt to the folds in turn, from the fold at which earlier ones ended.
// The only row of a class stays in the training split.
func (s *Split) fold(rows []int32, from int) (train, validation []int32) {
	for i, row := range rows {
		if (from+i)%s.Folds == s.Fold-1 && len(rows) > 1 {
			validation = append(validation, row)
		} else {
			train = append(train, row)
		}
	}
	return train, validation
}

// expanding cuts rows in their order into one part more than there are folds. The parts before a fold train it.
func (s *Split) expanding(rows []int32) (train, validation []int32) {
	n, parts := len(rows), s.Folds+1
	from, to := n*s.Fold/parts, n*(s.Fold+1)/parts
	return rows[:from:from], rows[from:to:to]
}

// dealGroups deals whole groups: in random order each goes to test, then to validation, as long as it brings their rows
// closer to the count that they should have, and else to training. Folds get the largest groups first, each the fold with the
// fewest rows.
func (s *Split) dealGroups(rows []int32, groups []string, counts [3]int, seed uint64) (parts [3][]int32) {
	members := map[string][]int32{}
	var names []string
	for i, row := range rows {
		if members[groups[i]] == nil {
			names = append(names, groups[i])
		}
		members[groups[i]] = append(members[groups[i]], row)
	}
	places := make([]int32, len(names))
	for i := range places {
		places[i] = int32(i)
	}
	random.Shuffle(places, random.New(seed, streamGrouped))
	left := make([][]int32, len(places))
	for i, place := range places {
		left[i] = members[names[place]]
	}
	for _, to := range []int{2, 1} {
		var rest [][]int32
		for _, group := range left {
			if over := len(parts[to]) + len(group) - counts[to]; over < counts[to]-len(parts[to]) && len(left) > 1 {
				parts[to] = append(parts[to], group...)
			} else {
				rest = append(rest, group)
			}
		}
		if left = rest; len(parts[to]) == 0 && counts[to] > 0 && len(left) > 1 { // all are larger than what it should have
			i := shortest(left)
			parts[to], left = slices.Clone(left[i]), slices.Delete(left, i, i+1)
		}
	}
	if s.Folds > 0 {
		folds := make([][]int32, s.Folds)
		slices.SortStableFunc(left, func(a, b []int32) int { return len(b) - len(a) })
		for _, group := range left {
			i := shortest(folds)
			folds[i] = append(folds[i], group...)
		}
		parts[1] = folds[s.Fold-1]
		left = slices.Delete(folds, s.Fold-1, s.Fold)
	}
	parts[0] = slices.Concat(left...)
	for i := range parts {
		slices.Sort(parts[i])
	}
	return parts
}

// shortest is the place of the first of the lists with the fewest rows.
func shortest(lists [][]int32) (at int) {
	for i := range lists {
		if len(lists[i]) < len(lists[at]) {
			at = i
		}
	}
	return at
}

// dealt deals rows as the split says. Joined, the rows of validation are rows of training.
func (l *loader) dealt(rows []int32, classes, groups []string) [3][]int32 {
	parts := l.settings.Split.deal(rows, classes, groups, l.seed)
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
	if split.Stratify.On || split.Folds == 0 || split.inOrder() || split.Group != "" || len(columns.targets) != 1 {
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
