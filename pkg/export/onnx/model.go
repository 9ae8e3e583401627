package onnx

import (
	"errors"
	"fmt"
	"slices"

	"dnn/pkg/export"
	"dnn/pkg/export/calls"
	"dnn/pkg/graph"
	"dnn/pkg/graph/pass"
	"dnn/pkg/model"
	file "dnn/pkg/onnx"
)

// Options say what is written.
type Options struct {
	Encoded bool // the bare net: it takes what columns are encoded as, and numbers are predicted as they are learned
}

// Export makes an ONNX model of a model. The error of one that cannot be written names the layer that is in the way. What must be
// fixed that could be any size, such as the steps of a sequence, is in the notes.
func Export(f *model.File, o Options) (m *file.Model, notes []string, err error) {
	n := *f.Net
	n.Off = pass.Names()
	n.Config = plainly(n.Config)
	tries := map[string]int{}
	for {
		m, err = export1(f, &n, o, tries)
		var must *Fixed
		if !errors.As(err, &must) || tries[must.Symbol] >= len(shorter) {
			break
		}
		if tries[must.Symbol]++; tries[must.Symbol] == len(shorter) {
			notes = append(notes, fmt.Sprintf("%s is fixed: %s", must.Symbol, must.Why))
		}
	}
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", f.Path, err)
	}
	return m, notes, nil
}

// shorter says by how much sequences are shorter than they can be at most in the usual graph, try by try: with all steps, nets leave
// out what takes the first of a table.
var shorter = []int{0, 1}

// plainly is a net that takes sequences in one piece, which gives the same as in chunks.
func plainly(c *model.Config) *model.Config {
	own := *c
	own.Train.Stateful = false
	return &own
}

// export1 tries it. After so many tries a symbol is fixed.
func export1(f *model.File, n *model.Network, o Options, tries map[string]int) (*file.Model, error) {
	const rows = 2
	symbols := sequences(n, tries)
	usual := model.Rows(rows)
	for _, s := range symbols {
		usual.Steps[s.number] = s.Size
	}
	g, err := predictGraph(n, usual)
	if err != nil {
		return nil, err
	}
	w := &writer{builder: newBuilder(), net: n, options: o, feeds: map[string]string{}}
	more := usual
	more.Rows++
	variants := []Variant{{Symbol: Symbol{Name: "batch", Size: rows, Other: more.Rows}}}
	if variants[0].Graph, err = predictGraph(n, more); err != nil {
		return nil, err
	}
	for _, s := range symbols {
		if g.Input(s.Input) == nil {
			continue
		}
		shape := usual
		shape.Steps[s.number] = s.Other
		short, err := predictGraph(n, shape)
		if err != nil {
			return nil, &Fixed{s.Name, "the net", err.Error()}
		}
		variants = append(variants, Variant{Symbol: s.Symbol, Graph: short, part: tries[s.Name] > 0})
	}
	w.variants = variants
	for _, node := range g.Nodes {
		if node.Leaf == graph.Input {
			if variants[0].Input == "" {
				variants[0].Input = node.Name
			}
			w.live = append(w.live, node.Outputs[0])
		}
	}
	if err := w.inputs(); err != nil {
		return nil, err
	}
	e, err := w.emit(g, variants, w.feeds, export.Variables(f))
	if err != nil {
		return nil, err
	}
	if err := w.outputs(e, g); err != nil {
		return nil, err
	}
	w.prune()
	w.graph.Name = n.Config.Name
	if w.graph.Name == "" {
		w.graph.Name = "net"
	}
	return &file.Model{
		IR: IR, Producer: "dnn", Opsets: []file.Opset{{Version: Opset}}, Metadata: w.metadata, Graph: &w.graph,
	}, nil
}

// predictGraph is the graph of ops that are known in ONNX.
func predictGraph(n *model.Network, shape model.BatchShape) (*graph.Graph, error) {
	g, err := n.PredictGraph(shape)
	if err != nil {
		return nil, err
	}
	return calls.Decomposed(g, func(op string) bool {
		_, ok := Registry.Get(op)
		return ok
	})
}

// sequence is the symbol of the steps of a block, with its number among those that are sequences.
type sequence struct {
	Symbol
	number int
}

func sequences(n *model.Network, tries map[string]int) (list []sequence) {
	number := 0
	for i := range n.Schema.Blocks {
		b := &n.Schema.Blocks[i]
		if !b.Sequence {
			continue
		}
		name := b.Name + "_steps"
		if try := tries[name]; try < len(shorter) && !n.Schema.Even(i) && number < model.MaxSequences {
			if steps := b.Shape[0] - shorter[try]; steps > 1 {
				list = append(list, sequence{Symbol{name, model.FeedBlock + b.Name, 1, steps, steps - 1}, number})
			}
		}
		number++
	}
	return list
}

// writer writes the inputs and outputs of a model around its net.
type writer struct {
	*builder
	net      *model.Network
	options  Options
	variants []Variant
	live     []*graph.Value    // inputs of the graph
	feeds    map[string]string // names of what feeds them
	metadata []file.Property
	described
}

// outputs are what heads predict.
func (w *writer) outputs(e *Emitter, g *graph.Graph) error {
	for k := range w.net.Heads {
		h := &w.net.Heads[k]
		name := model.OutPrediction
		if g.Output(name) == nil {
			name += "." + h.Name
		}
		v := g.Output(name)
		if v == nil {
			return fmt.Errorf("internal error: nothing predicts %s", h.Name)
		}
		a := e.any(v)
		dims := dimsOf(w.variants, v)
		switch {
		case a.form == merged && h.Sequence():
			dims = append(dimsOf(w.variants, a.like)[:len(a.like.Shape)-1], dims[len(dims)-1])
		default:
			a.Name = e.plain(v)
		}
		if e.err != nil {
			return e.err
		}
		if !w.options.Encoded {
			a.Name = w.denormalize(a.Name, export.ScalingsOf(&w.net.Schema.Heads[k]))
		}
		w.describeHead(k, w.output(name, a.Name, dims))
	}
	return w.describe()
}

// among reports whether an input of the graph is read.
func (w *writer) among(name string) *graph.Value {
	i := slices.IndexFunc(w.live, func(v *graph.Value) bool { return v.Node.Name == name })
	if i < 0 {
		return nil
	}
	return w.live[i]
}
