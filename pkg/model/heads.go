package model

import (
	"slices"

	"dnn/pkg/graph"
	"dnn/pkg/layers"
	"dnn/pkg/metrics"
	"dnn/pkg/task"
	"dnn/pkg/train/loss"
)

// HeadLoss is the loss of one of several heads.
type HeadLoss struct {
	Loss   loss.Loss `spec:"type,inline"`
	Weight float64   `default:"1" range:"(0,)" doc:"how much the loss of this target counts in the sum over all targets"`
}

// Loss is the loss of head k, and how much it counts.
func (n *Network) Loss(k int) (loss.Loss, float64) {
	c := &n.Config.Loss
	if i := slices.Index(c.Names, n.Heads[k].Name); i >= 0 {
		return c.Each[i].Loss, c.Each[i].Weight
	}
	return c.One, 1
}

// Metrics are the metrics of head k.
func (n *Network) Metrics(k int) []metrics.Metric {
	c := &n.Config.Metrics
	if i := slices.Index(c.Names, n.Heads[k].Name); i >= 0 {
		return c.Each[i]
	}
	return c.One
}

// Figure is what reports and train.monitor call a figure of head k: its own name, behind that of the head where there are
// several.
func (n *Network) Figure(k int, name string) string {
	if len(n.Heads) == 1 {
		return name
	}
	return n.Heads[k].Name + "_" + name
}

// headName is what head k's own of something fed or read is called.
func (n *Network) headName(name string, k int) string {
	if len(n.Heads) == 1 {
		return name
	}
	return name + "." + n.Heads[k].Name
}

// Levels are the shares of labels below the numbers that the only head puts out for each target; nil where it puts out one
// number. See loss.Leveled.
func Levels(n *Network) []float64 {
	if l, ok := n.Config.Loss.One.(loss.Leveled); ok && len(n.Heads) == 1 && len(l.Shares()) > 1 {
		return l.Shares()
	}
	return nil
}

// Central is what head k predicts of an output with several levels for each target, on the scale that it is learned on; of one without
// levels it is the output.
func Central(n *Network, b *graph.Builder, k int, out *graph.Value) *graph.Value {
	l, _ := n.Loss(k)
	if leveled, ok := l.(loss.Leveled); ok {
		return leveled.Predict(b, n.Heads[k], out)
	}
	return out
}

// CentralLevel is the place of the level that the net predicts.
func CentralLevel(n *Network) int { return n.Config.Loss.One.(loss.Leveled).Central() }

// AtLevel is a net that predicts another of its levels, with the same weights.
func AtLevel(n *Network, i int) *Network {
	other, config := *n, *n.Config
	config.Loss.One = n.Config.Loss.One.(loss.Leveled).Level(i)
	other.Config = &config
	return &other
}

// LevelName is what a column with the numbers of a level is called.
func LevelName(column string, share float64) string {
	return column + "_below_" + loss.LevelText(share)
}

// sizesOf are the sizes that a head gives to the words in a spec.
func sizesOf(h *task.Head) layers.Sizes {
	s := layers.Sizes{Known: h.Known(), Because: h.Because()}
	switch h.Kind {
	case task.Category:
		s.Classes = h.Width
		if h.Width == 0 {
			s.Classes = layers.Unsettled
		}
		if h.Text() {
			s.Vocabulary = s.Classes
		}
	case task.Binary, task.Labels, task.Number:
		s.Targets = h.Width
		if h.Separator != "" { // labels that a field lists are classes, of which any may hold
			s.Classes = h.Width
		}
	}
	return s
}

// sizes are the sizes for layers that name no head: those in which the heads do not differ.
func sizes(heads []task.Head) layers.Sizes {
	s := sizesOf(&heads[0])
	for i := range heads[1:] {
		other := sizesOf(&heads[1+i])
		s.Known = s.Known && other.Known
		s.Several = s.Several || s.Classes != 0 && other.Classes != 0 || s.Targets != 0 && other.Targets != 0
		s.Classes, s.Targets, s.Vocabulary = s.Classes+other.Classes, s.Targets+other.Targets, max(s.Vocabulary, other.Vocabulary)
	}
	if s.Several {
		s.Classes, s.Targets = 0, 0
	}
	return s
}

// layerHeads tells the layers which heads there are.
func layerHeads(heads []task.Head) (list []layers.Head) {
	for i := range heads {
		list = append(list, layers.Head{Name: heads[i].Name, Sizes: sizesOf(&heads[i])})
	}
	return list
}
