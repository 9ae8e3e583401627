package dataset

import (
	"dnn/pkg/spec"
	"dnn/pkg/task"
)

// Heads describes what a net for the data predicts.
func (s *Schema) Heads() []task.Head {
	h := s.Target.head()
	if h.Axis != nil {
		h.Axis.Steps = s.Blocks[s.Target.block].Shape[0]
	}
	h.Training.NaiveErrors = s.Target.NaiveByTarget()
	return []task.Head{h}
}

// KnownHeads describes what a net predicts as far as the mistakes in p leave it known: a head without a Kind says nothing,
// one without a Width not how many numbers it takes.
func (d *Data) KnownHeads(s *Settings, p *spec.Problems) []task.Head {
	t := d.KnownTarget(s, p)
	h := t.head()
	h.Horizon = max(h.Horizon, s.horizon())
	if d.Train != nil && h.Known() {
		h.Training.Rows = float64(d.Train.Answers())
		for _, n := range d.Train.ClassCounts() {
			h.Training.Counts = append(h.Training.Counts, float64(n))
		}
	}
	return []task.Head{h}
}

// head describes a target, which may be known from the settings alone.
func (t *Target) head() task.Head {
	h := task.Head{Kind: task.Kind(t.Kind), Columns: t.Names, Classes: t.Classes, Width: t.Width, Horizon: t.Horizon(), Season: t.Season()}
	if len(t.Names) > 0 {
		h.Name = t.Names[0]
	}
	if t.StepsOf != "" {
		h.Axis = &task.Axis{Of: t.StepsOf}
	}
	if h.Kind == task.Binary && len(t.Names) > 1 {
		h.Kind, h.Classes = task.Labels, t.Names
	}
	if t.Kind == "number" && t.Scaled() {
		h.Scaling = t
	}
	if t.Kind == "binary" {
		for i := range t.Columns {
			negative, positive := t.Words(i)
			h.Words = append(h.Words, [2]string{negative, positive})
		}
	}
	return h
}

// Denormalize brings a number that the net put out for a column into the target's own unit.
func (t *Target) Denormalize(column int, v float64) float64 { return t.Own(column, v) }

// Linear is the scale and shift that denormalize a column; false where it is learned as a logarithm.
func (t *Target) Linear(column int) (scale, shift float64, ok bool) {
	s, ok := t.Columns[column].Scaling()
	return s.Scale, s.Shift, ok && s.Log == ""
}

// NaiveErrors are those that were asked for with LearnNaive, by season and column of the target.
func (d *Data) NaiveErrors() map[int][]float64 {
	if d.Schema == nil {
		return nil
	}
	return d.Schema.Target.NaiveByTarget()
}

// Labels are the labels of a batch for one head: whole numbers of classes, or floats. The second ones are those of the rows
// that these are mixed with.
type Labels struct {
	Floats, SecondFloats []float32
	Ints, SecondInts     []int32
}

// Labels returns the buffers of a head.
func (b *Batch) Labels(head int) Labels {
	return Labels{Floats: b.Target, Ints: b.Classes, SecondFloats: b.SecondTarget, SecondInts: b.SecondClasses}
}

// SetLabels puts others in their place.
func (b *Batch) SetLabels(head int, l Labels) {
	b.Target, b.Classes, b.SecondTarget, b.SecondClasses = l.Floats, l.Ints, l.SecondFloats, l.SecondInts
}

// LabelRoom is how many labels there is room for in each row of a batch: 1, or as many as there are steps.
func (s *Schema) LabelRoom(b *Batch, head int) int { return s.AnswerRoom(b) }

// LabelsOf are the places of row i's labels among all that there is room for in the batch.
func (s *Schema) LabelsOf(b *Batch, head, i int) (from, to int) { return s.Answers(b, i) }

// LabelCounts are, by head, how many rows of the part each class has, or each label holds in; nil for numbers.
func (p *Part) LabelCounts() [][]int { return [][]int{p.ClassCounts()} }

// Join lists the labels of the steps of a row as they are listed in the data, for a column of a head.
func (s *Schema) Join(head, column int, words []string) string { return s.Target.Join(column, words) }
