package model

import (
	"fmt"

	"dnn/pkg/train/loss"
)

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
