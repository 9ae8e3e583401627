package metrics

import (
	"math"

	"dnn/pkg/task"
)

// Averaging is the setting of metrics that are defined for one class against the rest: how classes become one number.
type Averaging struct {
	Average string `default:"auto" oneof:"auto|binary|micro|macro|weighted|per_class" doc:"binary: of the positive class; micro: from counts summed over classes; macro: mean over the classes that occur; weighted: mean weighted by the true rows of each class; per_class: one value each; auto: binary where there is a positive class, else macro"`
}

// Goal is Higher for all metrics that are averaged.
func (a *Averaging) Goal() Goal {
	if a.Average == "per_class" {
		return NoGoal
	}
	return Higher
}

// fits is Fits for these metrics. In a multi_class task of two classes the second is taken as the positive one when the
// spec asks for binary.
func (a *Averaging) fits(key string, t task.Head) error {
	if err := needsClasses(key, t); err != nil {
		return err
	}
	if a.Average == "binary" && (t.Kind == task.Labels || len(labels(t)) != 2 && known(t)) {
		return misfit(key, "with average binary needs two classes; %s (try macro)", what(t))
	}
	return nil
}

// how is the average that auto stands for.
func (a *Averaging) how(t task.Head) string {
	switch {
	case a.Average != "auto" && a.Average != "":
		return a.Average
	case t.Kind == task.Binary:
		return "binary"
	}
	return "macro"
}

// ofPositives is accumulate for a ratio that says nothing of rows none of which is positive: the average binary is then
// undefined, where scikit-learn has 0 and a warning. Any net would have the same.
func (a *Averaging) ofPositives(t task.Head, ratio func(k Counts) float64) Accumulator {
	if a.how(t) != "binary" {
		return a.accumulate(t, ratio)
	}
	return a.accumulate(t, func(k Counts) float64 {
		if k.Support() == 0 {
			return math.NaN()
		}
		return ratio(k)
	})
}

// accumulate makes the accumulator for a ratio of one class's counts.
func (a *Averaging) accumulate(t task.Head, ratio func(k Counts) float64) Accumulator {
	how := a.how(t)
	return &view[*Confusion]{NewConfusion(t), func(c *Confusion) Result { return averaged(c, how, ratio) }}
}

// averaged follows precision_recall_fscore_support of scikit-learn: a class that neither occurs nor is predicted stays
// out of every average, and a weighted mean without any true row falls back to the plain one.
func averaged(c *Confusion, how string, ratio func(k Counts) float64) Result {
	counts := c.OneVsRest()
	values := make([]float64, len(counts))
	var micro Counts
	var plain, weighted mean
	for i, k := range counts {
		values[i] = math.NaN()
		if !c.Defined() {
			continue
		}
		values[i] = ratio(k)
		if c.present[i] {
			plain.add(values[i], 1)
			weighted.add(values[i], k.Support())
			micro = Counts{micro.TP + k.TP, micro.FP + k.FP, micro.FN + k.FN, micro.TN + k.TN}
		}
	}
	switch {
	case how == "per_class":
		return Result{Value: math.NaN(), PerClass: values, Labels: c.Labels()}
	case !c.Defined():
		return number(math.NaN())
	case how == "binary":
		return number(values[1])
	case how == "micro":
		return number(ratio(micro))
	case how == "weighted" && weighted.weight.value() > 0:
		return number(weighted.value())
	}
	return number(plain.value())
}

// quotient is a/b, and 0 where b is 0: zero_division=0 of scikit-learn.
func quotient(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}
