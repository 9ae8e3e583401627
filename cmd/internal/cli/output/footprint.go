package output

import (
	"fmt"

	"dnn/pkg/graph/plan"
	"dnn/pkg/model"
)

// Footprint says how much memory a training step takes, and in further lines how much it would take in float32, and with nothing computed
// again, where those are other figures.
func Footprint(f model.Footprint) []string {
	lines := []string{parts(f.Memory)}
	if f.Float32 != nil {
		lines = append(lines, "in float32 "+parts(*f.Float32))
	}
	if f.KeptAll != nil {
		lines = append(lines, "without recompute "+parts(*f.KeptAll))
	}
	return lines
}

func parts(m plan.Memory) string {
	text := fmt.Sprintf("%s: weights %s, optimizer %s, values of a step %s", Memory(m.Total()), Memory(m.Weights+m.State), Memory(m.Optimizer), Memory(m.Values+m.Inputs))
	if m.Kept > 0 {
		text += fmt.Sprintf(" (%s kept for the backward pass)", Memory(m.Kept))
	}
	return text
}
