package metrics

import (
	"cmp"
	"math"
	"slices"

	"dnn/pkg/task"
)

// scores keeps every probability with its label: areas under curves need all of them, sorted. That takes 12 bytes a row
// for a binary task, and 8 bytes a class for others (and 8 bytes a row where there are weights). Working out a result
// takes 16 bytes a row besides.
type scores struct {
	task    task.Head
	pred    []float64
	class   []int32 // binary, multi_class
	truth   []bool  // multi_label
	weight  []float64
	rows    int
	invalid bool // a prediction was not a number
}

// Add keeps the rows of a batch.
func (s *scores) Add(b Batch) {
	checkBatch(s.task, b)
	for _, p := range b.Pred {
		s.invalid = s.invalid || p != p
	}
	s.pred = append(s.pred, b.Pred...)
	if s.task.Kind == task.Labels {
		for _, t := range b.Labels {
			s.truth = append(s.truth, t != 0)
		}
	} else {
		for _, class := range b.Class {
			s.class = append(s.class, int32(class))
		}
	}
	if b.Weight != nil || s.weight != nil {
		for len(s.weight) < s.rows { // the first batch with weights
			s.weight = append(s.weight, 1)
		}
		for i := range b.Rows {
			s.weight = append(s.weight, b.weight(i))
		}
	}
	s.rows += b.Rows
}

// scored is one row as a curve sees it. The sign of the weight is that of the label: > 0 positive, < 0 negative.
type scored struct{ score, weight float64 }

// appendColumn appends the rows of one class against the rest. Rows without weight say nothing and stay out.
func (s *scores) appendColumn(list []scored, column int) []scored {
	n := columns(s.task)
	for i := range s.rows {
		w := 1.0
		if s.weight != nil {
			w = s.weight[i]
		}
		var positive bool
		switch s.task.Kind {
		case task.Labels:
			positive = s.truth[i*n+column]
		case task.Binary:
			positive = s.class[i] == 1
		default:
			positive = int(s.class[i]) == column
		}
		if !positive {
			w = -w
		}
		if w != 0 {
			list = append(list, scored{s.pred[i*n+column], w})
		}
	}
	return list
}

// totals returns the weight of positives and negatives.
func totals(list []scored) (positive, negative float64) {
	for _, s := range list {
		if s.weight > 0 {
			positive += s.weight
		} else {
			negative -= s.weight
		}
	}
	return positive, negative
}

// eachThreshold sorts by falling score and calls f with the weights of true and false positives at each distinct score.
// Rows of equal score cannot be told apart, so they enter together.
func eachThreshold(list []scored, f func(tp, fp float64)) {
	slices.SortFunc(list, func(a, b scored) int { return cmp.Compare(b.score, a.score) })
	var tp, fp float64
	for i, s := range list {
		if s.weight > 0 {
			tp += s.weight
		} else {
			fp -= s.weight
		}
		if i+1 == len(list) || list[i+1].score != s.score {
			f(tp, fp)
		}
	}
}

// CurveAveraging is the setting of metrics that are the area under a curve of one class against the rest.
type CurveAveraging struct {
	Average string `default:"auto" oneof:"auto|micro|macro|weighted|per_class" doc:"with several classes, each against the rest. macro: mean; weighted: mean weighted by the true rows of each class; micro: one curve for all classes together; per_class: one value each; auto: macro. Without effect on a binary task"`
}

// Goal is Higher for all areas under curves.
func (a *CurveAveraging) Goal() Goal {
	if a.Average == "per_class" {
		return NoGoal
	}
	return Higher
}

func (a *CurveAveraging) fits(key string, t task.Head) error {
	if a.Average == "per_class" && t.Kind == task.Binary {
		return misfit(key, "with average per_class needs several classes; %s (leave average out)", what(t))
	}
	return needsClasses(key, t)
}

// accumulate makes the accumulator for an area. The area function may reorder the list.
func (a *CurveAveraging) accumulate(t task.Head, area func(list []scored) float64) Accumulator {
	return &view[*scores]{&scores{task: t}, func(s *scores) Result { return a.result(s, area) }}
}

// result follows _average_binary_score of scikit-learn: an undefined class makes the macro mean undefined; in the
// weighted mean it has no weight and does no harm; without any positive row the weighted mean is 0.
func (a *CurveAveraging) result(s *scores, area func(list []scored) float64) Result {
	columns := columns(s.task)
	values := make([]float64, columns)
	var plain, weighted mean
	var list []scored
	for i := range columns {
		values[i] = math.NaN()
		if s.rows == 0 || s.invalid {
			continue
		}
		if a.Average != "micro" {
			list = list[:0]
		}
		list = s.appendColumn(list, i)
		if a.Average == "micro" {
			continue
		}
		values[i] = area(list)
		plain.add(values[i], 1)
		if positive, _ := totals(list); positive > 0 {
			weighted.add(values[i], positive)
		}
	}
	switch {
	case a.Average == "per_class":
		return Result{Value: math.NaN(), PerClass: values, Labels: labels(s.task)}
	case s.rows == 0 || s.invalid:
		return number(math.NaN())
	case a.Average == "micro":
		return number(area(list))
	case a.Average == "weighted" && columns > 1:
		return number(quotient(weighted.sum.value(), weighted.weight.value()))
	}
	return number(plain.value())
}
