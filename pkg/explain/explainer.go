// Package explain tells what in a row speaks for a prediction: integrated gradients of numbers and embeddings, heat maps of images.
package explain

import (
	"errors"
	"fmt"
	"strings"

	"dnn/pkg/dataset"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/graph/grad"
	"dnn/pkg/layers"
	"dnn/pkg/model"
)

// Names in the graphs that explain.
const (
	outScores   = "scores"
	outMaps     = "maps"
	outMapsGrad = "maps_gradient"
)

// ErrNoMaps is what GradCAM says of a net without a layer that keeps the axes of an image.
var ErrNoMaps = errors.New("the net has no layer with maps of features (of shape [height, width, channels])")

// Explainer differentiates a net's predictions by what the net is given.
type Explainer struct {
	net   *model.Network
	state *exec.State
	pool  *exec.Pool
	most  int // numbers in memory for a row
}

// NewExplainer prepares to explain predictions. Where the state has a moving average of the weights, that is used. Sequences that
// come in chunks (train.stateful) are explained in one piece, with the same predictions.
func NewExplainer(net *model.Network, state *exec.State, pool *exec.Pool) *Explainer {
	if net.Config.Train.Stateful {
		whole, config := *net, *net.Config
		config.Train.Stateful = false
		whole.Config, net = &config, &whole
	}
	return &Explainer{net, state, pool, model.MaxRowFloats}
}

// HeatMap says how much each place of an image raises the score of a prediction.
type HeatMap struct {
	Layer         string // whose maps were weighed
	Rows, Columns int
	Channels      int
	Values        []float64 // Rows × Columns, of 0 and more
}

// GradCAM weighs the maps of the last layer that keeps the axes of an image: with A_k map k of Z places and s the score of
// the prediction,
//
//	α_k = 1/Z Σ_places ∂s/∂A_k,   map = max(0, Σ_k α_k·A_k)
//
// x holds one row. Source: Selvaraju et al. 2017, Grad-CAM, equations 1 and 2. The error is ErrNoMaps when there is no such
// layer.
func (e *Explainer) GradCAM(x *dataset.Batch, a Prediction) (*HeatMap, error) {
	var h *HeatMap
	g, err := e.build(model.Rows(1), a.head, func(b *graph.Builder, out *graph.Value, infos []layers.Info) error {
		maps, layer := e.lastMaps(b, out, infos)
		if maps == nil {
			return ErrNoMaps
		}
		h = &HeatMap{Layer: layer, Rows: maps.Shape[1], Columns: maps.Shape[2], Channels: maps.Shape[3]}
		b.SetOutput(outMaps, maps)
		b.SetOutput(outMapsGrad, grad.Build(b, out, seed(b, out, a), []*graph.Value{maps})[0])
		return nil
	})
	if err != nil {
		return nil, err
	}
	p, err := e.compile(g)
	if err != nil {
		return nil, err
	}
	p.FeedBatch(x)
	p.Run()
	h.Values = weighMaps(p.Output(outMaps).F, p.Output(outMapsGrad).F, h.Channels)
	return h, nil
}

// weighMaps is max(0, Σ_k α_k·A_k) for maps [places, channels].
func weighMaps(maps, gradient []float32, channels int) []float64 {
	alpha := make([]float64, channels)
	for i, g := range gradient {
		alpha[i%channels] += float64(g)
	}
	places := len(maps) / channels
	values := make([]float64, places)
	for i := range values {
		sum := 0.0
		for k, v := range maps[i*channels : (i+1)*channels] {
			sum += float64(alpha[k] / float64(places) * float64(v))
		}
		values[i] = max(0, sum)
	}
	return values
}

// HasMaps reports whether GradCAM can explain head k.
func (e *Explainer) HasMaps(k int) bool {
	found := false
	_, err := e.build(model.Rows(1), k, func(b *graph.Builder, out *graph.Value, infos []layers.Info) error {
		maps, _ := e.lastMaps(b, out, infos)
		found = maps != nil
		return nil
	})
	return err == nil && found
}

// lastMaps finds the output of the last layer that keeps the axes of an image, of shape [1, height, width, channels], and
// the layer's name; nil when there is none. What has the shape of the image itself does not count: it was made by layers
// that look at each place alone.
func (e *Explainer) lastMaps(b *graph.Builder, out *graph.Value, infos []layers.Info) (*graph.Value, string) {
	leads := above(out)
	for i := len(infos) - 1; i >= 0; i-- {
		s := infos[i].Out.Shape
		if len(s) != 4 || s[1]*s[2] < 2 || infos[i].Out.DType != graph.F32 || e.givesShape(s[1:]) {
			continue
		}
		values := b.Values()
		for k := len(values) - 1; k >= 0; k-- {
			v := values[k]
			own := v.Node.Scope == infos[i].Name || strings.HasPrefix(v.Node.Scope, infos[i].Name+".")
			if own && leads[v] && v.Shape.Equal(s) {
				return v, infos[i].Name
			}
		}
	}
	return nil, ""
}

// givesShape reports whether an input of the data has that shape.
func (e *Explainer) givesShape(s graph.Shape) bool {
	for _, in := range e.net.Schema.Inputs {
		if s.Equal(in.Shape) {
			return true
		}
	}
	return false
}

// above marks all that a value is computed from.
func above(v *graph.Value) map[*graph.Value]bool {
	seen := map[*graph.Value]bool{}
	var visit func(v *graph.Value)
	visit = func(v *graph.Value) {
		if seen[v] {
			return
		}
		seen[v] = true
		for _, in := range v.Node.Inputs {
			visit(in)
		}
	}
	visit(v)
	return seen
}

// seed is the gradient of a prediction, in its own unit, by the net's output.
func seed(b *graph.Builder, out *graph.Value, a Prediction) *graph.Value {
	data := make([]float32, out.Shape.Size())
	at, row := a.place(out.Shape)
	for ; at < len(data); at += row {
		data[at] = float32(a.scale)
	}
	return b.Const(out.Shape, data)
}

// build builds the net for batches of that shape as it predicts, and lets more add to it, given the output of head k: of several
// levels the one that is predicted. The graph is not rewritten yet.
func (e *Explainer) build(shape model.BatchShape, k int, more func(b *graph.Builder, out *graph.Value, infos []layers.Info) error) (g *graph.Graph, err error) {
	b := graph.NewBuilder()
	outs, infos, err := e.net.Outputs(b, shape)
	if err != nil {
		return nil, err
	}
	out := outs[k].Value
	if out.Shape.Rank() != 2 && !e.net.Heads[k].Sequence() {
		return nil, fmt.Errorf("only nets with one prediction a row can be explained; this one puts out %v", out.Shape[1:])
	}
	out = model.Central(e.net, b, k, out)
	if err := differentiable(func() error { return more(b, out, infos) }); err != nil {
		return nil, err
	}
	return b.Finish()
}

// differentiable turns the panic of a gradient that does not exist into an error.
func differentiable(work func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			missing, ok := r.(*grad.NoGradient)
			if !ok {
				panic(r)
			}
			err = fmt.Errorf("the net cannot be explained: %w", missing)
		}
	}()
	return work()
}

// compile rewrites a graph and makes it ready to run.
func (e *Explainer) compile(g *graph.Graph) (*model.Program, error) {
	g, err := model.Optimize(e.net, g)
	if err != nil {
		return nil, err
	}
	return e.program(g)
}

// program makes a graph that was rewritten ready to run.
func (e *Explainer) program(g *graph.Graph) (*model.Program, error) {
	return e.net.Compile(g, e.state, e.pool, model.Evaluation(e.state))
}
