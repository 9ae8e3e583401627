package model

import (
	"fmt"

	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/graph/op"
	"dnn/pkg/graph/pass"
	"dnn/pkg/weights"
)

// In returns the model with its parameters kept in these forms; those without one are float32. f stays as it is, and the result
// shares no values with it. What was fitted to its predictions stays, too.
func (f *File) In(forms *weights.Forms) (*File, error) { return f.with(forms, f.learned()) }

// with is the model with other forms and values.
func (f *File) with(forms *weights.Forms, have map[string]piece) (*File, error) {
	net := *f.Net
	if err := keepIn(&net, forms); err != nil {
		return nil, err
	}
	g, err := net.PredictGraph(Rows(1))
	if err != nil {
		return nil, err
	}
	state := exec.NewState()
	if err := state.Declare(g); err != nil {
		return nil, err
	}
	if err := state.Reserve(); err != nil {
		return nil, err
	}
	if err := fill(&net, state, have); err != nil {
		return nil, err
	}
	return &File{Path: f.Path, Net: &net, State: state}, nil
}

// keepIn sets the forms of the parameters; nil and empty ones stand for float32.
func keepIn(n *Network, forms *weights.Forms) error {
	if n.Forms = nil; !forms.Any() {
		return nil
	}
	g, err := plainGraph(n)
	if err != nil {
		return err
	}
	if err := forms.Settle(g); err != nil {
		return err
	}
	n.Forms = forms
	return nil
}

// plainGraph is the graph of the net as its layers build it, up to the outputs of its heads.
func plainGraph(n *Network) (*graph.Graph, error) {
	b := graph.NewBuilder()
	outs, _, err := n.Outputs(b, Rows(1))
	if err != nil {
		return nil, err
	}
	for k, out := range outs {
		b.SetOutput(n.headName(OutPrediction, k), out.Value)
	}
	return b.Finish()
}

// fill gives the variables of a net what was learned, in its forms.
func fill(n *Network, state *exec.State, have map[string]piece) error {
	packed := map[string]bool{}
	for _, name := range n.Forms.Names() {
		arrays := n.Forms.Buffers(name, state.Buffer)
		if arrays == nil {
			continue
		}
		p, from := n.Forms.Param(name), have[name]
		form := n.Forms.Of[name].(weights.Packed)
		for i, coded := range form.Encode(p, from.floats()) {
			copyBuffer(arrays[i], coded)
			packed[name+form.Arrays(p)[i].Suffix] = true
		}
	}
	for _, to := range stored(n, state) {
		if packed[to.name] {
			continue
		}
		from, ok := have[to.name]
		if !ok {
			return fmt.Errorf("the model has no values for %s", to.name)
		}
		copy(to.data.F, from.floats())
		if form, ok := n.Forms.Form(to.name).(weights.Stored); ok {
			weights.Round(form.File(), to.data.F)
		}
	}
	return nil
}

func copyBuffer(dst, src graph.Buffer) {
	copy(dst.F, src.F)
	copy(dst.I, src.I)
	copy(dst.H, src.H)
	copy(dst.S, src.S)
	copy(dst.U, src.U)
}

// Folded returns the model with those of its batch norms folded into the layers before them that can be, so that what is left are
// the weights that are multiplied with. Its predictions differ in their last bits. f stays as it is.
func (f *File) Folded() (*File, error) {
	if f.Net.Forms.Any() {
		return nil, fmt.Errorf("%s: its weights are in other forms already", f.Path)
	}
	have := f.learned()
	g, err := plainGraph(f.Net)
	if err != nil {
		return nil, err
	}
	flat := map[string][]float32{}
	for _, v := range g.Vars {
		x := make([]float32, v.Value.Shape.Size())
		for _, p := range v.Params {
			one := have[p.Name]
			copy(x[p.Offset:], one.floats())
		}
		if v.Params == nil {
			one := have[v.Name]
			x = one.floats()
		}
		flat[v.Name] = x
	}
	forms := (*weights.Forms)(nil).Clone()
	folder := pass.NormFolder{Data: func(name string) []float32 { return flat[name] }}
	for _, n := range folder.Foldable(g) {
		name, bias := op.NormName(n.Norm), ""
		weight, _ := g.ParamOf(n.Weight)
		have[weight.Name] = floatPiece(weight.Name, weight.Shape, n.Weights)
		if n.Bias != nil {
			p, _ := g.ParamOf(n.Bias)
			bias = p.Name
			have[bias] = floatPiece(bias, p.Shape, n.Biases)
		} else {
			have[weights.FoldedBias(name)] = floatPiece(weights.FoldedBias(name), graph.Shape{len(n.Biases)}, n.Biases)
		}
		forms.Folded[name] = bias
	}
	return f.with(forms, have)
}

func floatPiece(name string, shape graph.Shape, x []float32) piece {
	return piece{name: name, dtype: dtypes[graph.F32], shape: shape, data: graph.Buffer{F: x}}
}

// Observed is the graph of PredictGraph, of a net in float32, with outputs for what meets the named parameters in products; and the
// names of these outputs by parameter.
func Observed(n *Network, shape BatchShape, names map[string]bool) (*graph.Graph, map[string][]string, error) {
	if n.Forms.Any() && len(n.Forms.Of) > 0 {
		return nil, nil, ErrForms
	}
	c := n.compiler(graph.NewBuilder(), shape, false)
	outs, _ := c.forward()
	if err := c.misfit(outs); err != nil {
		return nil, nil, err
	}
	for k, out := range outs {
		c.b.SetOutput(n.headName(OutPrediction, k), out.Value)
	}
	g, err := c.b.Finish()
	if err != nil {
		return nil, nil, err
	}
	if g, err = n.Forms.Rewrite(g); err != nil { // folded norms
		return nil, nil, err
	}
	g, outputs, err := weights.Observe(g, names)
	if err != nil {
		return nil, nil, err
	}
	g, err = pass.Run(g, n.Off)
	return g, outputs, err
}

// Parameters are those of the net, with their values as float32, by name.
func (f *File) Parameters() (map[string]Parameter, error) {
	g, err := plainGraph(f.Net)
	if err != nil {
		return nil, err
	}
	all, have := map[string]Parameter{}, f.learned()
	for _, v := range g.Vars {
		for _, p := range v.Params {
			if one, ok := have[p.Name]; ok { // folded norms have none
				all[p.Name] = Parameter{p, one.floats()}
			}
		}
	}
	return all, nil
}

// Parameter is one of a net, with its values.
type Parameter struct {
	graph.Param
	Values []float32
}

// KeptBytes is what the parameters of a net take in its file.
func KeptBytes(n *Network) (bytes int, err error) {
	g, err := plainGraph(n)
	if err != nil {
		return 0, err
	}
	for _, v := range g.Vars {
		for _, p := range v.Params {
			bytes += weights.Bytes(n.Forms.Form(p.Name), p)
		}
	}
	return bytes, nil
}
