package export

import (
	"fmt"
	"slices"
	"strings"

	"dnn/pkg/dataset"
	"dnn/pkg/export/calls"
	"dnn/pkg/graph"
	"dnn/pkg/model"
	"dnn/pkg/task"
)

// Model is what libraries of any language are written from: the net as calls for one row, what feeds it, and what is made of its
// predictions.
type Model struct {
	Name    string
	Net     *calls.Net
	Columns []Column
	Lengths []Length
	Heads   []Head
	Widened []string // forms of the model's weights that are float32 in the net: all but int8, which the calls compute with
}

// Length is the number of steps of an input, which is fed to the net.
type Length struct {
	Column string
	calls.Place
}

// Head is something that the net predicts, and where its numbers lie.
type Head struct {
	task.Head
	calls.Place
	Steps     int              // numbers of predictions: one, or one for each step of a sequence
	Of        string           // the column of that sequence
	Scalings  []Scaling        // of numbers, one for each
	Intervals []model.Interval // around numbers
}

// plainly are the passes that join ops for speed, which would need kernels of their own. No bit depends on them.
var plainly = []string{"fuse_conv", "fuse_elementwise", "fuse_images", "fuse_norm", "hoist_elementwise"}

// Open makes a model ready to be written. The error of a model that cannot be says which column or layer is in the way.
func Open(f *model.File) (*Model, error) {
	n := *f.Net
	n.Off = plainly
	switch {
	case dataset.ContinuesText(n.Schema):
		return nil, fmt.Errorf("%s continues texts; only models that predict rows are exported", f.Path)
	case n.Config.Train.Stateful:
		return nil, fmt.Errorf("%s carries states from chunk to chunk (train.stateful); such models are not exported", f.Path)
	case n.Schema.LabelColumns.HasOffset():
		return nil, fmt.Errorf("%s predicts a series relative to its history; such models are not exported", f.Path)
	}
	for _, h := range n.Heads {
		if h.Text() {
			return nil, fmt.Errorf("%s writes texts (%s); only models that predict classes, labels and numbers are exported", f.Path, h.Name)
		}
	}
	m := &Model{Name: n.Config.Name}
	if n.Forms.Any() {
		m.Widened = slices.DeleteFunc(n.Forms.Kinds(), func(kind string) bool { return kind == "int8" })
	}
	columns, err := columnsOf(n.Schema)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", f.Path, err)
	}
	g, err := n.PredictGraph(model.Rows(1))
	if err == nil {
		g, err = calls.Decomposed(g, calls.Known)
	}
	if err != nil {
		return nil, err
	}
	if m.Net, err = calls.New(g, Variables(f)); err != nil {
		return nil, fmt.Errorf("%s: %w", f.Path, err)
	}
	m.place(&n, columns)
	return m, nil
}

// Variables are those of a file, as they predict.
func Variables(f *model.File) func(v *graph.Var) graph.Buffer {
	return func(v *graph.Var) graph.Buffer {
		name := v.Name
		if other, ok := model.Evaluation(f.State).Bind[name]; ok {
			name = other
		}
		b := f.State.Buffer(name)
		if v.Value.DType == graph.F32 {
			return graph.Buffer{F: b.Floats()}
		}
		return b
	}
}

// place finds where columns and predictions lie. What the net does not read has no place: its columns are left out.
func (m *Model) place(n *model.Network, columns []Column) {
	places := map[string]calls.Place{}
	for _, p := range m.Net.Inputs {
		places[p.Name] = p
	}
	for _, c := range columns {
		block := n.Schema.Blocks[c.Block].Name
		if p, ok := places[model.FeedBlock+block]; ok {
			c.Place, c.Offset = p, p.Offset+c.At
			m.Columns = append(m.Columns, c)
		}
		if p, ok := places[model.FeedLengths+block]; ok {
			m.Lengths = append(m.Lengths, Length{c.Name, p})
		}
	}
	for k, h := range n.Heads {
		head := Head{Head: h, Steps: 1, Scalings: ScalingsOf(&n.Schema.Heads[k]), Intervals: n.Tuning.Intervals(k)}
		for _, p := range m.Net.Outputs {
			if p.Name == model.OutPrediction || strings.TrimPrefix(p.Name, model.OutPrediction+".") == h.Name {
				head.Place = p
			}
		}
		if h.Sequence() {
			in := n.Schema.Input(h.Axis.Of)
			head.Steps, head.Of = n.Schema.Blocks[in.Block].Shape[0], in.Columns[0]
		}
		m.Heads = append(m.Heads, head)
	}
}
