package loss

import (
	"slices"

	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/spec"
	"dnn/pkg/task"
)

func init() {
	Registry.Register("hinge", "zero once the right class leads by a margin, as in support vector machines", &Hinge{})
}

// Hinge asks the right class to lead by a margin and is zero from there on. For labels, with s = 1 for a yes and -1 for a
// no, it is the mean over them of
//
//	loss = max(0, margin - s·x)
//
// For C classes, the right one being k, it is by multi_class
//
//	multi_margin:    Σ_{c≠k} max(0, margin - x_k + x_c) / C      (Weston & Watkins 1999; PyTorch, MultiMarginLoss)
//	crammer_singer:  max(0, margin - x_k + max_{c≠k} x_c)        (Crammer & Singer 2001)
//
// Squared squares each max. The slope at the kink is 0. The scores know no probabilities: Predict gives σ(x) or the
// softmax, which order and decide as the scores do, but are not calibrated.
//
// Shapes: output [batch, labels or classes]; target [batch, labels] of 0 and 1, or int32 [batch] of classes.
type Hinge struct {
	Margin     float64 `default:"1" range:"(0,)" doc:"lead that is enough"`
	Squared    bool    `default:"false" doc:"square what is missing to the margin"`
	MultiClass string  `default:"multi_margin" oneof:"multi_margin|crammer_singer" doc:"for several classes: the mean over all wrong ones, or the best wrong one only"`
}

// Cases are examples of it.
func (*Hinge) Cases() []Case {
	return []Case{
		{"hinge", task.Binary, []float64{0.5}, []float64{1}, 0.5},
		{"hinge", task.Category, []float64{2, -1, 1.5}, []float64{0}, 0.166667},
		{"{type: hinge, multi_class: crammer_singer}", task.Category, []float64{2, -1, 1.5}, []float64{1}, 4},
		{"hinge", task.Labels, []float64{2, -1, 0.5}, []float64{1, 0, 0}, 0.5},
	}
}

// Check expects classes or labels, and one output for each.
func (s *Hinge) Check(t task.Head, out *graph.Value, p *spec.Problems) {
	fits("hinge", t, out, p, task.Category, task.Binary, task.Labels)
	rawScores("hinge", out, p)
}

// Rows is the mean over the labels, or the loss of the class.
func (s *Hinge) Rows(b *graph.Builder, t task.Head, out, label *graph.Value) (loss, weight *graph.Value) {
	if logical(t) {
		return perRow(b, s.missing(b, neg(b, op.Mul(b, out, signs(b, label)))), nil)
	}
	classes := out.Shape.Last()
	hot := op.OneHot(b, label, classes, 1, 0)
	right := op.Reshape(b, op.RowDot(b, out, hot), append(slices.Clone(label.Shape), 1)...)
	lead := op.Sub(b, out, right) // of each class over the right one
	if s.MultiClass == "crammer_singer" {
		return perRow(b, s.missing(b, largest(b, op.Sub(b, lead, op.Scale(b, hot, huge)))), nil)
	}
	each := op.RowDot(b, oneMinus(b, hot), s.missing(b, lead))
	return perRow(b, op.Scale(b, each, 1/float64(classes)), nil)
}

// huge takes the right class out of a maximum.
const huge = 1e30

// largest is the maximum along the last axis, which is dropped: halves are laid over each other until one element is left.
// Of equals one gets the whole slope.
func largest(b *graph.Builder, x *graph.Value) *graph.Value {
	last := x.Shape.Rank() - 1
	for n := x.Shape.Last(); n > 1; n = x.Shape.Last() {
		half := (n + 1) / 2
		x = op.Maximum(b, op.Slice(b, x, last, n-half, n), op.Slice(b, x, last, 0, half))
	}
	return op.Reshape(b, x, x.Shape[:last]...)
}

// missing is max(0, margin + x), squared if wanted.
func (s *Hinge) missing(b *graph.Builder, x *graph.Value) *graph.Value {
	m := op.Activate(b, op.AddScalar(b, x, s.Margin), vec.ActRelu, 0)
	if s.Squared {
		return op.Square(b, m)
	}
	return m
}

// Predict returns σ(x) of each label or the softmax over the classes.
func (s *Hinge) Predict(b *graph.Builder, t task.Head, out *graph.Value) *graph.Value {
	return probabilities(b, t, out)
}
