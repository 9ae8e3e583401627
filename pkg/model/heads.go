package model

import (
	"fmt"
	"slices"

	"dnn/pkg/metrics"
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
	return fmt.Sprintf("%s_below_%.6g", column, 100*share)
}
