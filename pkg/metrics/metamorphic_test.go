package metrics

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"dnn/pkg/spec"
	"dnn/pkg/task"
)

// rows picks rows of a batch, in the order given, into a new one.
func rows(t task.Head, b Batch, pick []int) Batch {
	n := columns(t)
	out := Batch{Rows: len(pick)}
	for _, i := range pick {
		out.Pred = append(out.Pred, b.Pred[i*n:(i+1)*n]...)
		if b.Labels != nil {
			out.Labels = append(out.Labels, b.Labels[i*n:(i+1)*n]...)
		}
		if b.Class != nil {
			out.Class = append(out.Class, b.Class[i])
		}
		if b.Weight != nil {
			out.Weight = append(out.Weight, b.Weight[i])
		}
	}
	return out
}

// eachReference calls f for the rows of every reference case that stand alone, with the metrics of the case and those of
// all other kinds that fit it.
func eachReference(t *testing.T, f func(t *testing.T, c refCase, m Metric, whole Result)) {
	for _, c := range loadCases(t) {
		if c.Steps != nil {
			continue
		}
		t.Run(c.Name, func(t *testing.T) {
			seen := map[string]bool{}
			for _, e := range c.Expect {
				m := parse(t, e.Metric)[0]
				seen[spec.KeyOf(m)] = true
				f(t, c, m, compute(m, c.task(), c.batch()))
			}
			for _, key := range Registry.Keys() {
				if m := withDefaults(key); !seen[key] && m.Fits(c.task()) == nil {
					f(t, c, m, compute(m, c.task(), c.batch()))
				}
			}
		})
	}
}

func count(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

// TestBatchSize: the cut into batches changes no bit, and asking in between does no harm.
func TestBatchSize(t *testing.T) {
	eachReference(t, func(t *testing.T, c refCase, m Metric, whole Result) {
		for _, size := range []int{1, 3, 7} {
			a := m.(RowMetric).New(c.task())
			for lo := 0; lo < c.Rows; lo += size {
				a.Add(rows(c.task(), c.batch(), count(c.Rows)[lo:min(lo+size, c.Rows)]))
				a.Result()
			}
			a.Add(Batch{})
			if got := a.Result(); !identical(got, whole) {
				t.Errorf("%T in batches of %d: %v, at once %v", m, size, got.value(), whole.value())
			}
		}
	})
}

func identical(a, b Result) bool { return near(a.value(), b.value(), 0) }

func TestOrder(t *testing.T) {
	eachReference(t, func(t *testing.T, c refCase, m Metric, whole Result) {
		shuffled := rand.New(rand.NewPCG(1, 2)).Perm(c.Rows)
		if got := compute(m, c.task(), rows(c.task(), c.batch(), shuffled)); !near(got.value(), whole.value(), 1e-12) {
			t.Errorf("%T of shuffled rows: %v, in order %v", m, got.value(), whole.value())
		}
	})
}

// TestWeight: a weight of 2 is the row twice, and a weight of 1 is no weight. One row is a case of its own: r2 of it is
// undefined, whatever its weight.
func TestWeight(t *testing.T) {
	eachReference(t, func(t *testing.T, c refCase, m Metric, whole Result) {
		if c.Weight != nil || c.Rows < 2 {
			return
		}
		random := rand.New(rand.NewPCG(3, 4))
		var pick []int
		ones, some := c.batch(), c.batch()
		ones.Weight, some.Weight = make([]float64, c.Rows), make([]float64, c.Rows)
		for i := range c.Rows {
			times := 1 + random.IntN(2)
			ones.Weight[i], some.Weight[i] = 1, float64(times)
			for range times {
				pick = append(pick, i)
			}
		}
		if got := compute(m, c.task(), ones); !identical(got, whole) {
			t.Errorf("%T with weights of 1: %v, without %v", m, got.value(), whole.value())
		}
		weighted, doubled := compute(m, c.task(), some), compute(m, c.task(), rows(c.task(), c.batch(), pick))
		if !near(weighted.value(), doubled.value(), 1e-12) {
			t.Errorf("%T with weights of 2: %v, with rows doubled %v", m, weighted.value(), doubled.value())
		}
	})
}

// TestMixedWeights: batches without weights may follow batches with them, and the other way round.
func TestMixedWeights(t *testing.T) {
	eachReference(t, func(t *testing.T, c refCase, m Metric, whole Result) {
		if c.Weight != nil || c.Rows < 2 {
			return
		}
		for _, weighted := range []int{0, 1} {
			parts := []Batch{rows(c.task(), c.batch(), count(c.Rows)[:1]), rows(c.task(), c.batch(), count(c.Rows)[1:])}
			for range parts[weighted].Rows {
				parts[weighted].Weight = append(parts[weighted].Weight, 1)
			}
			if got := compute(m, c.task(), parts...); !identical(got, whole) {
				t.Errorf("%T with weights of 1 in batch %d: %v, without %v", m, weighted, got.value(), whole.value())
			}
		}
	})
}

// TestKeepsNothing: a caller may use its slices again after Add.
func TestKeepsNothing(t *testing.T) {
	eachReference(t, func(t *testing.T, c refCase, m Metric, whole Result) {
		b := rows(c.task(), c.batch(), count(c.Rows))
		before := rows(c.task(), b, count(c.Rows))
		a := m.(RowMetric).New(c.task())
		a.Add(b)
		if !reflect.DeepEqual(b, before) {
			t.Fatalf("%T changes its batch", m)
		}
		clear(b.Pred)
		clear(b.Labels)
		clear(b.Class)
		clear(b.Weight)
		if !identical(a.Result(), whole) {
			t.Errorf("%T keeps slices of its batch", m)
		}
	})
}
