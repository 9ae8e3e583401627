package importer

import (
	"fmt"
	"math"
	"slices"

	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/layers"
	"dnn/pkg/spec"
	"dnn/pkg/train/checkpoint"
)

// Array is an array of float32, row by row.
type Array struct {
	Shape []int
	Data  []float32
}

// Tensors are the parameters and statistics by the names that they have in a model file.
func (net *Net) Tensors() []checkpoint.Tensor {
	var out []checkpoint.Tensor
	for _, l := range net.Layers {
		for _, p := range l.Params {
			out = append(out, checkpoint.New(l.Name+"."+p.Role, p.Shape, p.Data))
		}
	}
	return out
}

// Run computes what the graph puts out for inputs as it takes them, by their names in the net.
func (net *Net) Run(in map[string]Array, pool *exec.Pool) (Array, error) {
	b := graph.NewBuilder()
	out, err := net.build(b, in)
	if err != nil {
		return Array{}, err
	}
	b.SetOutput("output", out)
	g, err := b.Finish()
	if err != nil {
		return Array{}, err
	}
	state := exec.NewState()
	p, err := exec.Compile(g, state, pool, exec.Options{})
	if err != nil {
		return Array{}, err
	}
	if err := net.fill(g, state); err != nil {
		return Array{}, err
	}
	for _, x := range net.Inputs {
		if err := x.feed(p.Feed(blockOf(x)), in[x.Name]); err != nil {
			return Array{}, err
		}
	}
	p.Forward()
	y := Array{out.Shape, slices.Clone(p.Output("output").F)}
	net.end(y)
	return net.turned(y), nil
}

func blockOf(x *Input) string { return "input." + x.Name }

// build adds the layers for the rows of the inputs.
func (net *Net) build(b *graph.Builder, in map[string]Array) (*graph.Value, error) {
	doc, err := spec.Parse("layers", []byte(net.LayersText()), nil)
	if err != nil {
		return nil, err
	}
	var p spec.Problems
	var read struct{ Layers []layers.Entry }
	doc.Decode(&read, &p)
	s := layers.Spec{Layers: read.Layers}
	rows := 0
	for _, x := range net.Inputs {
		a, ok := in[x.Name]
		if !ok || len(a.Shape) != len(x.Axes) || sizeOf(a.Shape) != len(a.Data) {
			return nil, fmt.Errorf("input %s must be an array of %d axes, and is of shape %v", x.Name, len(x.Axes), a.Shape)
		}
		one := layers.Input{Name: x.Name, Block: blockOf(x), Ints: x.Tokens > 0, Categories: x.Tokens}
		one.Shape = make(graph.Shape, len(x.Shape))
		for i, at := range x.Axes {
			if at < 0 {
				rows = a.Shape[i]
			} else {
				one.Shape[at] = a.Shape[i]
			}
		}
		one.BlockShape = one.Shape
		s.Inputs = append(s.Inputs, one)
	}
	outs, _ := layers.Build(b, s, rows, false, &p)
	if err := p.Err(doc); err != nil {
		return nil, err
	}
	return outs[0].Value, nil
}

// fill gives the variables of a graph the net's numbers.
func (net *Net) fill(g *graph.Graph, state *exec.State) error {
	have := map[string]Param{}
	for _, l := range net.Layers {
		for _, p := range l.Params {
			have[l.Name+"."+p.Role] = p
		}
	}
	take := func(name string, shape graph.Shape, to []float32) error {
		p, ok := have[name]
		if delete(have, name); !ok {
			return fmt.Errorf("internal error: the graph gave no numbers for %s", name)
		}
		if !slices.Equal(p.Shape, shape) {
			return fmt.Errorf("internal error: %s has the shape %v, not %v", name, p.Shape, shape)
		}
		copy(to, p.Data)
		return nil
	}
	for _, v := range g.Vars {
		if v.Class == graph.State {
			if err := take(v.Name, v.Value.Shape, state.Data(v.Name)); err != nil {
				return err
			}
		}
		for _, p := range v.Params {
			if err := take(p.Name, p.Shape, state.Data(v.Name)[p.Offset:][:p.Shape.Size()]); err != nil {
				return err
			}
		}
	}
	for name := range have {
		return fmt.Errorf("internal error: no layer has a parameter %s", name)
	}
	return nil
}

// feed writes an array in the order of the graph into the storage of the input.
func (x *Input) feed(to graph.Buffer, a Array) error {
	shape := make([]int, len(a.Shape)) // batch, and the axes of Shape
	for i, at := range x.Axes {
		shape[at+1] = a.Shape[i]
	}
	step := strides(shape)
	var err error
	each(a.Shape, func(i int, index []int) {
		at := 0
		for ax, v := range index {
			at += v * step[x.Axes[ax]+1]
		}
		if to.F != nil {
			to.F[at] = a.Data[i]
			return
		}
		if token := a.Data[i]; token < 0 || int(token) >= x.Tokens {
			err = fmt.Errorf("input %s has the token %g, and there are %d", x.Name, token, x.Tokens)
		} else {
			to.I[at] = int32(token)
		}
	})
	return err
}

// turned is an output in the order of the graph.
func (net *Net) turned(y Array) Array {
	if net.out == nil {
		return y
	}
	step := strides(y.Shape)
	out := Array{Data: make([]float32, len(y.Data))}
	for _, at := range net.out {
		out.Shape = append(out.Shape, y.Shape[at])
	}
	each(out.Shape, func(i int, index []int) {
		from := 0
		for ax, v := range index {
			from += v * step[net.out[ax]]
		}
		out.Data[i] = y.Data[from]
	})
	return out
}

// end applies what the layers leave to the loss.
func (net *Net) end(y Array) {
	n := y.Shape[len(y.Shape)-1]
	for at := 0; at < len(y.Data); at += n {
		row := y.Data[at : at+n]
		most, sum := slices.Max(row), 0.0
		for _, x := range row {
			sum += math.Exp(float64(x - most))
		}
		for i, x := range row {
			switch net.Ends {
			case "softmax":
				row[i] = float32(math.Exp(float64(x-most)) / sum)
			case "log_softmax":
				row[i] = float32(float64(x-most) - math.Log(sum))
			case "sigmoid":
				row[i] = float32(sigmoid(float64(x)))
			}
		}
	}
}
