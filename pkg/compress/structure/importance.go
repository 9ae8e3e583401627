package structure

import (
	"math"
	"slices"

	"dnn/pkg/dataset"
	"dnn/pkg/graph"
	"dnn/pkg/model"
	"dnn/pkg/transfer"
)

// importance is how much each class matters.
type importance map[channel]float64

// each adds to the classes of a parameter's channels what f gives for each of its numbers. A number that two channels of a class
// share counts once.
func (c *coupling) each(p param, shape graph.Shape, f func(i int) float64, to importance) {
	size := shape.Size()
	for i := range size {
		x, rest, after := f(i), i, size
		var seen [8]channel
		for k, a := range p.axes {
			after /= shape[k]
			class := c.class(a[rest/after])
			rest %= after
			if !slices.Contains(seen[:k], class+1) {
				to[class] += x
			}
			seen[k] = class + 1
		}
	}
}

// magnitude is the Euclidean norm of all weights that a class has part in (Fang et al. 2023, eq. 4).
func (c *coupling) magnitude(learned map[string]transfer.Piece, states map[string]bool) importance {
	of := importance{}
	for _, p := range c.params {
		w := learned[p.name]
		if states[p.name] {
			continue
		}
		c.each(p, w.Shape, func(i int) float64 { return float64(w.Data[i]) * float64(w.Data[i]) }, of)
	}
	for x, sum := range of {
		of[x] = math.Sqrt(sum)
	}
	return of
}

// norms is the sum of the absolute factors with which batch norms scale a class (Liu et al. 2017, "Learning efficient convolutional
// networks through network slimming"). Groups without such a norm lose nothing.
func (c *coupling) norms(learned map[string]transfer.Piece, groups []*group) importance {
	of := importance{}
	for _, p := range c.params {
		for _, scale := range c.scales {
			if len(p.axes) == 1 && p.axes[0][0] == scale[0] && len(scale) == len(p.axes[0]) {
				w := learned[p.name]
				c.each(p, w.Shape, func(i int) float64 { return math.Abs(float64(w.Data[i])) }, of)
				break
			}
		}
	}
	for _, g := range groups {
		for _, p := range g.pools {
			if slices.ContainsFunc(p.classes, func(x channel) bool { _, ok := of[x]; return !ok }) {
				g.why = orElse(g.why, "no batch norm scales it, so importance: norm says nothing of it")
			}
		}
	}
	return of
}

// taylor is, summed over batches, by how much the loss changes to first order without a class: |Σ w·dL/dw| over its weights (Molchanov
// et al. 2019, "Importance estimation for neural network pruning", eq. 8).
func (c *coupling) taylor(f *model.File, rows *dataset.Part, batches int) (importance, error) {
	of := importance{}
	err := eachGradient(f, rows, batches, func(learned map[string]transfer.Piece, params []graph.Param, gradient []float32) {
		for x, sum := range c.products(learned, params, gradient) {
			of[x] += math.Abs(sum)
		}
	})
	return of, err
}

// products are Σ w·dL/dw over the weights of each class.
func (c *coupling) products(learned map[string]transfer.Piece, params []graph.Param, gradient []float32) importance {
	at := map[string]int{}
	for _, p := range params {
		at[p.Name] = p.Offset
	}
	of := importance{}
	for _, p := range c.params {
		offset, ok := at[p.name]
		if !ok { // a state, or frozen
			continue
		}
		w := learned[p.name]
		c.each(p, w.Shape, func(i int) float64 { return float64(w.Data[i]) * float64(gradient[offset+i]) }, of)
	}
	return of
}

// importance is that of the settings. Within a pool it is relative to the mean, but for taylor, which has the same unit everywhere.
func (c *coupling) importance(f *model.File, rows *dataset.Part, s Settings, groups []*group) (of importance, err error) {
	learned := f.Learned()
	switch s.Importance {
	case "taylor":
		return c.taylor(f, rows, s.Batches)
	case "norm":
		of = c.norms(learned, groups)
	default:
		states := map[string]bool{}
		for _, name := range f.State.Names() {
			states[name] = f.State.Class(name) == graph.State
		}
		of = c.magnitude(learned, states)
	}
	for _, g := range groups {
		for _, p := range g.pools {
			sum := 0.0
			for _, x := range p.classes {
				sum += of[x]
			}
			for _, x := range p.classes {
				of[x] *= float64(len(p.classes)) / max(sum, math.SmallestNonzeroFloat32)
			}
		}
	}
	return of, nil
}
