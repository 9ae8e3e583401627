package factorize

import (
	"fmt"
	"slices"

	"dnn/pkg/transfer"
)

// candidate is a layer of the spec that can have a rank. In a repeat it has weights for each repetition, and one rank for all.
type candidate struct {
	path          string
	names         []string // of the layer in each repetition
	parts         []*decomposition
	units, inputs int
	weights       float64 // of one repetition
	work          float64 // multiplications of all repetitions
	rank          int     // 0: the layer stays as it is
}

// decompose cuts up the weights of all repetitions.
func (c *candidate) decompose(learned map[string]transfer.Piece) error {
	for _, name := range c.names {
		w := learned[name+".weight"]
		d, ok := decompose(w.Data, w.Shape)
		if !ok {
			return fmt.Errorf("%s.weight is not finite", name)
		}
		c.parts, c.units, c.weights = append(c.parts, d), w.Shape[0], float64(w.Shape.Size())
	}
	c.inputs = int(c.weights) / c.units
	return nil
}

// full is the largest rank.
func (c *candidate) full() int { return c.parts[0].full() }

// share is what a rank leaves of the weights and of the work of the layer.
func (c *candidate) share(rank int) float64 {
	return float64(rank) * float64(c.units+c.inputs) / (float64(c.units) * float64(c.inputs))
}

// kept is the least share of energy that a rank keeps in any repetition.
func (c *candidate) kept(rank int) float64 {
	least := 1.0
	for _, d := range c.parts {
		least = min(least, d.kept(rank))
	}
	return least
}

// settle gives the layer at least this rank, a multiple; none where two thin matrices of it are no smaller than the one.
func (c *candidate) settle(rank, multiple int) {
	rank = max((rank+multiple-1)/multiple, 1) * multiple
	if c.rank = rank; rank >= c.full() || c.share(rank) >= 1 {
		c.rank = 0
	}
}

// byEnergy gives each layer the smallest rank that keeps a share of the energy in all repetitions.
func byEnergy(list []*candidate, energy float64, multiple int) {
	for _, c := range list {
		rank := 1
		for rank < c.full() && c.kept(rank) < energy {
			rank++
		}
		c.settle(rank, multiple)
	}
}

// byBudget shares ranks out so that a share of the total is left. cost is what a layer has of it as it is. A component of a layer is
// worth the share of energy that it keeps there for what it costs; those that are worth most are kept.
func byBudget(list []*candidate, left, total float64, cost func(*candidate) float64, multiple int, what string) error {
	var worths []float64
	worth := func(c *candidate, r int) float64 { // of the component r
		gain := 0.0
		for _, d := range c.parts {
			if d.energy > 0 {
				gain += d.values[r] * d.values[r] / d.energy
			}
		}
		return gain / (cost(c) * c.share(1))
	}
	for _, c := range list {
		for r := range c.full() {
			worths = append(worths, worth(c, r))
		}
	}
	slices.Sort(worths)
	remains := func(least float64) float64 { // after leaving out what is worth less
		sum := total
		for _, c := range list {
			rank := 0
			for rank < c.full() && worth(c, rank) >= least {
				rank++
			}
			if c.settle(rank, multiple); c.rank > 0 {
				sum -= cost(c) * (1 - c.share(c.rank))
			}
		}
		return sum / total
	}
	at, _ := slices.BinarySearchFunc(worths, left, func(least, left float64) int {
		if remains(least) > left {
			return -1
		}
		return 1
	})
	if at < len(worths) {
		remains(worths[at])
		return nil
	}
	least := 1.0
	if len(worths) > 0 {
		least = remains(worths[len(worths)-1] * 2)
	}
	if least > left {
		return fmt.Errorf("ranks leave at least %.3g of the net's %s, and %.3g is asked for: ask for more, or remove units as well", least, what, left)
	}
	return nil
}
