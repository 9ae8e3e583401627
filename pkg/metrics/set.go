package metrics

import "dnn/pkg/task"

// statistic is what several metrics are read off: the confusion counts, the scores, the residuals. A statistic depends
// on the task alone, not on the settings of a metric; that is what lets metrics of a set share it.
type statistic interface{ Add(b Batch) }

// view is the accumulator of a metric that is read off a statistic.
type view[S statistic] struct {
	stat S
	read func(S) Result
}

func (v *view[S]) Add(b Batch)    { v.stat.Add(b) }
func (v *view[S]) Result() Result { return v.read(v.stat) }

// share takes the statistic over from the pool, or puts its own there.
func (v *view[S]) share(pool *[]statistic) {
	for _, s := range *pool {
		if s, ok := s.(S); ok {
			v.stat = s
			return
		}
	}
	*pool = append(*pool, v.stat)
}

// Set computes several metrics over the same rows. It is not safe for concurrent use.
type Set struct {
	names   []string
	metrics []interface{ Result() Result }
	feeds   []statistic       // what Add fills: shared statistics, and the accumulators that stand alone
	texts   []TextAccumulator // what AddTexts fills
}

// Named is a result with the name that reports and early stopping use.
type Named struct {
	Name   string
	Result Result
	// Signature says how it was computed, where values compare only with that said; "" for most metrics.
	Signature string
}

// NewSet returns an empty set of metrics, all of which must fit the task. Names gives their names.
func NewSet(list []Metric, t task.Head) *Set {
	s := &Set{names: Names(list)}
	for _, m := range list {
		if JudgesTexts(m, t) {
			a := m.(TextMetric).NewTexts()
			s.metrics, s.texts = append(s.metrics, a), append(s.texts, a)
			continue
		}
		a := m.(RowMetric).New(t)
		s.metrics = append(s.metrics, a)
		if v, ok := a.(interface{ share(*[]statistic) }); ok {
			v.share(&s.feeds)
		} else {
			s.feeds = append(s.feeds, a)
		}
	}
	return s
}

// Add takes the rows of a batch.
func (s *Set) Add(b Batch) {
	for _, f := range s.feeds {
		f.Add(b)
	}
}

// JudgesTexts reports whether any of the metrics takes texts. Without them its value is NaN.
func (s *Set) JudgesTexts() bool { return len(s.texts) > 0 }

// AddTexts takes texts that the net wrote. They may be those of other rows than Add takes.
func (s *Set) AddTexts(t Texts) {
	for _, a := range s.texts {
		a.AddTexts(t)
	}
}

// Results returns the value of each metric over all rows so far, in the order of the list.
func (s *Set) Results() []Named {
	out := make([]Named, len(s.metrics))
	for i, m := range s.metrics {
		out[i] = Named{Name: s.names[i], Result: m.Result()}
		if m, ok := m.(signer); ok {
			out[i].Signature = m.signature()
		}
	}
	return out
}

// Confusion returns the confusion counts when some metric of the set is read off them, else nil.
func (s *Set) Confusion() *Confusion {
	for _, f := range s.feeds {
		if c, ok := f.(*Confusion); ok {
			return c
		}
	}
	return nil
}
