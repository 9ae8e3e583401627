package dataset

import (
	"dnn/pkg/spec"
	"dnn/pkg/task"
)

// Heads describes what a net for the data predicts.
func (s *Schema) Heads() (list []task.Head) {
	for _, t := range s.HeadTargets {
		h := t.head()
		if h.Axis != nil {
			h.Axis.Steps = s.Blocks[t.Block].Shape[0]
		}
		h.Training.NaiveErrors = t.NaiveByTarget()
		list = append(list, h)
	}
	return list
}

// KnownHeads describes what a net predicts as far as the mistakes in p leave it known: a head without a Kind says nothing but
// its name, one without a Width not how many numbers it takes. separate is whether SeparateHeads was among the options.
func (d *Data) KnownHeads(s *Settings, separate bool, p *spec.Problems) (list []task.Head) {
	for k, t := range d.knownTargets(s, separate, p) {
		h := t.head()
		h.Horizon = max(h.Horizon, s.horizon())
		if d.Train != nil && h.Known() {
			h.Training.Rows = float64(d.Train.CountLabels(k))
			for _, n := range d.Train.labelCounts(k) {
				h.Training.Counts = append(h.Training.Counts, float64(n))
			}
		}
		list = append(list, h)
	}
	return list
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

// Labels returns the labels of a head, none where the data has no such head.
func (b *Batch) Labels(head int) Labels {
	if head >= len(b.Heads) {
		return Labels{}
	}
	return b.Heads[head]
}

// SetLabels puts other buffers in their place.
func (b *Batch) SetLabels(head int, l Labels) {
	for len(b.Heads) <= head {
		b.Heads = append(b.Heads, Labels{})
	}
	b.Heads[head] = l
}

// Join lists the labels of the steps of a row as they are listed in the data, for a column of a head.
func (s *Schema) Join(head, column int, words []string) string {
	return s.HeadTargets[head].Join(column, words)
}
