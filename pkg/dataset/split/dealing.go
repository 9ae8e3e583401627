package split

import (
	"dnn/internal/random"
	"dnn/pkg/spec"
	"slices"
)

// streamGrouped begins the streams of random numbers that deal groups out.
const streamGrouped = streamSplit + 1<<31

// checkFolds holds the folds against each other and against the splits that have files of their own.
func (s *Settings) checkFolds(path string, given map[string]bool, p *spec.Problems) {
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
func (s *Settings) fold(rows []int32, from int) (train, validation []int32) {
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
func (s *Settings) expanding(rows []int32) (train, validation []int32) {
	n, parts := len(rows), s.Folds+1
	from, to := n*s.Fold/parts, n*(s.Fold+1)/parts
	return rows[:from:from], rows[from:to:to]
}

// dealGroups deals whole groups: in random order each goes to test, then to validation, as long as it brings their rows
// closer to the count that they should have, and else to training. Folds get the largest groups first, each the fold with the
// fewest rows.
func (s *Settings) dealGroups(rows []int32, groups []string, counts [3]int, seed uint64) (parts [3][]int32) {
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
