package split

import (
	"dnn/internal/random"
	"dnn/pkg/dataset/format"
	"dnn/pkg/spec"
	"fmt"
	"math"
	"slices"
	"strings"
)

// streamSplit begins the streams of random numbers that deal rows out.
const streamSplit = 2 << 32

// Settings say how rows are shared out. Numbers below 1 are shares of the rows, whole numbers are rows. What is left out of
// train, validation and test is the training split when train is absent, and else stays unused.
//
// Without shares: 0.8, 0.1 and 0.1 of one file; of official splits for training and test alone, a tenth of
// the training split is for validation.
type Settings struct {
	Train      *float64 `range:"(0,)" doc:"share (below 1) or number of the rows for training (default: the rest)"`
	Validation *float64 `range:"[0,)" doc:"share or number of the rows for validation; official splits: taken from train (default of official splits for training and test alone: 0.1; 0: none)"`
	Test       *float64 `range:"[0,)" doc:"share or number of the rows for the test; official splits: taken from train"`
	Stratify   Stratify `default:"false" doc:"give every split the same shares of the target's classes, up to rounding; the training split has a row of every class. With several targets: the name of the one whose classes to use"`
	Order      *bool    `doc:"split the rows in their order, per group: training first, then validation, then test; false: at random (default: false, but true if inputs are windows or the target is a series)"`
	Seed       *uint64  `doc:"seed of the random split (default: the spec's seed)"`
	Group      string   `scalar:"any" doc:"column whose rows with the same value all go to the same split, such as a patient or a shop; it is no input unless it is named as one"`
	Folds      int      `range:"[2,)" default:"0" doc:"cut the rows that test leaves into so many folds, one of which is the validation split and the others the training split; rows of classes are dealt out class by class. In order: into one part more, and each fold follows the parts that it is trained on. train and validation are not used then. dnn train --folds trains a net for each fold (default: none)"`
	Fold       int      `range:"[1,)" default:"0" doc:"the fold that is the validation split, from 1; only with folds"`

	byDefault bool // validation is what the default takes from an official training split
	resolved  bool // order was given, as in a resolved spec
}

// defaultValidation is the share of an official training split that is the validation split where there is no other.
const defaultValidation = 0.1

// ByDefault reports whether the validation split is taken from an official training split without being asked for.
func (s *Settings) ByDefault() bool { return s.byDefault }

// KeepResolved takes the default back that a resolved spec of an earlier version does not know: its official splits stay as they
// were.
func (s *Settings) KeepResolved() {
	if s.byDefault && s.resolved {
		s.Validation, s.byDefault = nil, false
	}
}

// Resolve checks the split against the splits that have files of their own, and makes the default visible. A split with
// mistakes splits as by default, so that no split seems to lack what it would have.
func (s *Settings) Resolve(path string, given map[string]bool, timed bool, p *spec.Problems) {
	if !p.Under(path) {
		s.check(path, given, timed, p)
	}
	if p.Under(path) {
		*s = Settings{Stratify: s.Stratify, Seed: s.Seed}
	}
	asked := s.Train != nil || s.Validation != nil
	if s.Folds > 0 {
		s.Train, s.Validation = nil, nil
	}
	s.resolved = s.Order != nil
	if s.Order == nil {
		order := timed && !s.Stratify.On
		s.Order = &order
	}
	if given[""] && s.Train == nil && s.Validation == nil && s.Test == nil && !asked {
		train, validation, test := 0.8, 0.1, 0.1
		if s.Folds > 0 {
			s.Test = &test
			return
		}
		s.Train, s.Validation, s.Test = &train, &validation, &test
	}
	if given["train"] && given["test"] && !given["validation"] && s.Folds == 0 && s.Train == nil && s.Validation == nil && s.Test == nil {
		validation := defaultValidation
		s.Validation, s.byDefault = &validation, true
	}
}

func (s *Settings) check(path string, given map[string]bool, timed bool, p *spec.Problems) {
	if s.Stratify.On && s.InOrder() {
		p.Add(path, "stratify and order cannot be used together: rows in their order cannot be chosen by class")
	}
	if s.Group != "" && (s.Stratify.On || s.InOrder() || timed) {
		p.Add(path+".group", "is for rows that are dealt out at random, group by group: leave out stratify and order; several series in one table are told apart by dataset.group")
	}
	s.checkFolds(path, given, p)
	sum := 0.0
	for i, share := range [3]*float64{s.Train, s.Validation, s.Test} {
		at := path + "." + format.Splits[i]
		switch {
		case share == nil:
			continue
		case *share > 1 && *share != math.Trunc(*share):
			p.Add(at, "expected a share below 1 or a whole number of rows, got %v", *share)
		case !given[""] && i == 0:
			p.Add(at, "the training split has its own file; training uses the rows that validation and test leave")
		case i == 0 && *share == 1:
			p.Add(at, "1 is a single row; leave train out to use all rows that validation and test leave")
		case given[format.Splits[i]]:
			p.Add(at, "the %s split has its own file already", format.Splits[i])
		}
		if *share < 1 {
			sum += *share
		}
	}
	if sum > 1+1e-9 || s.Train == nil && sum >= 1 {
		p.Add(path, "the shares add up to %v; nothing is left for training", round(sum, 6))
	}
}

// InOrder reports whether rows are cut in their order.
func (s *Settings) InOrder() bool { return s.Order != nil && *s.Order }

// Whole reports whether nothing is taken out of a table.
func (s *Settings) Whole() bool { return s.Validation == nil && s.Test == nil && s.Folds == 0 }

func round(x float64, digits int) float64 {
	f := math.Pow10(digits)
	return math.Round(x*f) / f
}

// Counts turns the shares of n rows into rows of training, validation and test.
func (s *Settings) Counts(n int) [3]int {
	want := func(share *float64) int {
		switch {
		case share == nil:
			return 0
		case *share < 1:
			return int(math.Round(*share * float64(n)))
		}
		return int(*share)
	}
	c := [3]int{0, want(s.Validation), want(s.Test)}
	c[0] = n - c[1] - c[2]
	if s.Train != nil && !s.wholeByShares() {
		c[0] = min(c[0], want(s.Train))
	}
	return c
}

// Percent asks, of whole numbers that add up to 100, whether shares were meant.
func (s *Settings) Percent() string {
	sum, shares := 0.0, []string(nil)
	for i, share := range []*float64{s.Train, s.Validation, s.Test} {
		if share != nil {
			sum += *share
			shares = append(shares, fmt.Sprintf("%s: %v", format.Splits[i], round(*share/100, 4)))
		}
	}
	if sum != 100 {
		return ""
	}
	return "; whole numbers are rows (did you mean " + strings.Join(shares, ", ") + "?)"
}

// wholeByShares reports whether the three shares add up to 1, so that rounding leaves no row out.
func (s *Settings) wholeByShares() bool {
	sum := 0.0
	for _, share := range []*float64{s.Train, s.Validation, s.Test} {
		if share != nil && *share < 1 {
			sum += *share
		}
	}
	return math.Abs(sum-1) < 1e-9
}

// Deal shares out rows (in the order of the file) into training, validation and test, each in the order of the file.
// classes[i] is the class of rows[i]; nil unless the split is stratified. groups[i] is the group of rows[i]; nil unless groups
// stay together.
func (s *Settings) Deal(rows []int32, classes, groups []string, seed uint64) [3][]int32 {
	counts := s.Counts(len(rows))
	if s.Seed != nil {
		seed = *s.Seed
	}
	order := slices.Clone(rows)
	switch {
	case groups != nil:
		return s.dealGroups(rows, groups, counts, seed)
	case classes != nil:
		return s.dealByClass(rows, classes, counts, seed)
	case !s.InOrder():
		random.Shuffle(order, random.New(seed, streamSplit))
	}
	var parts [3][]int32
	at := 0
	for i, c := range counts {
		parts[i] = order[at : at+c : at+c]
		at += c
	}
	switch {
	case s.Folds > 0 && s.InOrder():
		parts[0], parts[1] = s.expanding(parts[0])
	case s.Folds > 0:
		parts[0], parts[1] = s.fold(parts[0], 0)
	}
	for i := range parts {
		slices.Sort(parts[i])
	}
	return parts
}

// dealByClass deals each class by itself. The counts of a class are the differences of the rounded running totals, so
// that each is within one row of its exact share and the sums are the splits' own.
func (s *Settings) dealByClass(rows []int32, classes []string, counts [3]int, seed uint64) [3][]int32 {
	byClass := map[string][]int32{}
	for i, r := range rows {
		byClass[classes[i]] = append(byClass[classes[i]], r)
	}
	names := make([]string, 0, len(byClass))
	for name := range byClass {
		names = append(names, name)
	}
	slices.Sort(names)
	var parts [3][]int32
	running, folded := 0, 0
	n := float64(len(rows))
	for k, name := range names {
		members := byClass[name]
		random.Shuffle(members, random.New(seed, streamSplit+1+uint64(k)))
		var take [3]int
		for i := range take {
			share := float64(counts[i]) / n
			take[i] = int(math.Round(share*float64(running+len(members)))) - int(math.Round(share*float64(running)))
		}
		running += len(members)
		settle(&take, len(members), counts[0]+counts[1]+counts[2] == len(rows))
		if s.Folds > 0 {
			train, validation := s.fold(members[:take[0]], folded)
			folded += take[0]
			parts[0], parts[1] = append(parts[0], train...), append(parts[1], validation...)
			parts[2] = append(parts[2], members[take[0]:take[0]+take[2]]...)
			continue
		}
		at := 0
		for i, c := range take {
			parts[i] = append(parts[i], members[at:at+c]...)
			at += c
		}
	}
	for i := range parts {
		slices.Sort(parts[i])
	}
	return parts
}

// settle makes the counts of one class fit its n rows: all of them are used when whole, and one is for training.
func settle(take *[3]int, n int, whole bool) {
	if whole {
		take[0] = n - take[1] - take[2]
	}
	take[0] = max(take[0], 1)
	for take[0]+take[1]+take[2] > n {
		if take[2] >= take[1] {
			take[2]--
		} else {
			take[1]--
		}
	}
}

// Stratify says by whose classes a split is stratified: those of the only target, or those of a target that it names.
type Stratify struct {
	On     bool
	Target string // "": the only one
}

// UnmarshalSpec reads true, false or the name of a target.
func (s *Stratify) UnmarshalSpec(n *spec.Node, p *spec.Problems) {
	if text, ok := n.Scalar(); ok && n.IsString() && text != "" {
		*s = Stratify{true, text}
		return
	}
	s.Target = ""
	n.Into(&s.On, p)
}

// MarshalSpec writes what was given.
func (s Stratify) MarshalSpec() any {
	if s.Target != "" {
		return s.Target
	}
	return s.On
}

// DescribeSpec says what the setting takes.
func (Stratify) DescribeSpec() string { return "true | false | text" }
