package loss

import (
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/spec"
	"dnn/pkg/task"
)

// Logits is shared by the losses over probabilities.
type Logits struct {
	FromLogits bool `default:"true" doc:"the net ends in raw scores; false: it ends in the softmax or sigmoid itself, and the scores are taken from before it"`
}

// check holds the end of the net against the setting. own is the activation that the loss applies.
func (l Logits) check(key, own string, out *graph.Value, p *spec.Problems) {
	_, name := ending(out)
	switch {
	case l.FromLogits && name != "":
		p.Add("loss", "%s takes raw scores and applies the %s itself, but the net ends in a %s: drop the activation of the last layer%s",
			key, own, name, when(name == own, " (or set from_logits: false)"))
	case !l.FromLogits && name != own && out.Node.Leaf != graph.Input:
		p.Add("loss.from_logits", "the net does not end in a %s: leave from_logits out, and %s applies the %s itself", own, key, own)
	}
}

func when(c bool, s string) string {
	if c {
		return s
	}
	return ""
}

// scores returns the raw scores behind the net's output.
func (l Logits) scores(b *graph.Builder, out *graph.Value) *graph.Value {
	if l.FromLogits {
		return out
	}
	n, _ := ending(out)
	if n == nil {
		return out
	}
	return op.Reshape(b, n.Inputs[0], out.Shape...)
}

// predict returns the probabilities: a softmax over the classes of a category, else a sigmoid for each label.
func (l Logits) predict(b *graph.Builder, t task.Head, out *graph.Value) *graph.Value {
	if !l.FromLogits {
		return out
	}
	return probabilities(b, t, out)
}

func probabilities(b *graph.Builder, t task.Head, scores *graph.Value) *graph.Value {
	if logical(t) {
		return op.Activate(b, scores, vec.ActSigmoid, 0)
	}
	return op.Softmax(b, scores)
}

// softplus is ln(1+eˣ): softplus(-x) is the loss of a yes with the score x, softplus(x) that of a no.
func softplus(b *graph.Builder, x *graph.Value) *graph.Value {
	return op.Activate(b, x, vec.ActSoftplus, 0)
}
