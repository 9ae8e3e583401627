package loss

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/spec"
	"dnn/pkg/task"
)

func init() {
	Registry.Register("ctc", "minus the log of the probability that the net's steps write the labels, over all alignments", &CTC{}).
		Also("ctc_loss", "connectionist_temporal_classification")
}

// CTC is for labels in the order of a row's steps of which nobody says where they are: letters of speech or handwriting. The
// target is of type: text, and the net puts out scores for each of its own steps, [steps, vocabulary], of which class 0 is the
// blank. Steps write the labels that remain when classes that follow themselves are taken as one and class 0 is left out. With
// p = softmax(scores) and n the number of labels,
//
//	loss = -ln Σ_ways Π_t p_t(class at t) / max(1, n)
//
// over all ways to write the labels. There must be a step for each label and one between equal ones. The mean over rows is
// PyTorch's with reduction: mean.
//
// The net sees the whole input at once and none of the labels. Layers may shorten the sequence. eval and predict take the most
// probable class of each step, or with predict: {beam: N} search for the most probable labels over all ways to write them.
//
// Source: Graves et al. 2006, "Connectionist temporal classification"; PyTorch, CTCLoss.
type CTC struct {
	ZeroInfinity bool `default:"false" doc:"rows whose labels do not fit into their steps count with a loss of 0; false: they are a mistake"`
	Logits       `spec:",inline"`
}

// Cases are examples of it, with one step and one label.
func (*CTC) Cases() []Case {
	return []Case{
		{"ctc", task.Category, []float64{2, -1, 0.5}, []float64{1}, 3.241311},
	}
}

// DefaultFor says that it is the only one for labels to align.
func (*CTC) DefaultFor(t task.Head) bool { return t.Aligned() }

// Check expects a text, and scores for each step.
func (s *CTC) Check(t task.Head, out *graph.Value, p *spec.Problems) {
	switch {
	case t.Kind == "":
		return
	case !t.Aligned():
		p.Add("loss", "ctc needs a text as target, type: text, whose tokens are its labels (tokenizer: whitespace for labels with spaces between them); %s", what(t))
		return
	}
	fits("ctc", t, out, p, task.Category)
	s.check("ctc", "softmax", out, p)
}

// Aligned works on the logarithm of the softmax.
func (s *CTC) Aligned(b *graph.Builder, out, steps, label, count *graph.Value) *graph.Value {
	x := op.LogSoftmax(b, s.scores(b, out))
	each := op.CTC(b, op.CTCAttrs{ZeroInfinity: s.ZeroInfinity}, x, label, steps, count)
	return op.Div(b, each, op.Maximum(b, op.ToFloat(b, count), b.Scalar(1)))
}

// TakesShort reports whether they count with a loss of 0.
func (s *CTC) TakesShort() bool { return s.ZeroInfinity }

// Predict returns the logarithms of the classes' probabilities at each step.
func (s *CTC) Predict(b *graph.Builder, _ task.Head, out *graph.Value) *graph.Value {
	return op.LogSoftmax(b, s.scores(b, out))
}
