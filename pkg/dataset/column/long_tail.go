package column

import (
	"math"
	"slices"

	"dnn/internal/exact"
	"dnn/internal/phrase"
)

// skewed is the skewness from which on a target has a long tail, and farFromOne how large numbers are that nets learn badly as they
// are: a step of Adam changes an output by about the learning rate.
const (
	skewed     = 2
	farFromOne = 100
)

// shape is what numbers look like.
type shape struct {
	count                      int
	low, high, mean, deviation float64
	skewness, skewnessOfLogs   float64 // the second of log(1 + x) where some are 0, and only where none is below
}

// shapeOf looks at numbers.
func shapeOf(numbers []float64) shape {
	s := shape{count: len(numbers), low: slices.Min(numbers), high: slices.Max(numbers)}
	s.mean, s.deviation, s.skewness = moments(numbers)
	if s.low >= 0 {
		logs := make([]float64, len(numbers))
		for i, x := range numbers {
			if logs[i] = exact.Log1p(x); s.low > 0 {
				logs[i] = exact.Log(x)
			}
		}
		_, _, s.skewnessOfLogs = moments(logs)
	}
	return s
}

// moments returns mean, standard deviation and skewness; a skewness of 0 where all numbers are the same.
func moments(numbers []float64) (mean, deviation, skewness float64) {
	n := float64(len(numbers))
	for _, x := range numbers {
		mean += x / n
	}
	second, third := 0.0, 0.0
	for _, x := range numbers {
		d := x - mean
		second += float64(d * d / n)
		third += float64(d * d * d / n)
	}
	deviation = math.Sqrt(second)
	if deviation > 1e-12*math.Abs(mean) && second > 0 {
		skewness = third / (second * deviation)
	}
	return mean, deviation, skewness
}

// longTail reports whether numbers are none below 0, have a long tail, and a logarithm makes them at least half as skewed.
func (s *shape) longTail() bool {
	return s.count >= fewRows && s.low >= 0 && s.skewness > skewed && math.Abs(s.skewnessOfLogs) < s.skewness/2
}

// autoScale chooses the scale of a column of an input, and notes the choice where it is not the usual one.
func autoScale(f *Fitting, name string, numbers []float64) string {
	s := shapeOf(numbers)
	if !s.longTail() {
		return "zscore"
	}
	f.Note("%s: normalize: log1p_zscore, since it has a long tail (skewness %.1f)", name, s.skewness)
	return "log1p_zscore"
}

// warnScale warns of a target that is the same everywhere, or that is learned on a scale that suits it badly.
func warnScale(f *Fitting, name, normalize string, s shape, learned *Scaling) {
	switch {
	case s.low == s.high:
		f.Warn("the target %s is the same in all rows of the training split", name)
		return
	case normalize == "none" && (s.deviation > farFromOne || math.Abs(s.mean) > farFromOne):
		f.Warn("the target %s is learned as it is (normalize: none), though its numbers are large (%s on average, deviation %s); normalize: zscore learns them on a common scale, with the same units in predictions and metrics",
			name, phrase.Number(s.mean), phrase.Number(s.deviation))
	case learned.Linear() && s.longTail():
		log := "log_zscore"
		if s.low == 0 {
			log = "log1p_zscore"
		}
		f.Note("the target %s has a long tail (skewness %.1f, no number below 0); normalize: %s learns its logarithm, so that errors count by their ratio", name, s.skewness, log)
	}
	if learned.Linear() {
		f.Findings.Spreads = append(f.Findings.Spreads, Spread{name, s.deviation / learned.Scale})
	}
}

// Spread is the standard deviation of a target on the scale that it is learned on.
type Spread struct {
	name      string
	deviation float64
}

// WarnSpreads warns of targets that are learned on very different scales: the loss is that of the largest alone.
func (f *Findings) WarnSpreads() {
	if len(f.Spreads) < 2 {
		return
	}
	by := func(a, b Spread) int {
		if a.deviation < b.deviation {
			return -1
		}
		return 1
	}
	small, large := slices.MinFunc(f.Spreads, by), slices.MaxFunc(f.Spreads, by)
	if large.deviation > farFromOne*small.deviation {
		f.Notes.Warn("", "the targets %s and %s are learned on very different scales (deviations %s and %s), so the loss is mostly that of %s; leave normalize: none out, so that each has its own scale",
			small.name, large.name, phrase.Number(small.deviation), phrase.Number(large.deviation), large.name)
	}
}
