package model

import (
	"fmt"
	"slices"

	"dnn/pkg/layers"
	"dnn/pkg/spec"
)

// checkOutput holds the net's output against the loss and the target. A net that keeps the steps of sequences where a row has
// one prediction is reported at the setting that keeps them, one that drops them where each step has a label at the layer that does, and
// what a loss that the spec does not name expects at the last layer.
func (j *Job) checkOutput(k int, out layers.Signal, given bool, check func(p *spec.Problems), p *spec.Problems) {
	var own spec.Problems
	check(&own)
	if at := j.stepsKept(k, out); at != "" && own.At("loss") {
		p.Add(at, "keeps all steps, and the net ends with %v, a prediction for each; the target has one label a row: sequences: false gives the last state alone, or a pooling layer (global_max_pool1d, attention_pool) behind it makes one vector of all steps; for a prediction of each step the target is of type: tags",
			out.Shape())
		return
	}
	if at := out.LastStateOf(); at != "" && j.Heads[k].Sequence() && own.At("loss") {
		p.Add(at, "gives its last state alone, and the target has a label for each step: sequences: true keeps the steps (the net ends with %v)", out.Shape())
		return
	}
	switch at := j.layerOf(k); {
	case !given && at != "":
		own.Move("loss", at)
	case slices.Contains(j.Config.Loss.Names, j.Heads[k].Name):
		own.Rebase("loss", "loss."+j.Heads[k].Name)
	}
	p.Append(&own)
}

// layerOf is the path of the layer whose output is for head k; "" where there is none.
func (j *Job) layerOf(k int) string {
	if i := layers.LayerOf(j.Config.Layers, j.Heads[k].Name); i >= 0 {
		return fmt.Sprintf("layers[%d]", i)
	}
	return ""
}

// stepsKept is the path of the setting by which a net of layers, each fed by the one before, keeps the steps of sequences to
// its end; "" when the output is another or the target has a label for each step.
func (j *Job) stepsKept(k int, out layers.Signal) string {
	if _, known := out.Known(); !known || j.Heads[k].Sequence() || len(out.Shape()) != 2 || out.Shape().Last() != j.Heads[k].Width {
		return ""
	}
	for i := layers.LayerOf(j.Config.Layers, j.Heads[k].Name); i >= 0; i-- {
		if layers.GivesSteps(j.Config.Layers[i].Kind) {
			return fmt.Sprintf("layers[%d].sequences", i)
		}
		if len(j.Config.Layers[i].Inputs) > 0 {
			return ""
		}
	}
	return ""
}
