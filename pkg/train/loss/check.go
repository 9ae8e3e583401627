package loss

import (
	"fmt"
	"slices"
	"strings"

	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/spec"
	"dnn/pkg/task"
)

// needs says of each kind of target what a loss for it asks for.
var needs = map[task.Kind]string{
	task.Number:   "a number target",
	task.Binary:   "a binary target",
	task.Labels:   "a binary target",
	task.Category: "a category target",
}

// fits notes a target that is none of the kinds, and an output of another width than the target's. It reports whether
// the target fits.
func fits(key string, t task.Head, out *graph.Value, p *spec.Problems, kinds ...task.Kind) bool {
	if t.Kind == "" {
		return false
	}
	if !slices.Contains(kinds, t.Kind) {
		var list []string
		for _, k := range kinds {
			if !slices.Contains(list, needs[k]) {
				list = append(list, needs[k])
			}
		}
		p.Add("loss", "%s needs %s; %s%s", key, strings.Join(list, " or "), what(t), instead(key, t))
		return false
	}
	if t.Width == 0 || out.Shape.Rank() == 0 {
		return true
	}
	got := out.Shape[1:]
	if t.Sequence() {
		fitsSteps(key, t, got, p)
		return true
	}
	if !got.Equal(graph.Shape{t.Width}) {
		p.Add("loss", "%s needs one output per %s: the net gives %v, %s (%s)", key, unit(t), got, what(t), advice(t, got))
	}
	return true
}

// fitsSteps is the end of fits for a target with a label for each step.
func fitsSteps(key string, t task.Head, got graph.Shape, p *spec.Problems) {
	switch {
	case got.Rank() < 2:
		p.Add("loss", "%s needs a prediction for each step, %s; the net gives one for the whole row, %v (keep the steps to the end: sequences: true in the last recurrent layer, and no flatten or pooling over all of them)", key, what(t), got)
	case got.Rank() > 2:
		p.Add("loss", "%s needs one output per %s for each step, %s; the net gives %v (a dense layer works on the last axis alone)", key, unit(t), what(t), got)
	case got.Last() != t.Width:
		p.Add("loss", "%s needs one output per %s for each step: the net gives %v, %s (%s)", key, unit(t), got, what(t), advice(t, got[1:]))
	}
}

// instead suggests the usual loss for the target.
func instead(key string, t task.Head) string {
	if d := Default(t); d != key && needs[t.Kind] != "" {
		return " (did you mean " + d + "?)"
	}
	return ""
}

// unit is what there must be one output for.
func unit(t task.Head) string {
	return map[task.Kind]string{task.Number: "target", task.Binary: "label", task.Labels: "label", task.Category: "class"}[t.Kind]
}

// advice says how the net gets an output of the right shape.
func advice(t task.Head, got graph.Shape) string {
	switch {
	case got.Rank() == 2 && got.Last() == t.Width:
		return "one row of outputs for the whole sequence comes from the last state of a recurrent layer, without sequences: true, or from a pooling layer before the last one; for a prediction of each step the target is of type: tags"
	case got.Rank() > 1:
		return "a flatten or pooling layer before the last one makes it one list of numbers"
	case t.Kind == task.Category:
		return "use units: classes"
	}
	return "use units: targets"
}

// what describes the target in messages.
func what(t task.Head) string {
	name := "the target"
	if len(t.Columns) == 1 {
		name += " " + t.Columns[0]
	}
	switch {
	case t.Kind == task.Category && t.Width == 0:
		return name + " is one of several classes"
	case t.Kind == task.Category:
		return fmt.Sprintf("%s has %d classes", name, t.Width)
	case t.Kind == task.Binary:
		return name + " is yes or no" + t.Because()
	case logical(t):
		return fmt.Sprintf("%s has %d labels", name, t.Width)
	case t.Kind == task.Number && t.Width == 1:
		return name + " is a number"
	case t.Kind == task.Number:
		return fmt.Sprintf("%s has %d numbers", name, t.Width)
	}
	return fmt.Sprintf("%s is of kind %s", name, t.Kind)
}

// ending returns the node of the softmax or sigmoid that the net ends in, and its name; or nil.
func ending(out *graph.Value) (*graph.Node, string) {
	n := out.Node
	for n.Op != nil && n.Op.Name == "reshape" && n.Inputs[0].Shape.Last() == out.Shape.Last() {
		n = n.Inputs[0].Node
	}
	if n.Op == nil {
		return nil, ""
	}
	if n.Op.Name == "softmax" {
		return n, "softmax"
	}
	if a, ok := n.Attrs.(op.ActivateAttrs); ok && a.Act == vec.ActSigmoid {
		return n, "sigmoid"
	}
	return nil, ""
}

// rawScores notes a net that ends in a softmax or sigmoid, which the loss applies itself.
func rawScores(key string, out *graph.Value, p *spec.Problems) {
	if _, name := ending(out); name != "" {
		p.Add("loss", "%s takes raw scores, but the net ends in a %s: drop the activation of the last layer", key, name)
	}
}
