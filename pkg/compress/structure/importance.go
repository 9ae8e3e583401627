package structure

import (
	"fmt"
	"math"
	"slices"

	"dnn/internal/parallel"
	"dnn/pkg/dataset"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
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
	own := map[string][]float32{} // the state of a training has more, and f stays as it is
	for name, piece := range f.Learned() {
		own[name] = piece.Data
	}
	same, err := model.With(f.Net, nil)
	if err != nil {
		return nil, err
	}
	f, err = f.Filled(same, own)
	if err != nil {
		return nil, err
	}
	pool := parallel.New(0)
	defer pool.Close()
	learned, of := f.Learned(), importance{}
	size := max(1, min(f.Net.Config.Train.BatchSize, rows.Rows()))
	order := dataset.Permutation(nil, rows.Rows(), f.Net.Config.Seed, 0)
	programs := map[model.BatchShape]*model.Program{}
	var steps []int
	for k := range min(batches, rows.Rows()/size) {
		these := order[k*size : (k+1)*size]
		steps = rows.Steps(steps, these)
		shape := model.BatchShapeFor(size, steps)
		p := programs[shape]
		if p == nil {
			g, err := f.Net.TrainGraph(shape, model.Alone)
			if err != nil {
				return nil, err
			}
			if p, err = f.Net.Compile(g, f.State, pool, exec.Options{}); err != nil {
				return nil, err
			}
			programs[shape] = p
		}
		b := p.NewBatch(shape)
		if err := rows.Fill(b, these); err != nil {
			return nil, err
		}
		if p.HasFeed("step") {
			p.Feed("step").I[0] = int32(k)
		}
		p.Forward()
		batch := c.products(learned, f.State.Params(model.VarWeights), p.Output(model.OutGradient).F)
		for x, sum := range batch {
			of[x] += math.Abs(sum)
		}
	}
	return of, nil
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
		if rows == nil || rows.Rows() == 0 {
			return nil, fmt.Errorf("importance: taylor needs rows of the training split")
		}
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
