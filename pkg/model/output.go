package model

import (
	"fmt"

	"dnn/pkg/layers"
	"dnn/pkg/spec"
)

// checkOutput holds the net's output against the loss and the target. A net that keeps the steps of sequences where a row has
// one answer is told at the setting that keeps them, one that drops them where each has an answer at the layer that does, and
// what a loss that the spec does not name wants at the last layer.
func (j *Job) checkOutput(out layers.Signal, given bool, check func(p *spec.Problems), p *spec.Problems) {
	var own spec.Problems
	check(&own)
	last := len(j.Config.Layers) - 1
	if at := j.stepsKept(out); at != "" && own.At("loss") {
		p.Add(at, "keeps all steps, and the net ends with %v, an answer for each; the target has one answer a row: sequences: false gives the last state alone, or a pooling layer (global_max_pool1d, attention_pool) behind it makes one vector of all steps; for an answer to each step the target is of type: tags",
			out.Shape())
		return
	}
	if at := out.LastStateOf(); at != "" && j.head().Sequence() && own.At("loss") {
		p.Add(at, "gives its last state alone, and the target has an answer for each step: sequences: true keeps the steps (the net ends with %v)", out.Shape())
		return
	}
	if !given && last >= 0 {
		own.Move("loss", fmt.Sprintf("layers[%d]", last))
	}
	p.Append(&own)
}

// stepsKept is the path of the setting by which a net of layers, each fed by the one before, keeps the steps of sequences to
// its end; "" when the output is another or the target has an answer for each step.
func (j *Job) stepsKept(out layers.Signal) string {
	if _, known := out.Known(); !known || j.head().Sequence() || len(out.Shape()) != 2 || out.Shape().Last() != j.head().Width {
		return ""
	}
	for i := len(j.Config.Layers) - 1; i >= 0; i-- {
		if layers.GivesSteps(j.Config.Layers[i].Kind) {
			return fmt.Sprintf("layers[%d].sequences", i)
		}
		if len(j.Config.Layers[i].Inputs) > 0 {
			return ""
		}
	}
	return ""
}
