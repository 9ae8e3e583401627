package metrics

import (
	"fmt"
	"math"

	"dnn/pkg/task"
)

func init() {
	Registry.Register("top_k_accuracy", "share of rows whose true class is among the k most probable", &TopKAccuracy{}).
		Also("top_k")
}

// TopKAccuracy is the weighted share of rows whose true class is among the k most probable ones:
//
//	top_k_accuracy = Σ wᵢ·[rank of yᵢ among pᵢ ≤ k] / Σ wᵢ
//
// Among equal probabilities the class with the higher index ranks first, as in scikit-learn; so k=1 differs from accuracy
// where the two best are equal.
//
// Source: scikit-learn, top_k_accuracy_score. Undefined (NaN): no rows, or no weight.
type TopKAccuracy struct {
	K int `default:"5" range:"[1,)" doc:"how many of the most probable classes may hold the true one; less than the number of classes"`
}

// Cases are examples of it.
func (*TopKAccuracy) Cases() []Case {
	return []Case{
		{"{type: top_k_accuracy, k: 2}", "category", number(0.833333), number(0.7)},
	}
}

// Fits expects more than k classes: with fewer the value is always 1.
func (m *TopKAccuracy) Fits(t task.Head) error {
	if t.Kind == task.Binary {
		return misfit("top_k_accuracy", "needs several classes; %s (try accuracy)", what(t))
	}
	if err := needsOneClass("top_k_accuracy", t); err != nil {
		return err
	}
	if m.K >= len(t.Classes) && known(t) {
		return misfit("top_k_accuracy", "with k=%d is always 1; %s (take a smaller k)", m.K, what(t))
	}
	return nil
}

// Goal is Higher.
func (m *TopKAccuracy) Goal() Goal { return Higher }

func (m *TopKAccuracy) longName() string { return fmt.Sprintf("top_%d_accuracy", m.K) }

// New counts hits.
func (m *TopKAccuracy) New(t task.Head) Accumulator { return &topK{task: t, k: m.K} }

type topK struct {
	task task.Head
	k    int
	hits mean
}

// Add counts, for each row, the classes that rank before the true one; no sorting is needed.
func (a *topK) Add(b Batch) {
	checkBatch(a.task, b)
	n := len(a.task.Classes)
	for i := range b.Rows {
		truth := b.Class[i]
		p := b.Pred[i*n : (i+1)*n]
		before, hit := 0, 0.0
		for j, x := range p {
			if x > p[truth] || x == p[truth] && j > truth {
				before++
			}
			if x != x {
				hit = math.NaN()
			}
		}
		if before < a.k {
			hit++
		}
		a.hits.add(hit, b.weight(i))
	}
}

func (a *topK) Result() Result { return number(a.hits.value()) }
