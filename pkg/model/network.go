package model

import (
	"errors"
	"slices"

	"dnn/pkg/dataset"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/graph/pass"
	"dnn/pkg/layers"
	"dnn/pkg/spec"
	"dnn/pkg/task"
	"dnn/pkg/weights"
)

// Network is a net that fits its data, ready to be compiled for any batch size.
type Network struct {
	Config *Config
	Schema *dataset.Schema
	Heads  []task.Head
	Dir    string         // folder that the paths in Config are relative to
	Off    []string       // passes switched off by name
	Digest string         // of the data it was or will be trained on; "" in models that do not tell
	Tuning Tunings        // of each head, by the predictions for the validation split; nil where nothing was fitted
	Refit  *Refit         // of a model that was trained on the validation split, too; else nil
	Forms  *weights.Forms // how its parameters are kept; nil where all are float32

	unresolved []dataset.Unresolved // inputs that a mistake in the spec keeps from being known
	rows       int                  // of the training split, or that states are carried for; 0 where neither is known
	folder     *pass.NormFolder
	first      firstValues    // of a training that begins
	segments   map[string]int // of training steps, by unit: what is computed again for the backward pass
	rounds     bool           // whether it predicts with rounded numbers, as train.quantize says
}

// Bind allocates the variables that a file holds, with their first values: those of the net, and what training keeps when
// it can be resumed.
func (n *Network) Bind(state *exec.State, resumable bool) error {
	g, err := n.PredictGraph(Rows(1))
	if err != nil {
		return err
	}
	if resumable {
		if g, err = trainingGraph(n); err != nil {
			return err
		}
	}
	return state.Bind(g)
}

// trainingGraph is one with all variables of a training.
func trainingGraph(n *Network) (*graph.Graph, error) {
	if n.Config.Train.Accumulate > 1 {
		return n.TrainGraph(Rows(1), Ending)
	}
	return n.TrainGraph(Rows(1), Alone)
}

// Folded is the net for prediction and scoring with the weights and statistics in state, its batch norms folded into the
// weights of the layers before them as far as they can be. folded and left tell how many were and were not. Its predictions
// differ from the net's own in the last bits. The state must not change while the net is in use, and the net cannot be
// trained.
func (n *Network) Folded(state *exec.State) (net *Network, folded, left int, err error) {
	c := *n
	if n.Forms.Any() { // what can be folded for good is
		return &c, len(n.Forms.Folded), 0, nil
	}
	flat := state.Buffer(VarWeights).Floats()
	if average := state.Data(VarAverage); average != nil {
		flat = average
	}
	c.folder = &pass.NormFolder{Data: func(name string) []float32 {
		if name == VarWeights {
			return flat
		}
		return state.Buffer(name).Floats()
	}}
	if _, err := c.PredictGraph(Rows(1)); err != nil {
		return nil, 0, 0, err
	}
	return &c, c.folder.Folded, c.folder.Left, nil
}

// Summarize lists the layers of a net with shapes, parameters, work and memory for batches of so many rows in training.
func (n *Network) Summarize(batch int) (rows []layers.Row, total layers.Row, err error) {
	c := n.compiler(graph.NewBuilder(), n.TrainingShape(batch), true)
	_, infos := c.forward()
	g, err := c.b.Finish()
	if err != nil {
		return nil, total, err
	}
	rows, total = layers.Summarize(g, infos)
	return rows, total, nil
}

// SpecFor prints the resolved spec with every default, its paths made to hold from the folder dir; "" leaves them as they
// are.
func (n *Network) SpecFor(dir string) ([]byte, error) {
	c := *n.Config
	if dir != "" {
		moved, err := c.Dataset.Rebase(n.Dir, dir)
		if err != nil {
			return nil, err
		}
		c.Dataset = *moved
		move, err := spec.Mover(n.Dir, dir)
		if err != nil {
			return nil, err
		}
		if c.Layers, err = layers.WithFiles(c.Layers, move); err != nil {
			return nil, err
		}
		c.Train.Init = slices.Clone(c.Train.Init)
		for i := range c.Train.Init {
			if in := &c.Train.Init[i]; in.From != "" {
				move(&in.From)
			} else {
				move(&in.Model)
			}
		}
		c.Train.Distill = c.Train.Distill.withFiles(move)
		if c.Compress, err = c.Compress.WithFiles(move); err != nil {
			return nil, err
		}
	}
	return spec.Encode(&c), nil
}

// With is the net with changes to the layers of its spec, each of them KEY=VALUE as --set takes it: another net for the same data and
// heads. It is an error if the layers do not fit together any more, or do not fit the data.
func With(n *Network, changes []string) (*Network, error) {
	text, err := n.SpecFor("")
	if err != nil {
		return nil, err
	}
	doc, err := spec.Parse("the changed spec", text, changes)
	if err != nil {
		return nil, err
	}
	var p spec.Problems
	config := Decode(doc, &p)
	config.Dataset.Split.KeepResolved()
	if err := p.Err(doc); err != nil {
		return nil, err
	}
	return WithLayers(n, config.Layers)
}

// ErrSmaller is the error of another net made of one whose weights are not float32.
var ErrSmaller = errors.New("the weights are quantized or kept in other forms than float32: remove units of the model that it was made of, and quantize the smaller one")

// WithLayers is the net with other layers, for the same data and heads.
func WithLayers(n *Network, list []layers.Entry) (*Network, error) {
	if n.Forms.Any() {
		return nil, ErrSmaller
	}
	config := *n.Config
	config.Layers = list
	changed := *n
	changed.Config, changed.folder, changed.first, changed.segments = &config, nil, nil, nil
	if err := fitHeads(&changed); err != nil {
		return nil, err
	}
	return &changed, nil
}
