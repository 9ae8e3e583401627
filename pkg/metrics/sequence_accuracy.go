package metrics

import (
	"math"

	"dnn/pkg/task"
)

func init() {
	Registry.Register("sequence_accuracy", "share of sequences predicted right in every step", &SequenceAccuracy{})
}

// SequenceAccuracy is the weighted share of rows in which the prediction of every step is right, for targets with a label for
// each step (tags, text). With s the steps of row i,
//
//	sequence_accuracy = Σ wᵢ·Π_s [ŷᵢₛ = yᵢₛ] / Σ wᵢ
//
// Of a text it is the share of rows that greedy search writes exactly as they should be: it goes wrong where the first step
// does whose prediction, after the right ones before it, is not right. Where labels are aligned with steps (loss: ctc), it is the share of rows whose labels are all right as they are
// written. Rows without steps do not count. Undefined (NaN): no rows, no weight, or a prediction that is not a number.
type SequenceAccuracy struct{}

// Cases are examples of it.
func (*SequenceAccuracy) Cases() []Case {
	return []Case{
		{"sequence_accuracy", "binary along a sequence", number(0.333333), number(0.166667)},
		{"sequence_accuracy", "category along a sequence", number(0.666667), number(0.5)},
		{"sequence_accuracy", "labels along a sequence", number(0.333333), number(0.166667)},
	}
}

// Fits expects classes or labels for each step.
func (m *SequenceAccuracy) Fits(t task.Head) error {
	if t.Aligned() {
		return nil
	}
	if err := needsClasses("sequence_accuracy", t); err != nil {
		return err
	}
	return needsSteps("sequence_accuracy", t)
}

// Goal is Higher.
func (m *SequenceAccuracy) Goal() Goal { return Higher }

// DefaultPlace is the first for labels that are aligned.
func (*SequenceAccuracy) DefaultPlace(t task.Head) int { return placed(t.Aligned(), 1) }

// NewTexts counts rows whose labels are right.
func (*SequenceAccuracy) NewTexts() TextAccumulator { return &exactly{} }

type exactly struct{ mean }

func (e *exactly) AddTexts(t Texts) {
	t.check()
	for i, right := range t.Exact {
		weight, value := 1.0, 0.0
		if t.Weight != nil {
			weight = t.Weight[i]
		}
		if right {
			value = 1
		}
		e.add(value, weight)
	}
}

func (e *exactly) Result() Result { return number(e.value()) }

// New counts sequences.
func (m *SequenceAccuracy) New(t task.Head) Accumulator { return &sequences{task: t} }

type sequences struct {
	task          task.Head
	right, weight float64
	invalid       bool
}

func (s *sequences) Add(b Batch) {
	checkBatch(s.task, b)
	at := 0
	for _, steps := range b.Steps {
		if steps == 0 {
			continue
		}
		w := b.weight(at)
		right := true
		for range steps {
			right = s.isRight(b, at) && right
			at++
		}
		s.weight += w
		if right {
			s.right += w
		}
	}
}

// isRight reports whether row i of a batch is predicted right, in all its labels.
func (s *sequences) isRight(b Batch, i int) bool {
	n := columns(s.task)
	p := b.Pred[i*n : (i+1)*n]
	for _, x := range p {
		s.invalid = s.invalid || x != x
	}
	switch s.task.Kind {
	case task.Category:
		return Argmax(p) == b.Class[i]
	case task.Binary:
		return Positive(s.task, p[0]) == (b.Class[i] == 1)
	}
	for k, x := range p {
		if Positive(s.task, x) != (b.Labels[i*n+k] != 0) {
			return false
		}
	}
	return true
}

func (s *sequences) Result() Result {
	if s.invalid {
		return number(math.NaN())
	}
	return number(s.right / s.weight)
}
