package explain

import (
	"slices"
	"strconv"

	"dnn/pkg/dataset"
	"dnn/pkg/graph"
	"dnn/pkg/layers"
	"dnn/pkg/model"
)

// feedName is what the vectors of embedding i are fed as.
func feedName(i int) string { return "embedded." + strconv.Itoa(i) }

// lookUp is where a net turns a block of whole numbers into vectors.
type lookUp struct {
	value *graph.Value // [rows, .., width]
	block int
}

// lookUps finds the embeddings of fed whole numbers: rows of a table of parameters that they choose.
func (e *Explainer) lookUps(g *graph.Graph) []lookUp {
	var list []lookUp
	for _, node := range g.Nodes {
		if node.Op == nil || node.Op.Name != "gather" || len(feedsOf(node.Inputs[0])) > 0 {
			continue
		}
		feeds := feedsOf(node.Inputs[1])
		i := slices.IndexFunc(e.net.Schema.Blocks, func(b dataset.Block) bool { return slices.Contains(feeds, model.FeedBlock+b.Name) })
		if i >= 0 {
			list = append(list, lookUp{node.Outputs[0], i})
		}
	}
	return list
}

// feedsOf names the fed values that a value is computed from.
func feedsOf(v *graph.Value) []string {
	var names []string
	for v := range above(v) {
		if v.Node.Leaf == graph.Input {
			names = append(names, v.Node.Name)
		}
	}
	return names
}

// embedded computes the vectors that the net's embeddings have for a row, in the order of lookUps.
func (e *Explainer) embedded(x *dataset.Batch, k int) ([][]float32, error) {
	g, err := e.build(model.BatchShapeFor(1, x.Steps), k, func(b *graph.Builder, out *graph.Value, _ []layers.Info) error {
		b.SetOutput(outScores, out)
		return nil
	})
	if err != nil {
		return nil, err
	}
	found := e.lookUps(g)
	if len(found) == 0 {
		return nil, nil
	}
	shown, err := graph.Rewrite(g, nil, func(r *graph.Rewriter) error {
		for i := range found {
			r.SetOutput(feedName(i), r.To(found[i].value))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	p, err := e.compile(shown)
	if err != nil {
		return nil, err
	}
	p.FeedBatch(x)
	p.Run()
	var list [][]float32
	for i := range found {
		list = append(list, slices.Clone(p.Output(feedName(i)).F))
	}
	return list, nil
}

// repeat makes a batch whose rows are all the first of x.
func (e *Explainer) repeat(x *dataset.Batch, rows int) *dataset.Batch {
	b := e.net.Schema.NewFixedBatch(rows, x.Steps)
	b.Rows = rows
	for r := range rows {
		copy(b.Offset[r*len(b.Offset)/rows:], x.Offset[:len(b.Offset)/rows])
	}
	for i := range e.net.Schema.Blocks {
		size := x.RowSize(i)
		for r := range rows {
			if b.Lengths[i] != nil {
				b.Lengths[i][r] = x.Lengths[i][0]
			}
			if b.Ints[i] != nil {
				copy(b.Ints[i][r*size:(r+1)*size], x.Ints[i][:size])
			} else {
				copy(b.Floats[i][r*size:(r+1)*size], x.Floats[i][:size])
			}
		}
	}
	return b
}

// firstRow is the first row of block i, of so many numbers: zeros where the batch has room for fewer.
func firstRow(b *dataset.Batch, i, size int) []float32 {
	row := b.Floats[i][:min(size, b.RowSize(i))]
	if len(row) < size {
		row = append(slices.Clone(row), make([]float32, size-len(row))...)
	}
	return row
}

func widen(x []float32) []float64 {
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = float64(v)
	}
	return out
}
