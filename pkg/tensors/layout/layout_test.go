package layout_test

import (
	"fmt"
	"slices"
	"testing"

	"dnn/pkg/graph"
	"dnn/pkg/layers"
	"dnn/pkg/spec"
	"dnn/pkg/tensors/layout"
)

// built are the layers of a case of a kind.
func built(t *testing.T, c layers.Case) []layout.Layer {
	t.Helper()
	doc, err := spec.Parse("t.yaml", []byte("layers: ["+c.Layer+"]"), nil)
	if err != nil {
		t.Fatal(err)
	}
	var p spec.Problems
	var s struct{ Layers []layers.Entry }
	doc.Decode(&s, &p)
	in := c.In
	if in == nil {
		in = []layers.Input{{Name: "x", Block: "input.x", BlockShape: graph.Shape{6}, Shape: graph.Shape{6}}}
	}
	b := graph.NewBuilder()
	_, infos := layers.Build(b, layers.Spec{Layers: s.Layers, Inputs: in, Sizes: layers.Sizes{Classes: 3, Known: true}}, 4, false, &p)
	if err := p.Err(doc); err != nil {
		t.Fatal(err)
	}
	kinds := map[string]string{}
	for _, info := range infos {
		kinds[info.Name] = info.Kind
	}
	return layout.Layers(b.Values(), kinds, func(v *graph.Value) *graph.Param {
		q, _ := b.ParamOf(v)
		return q
	})
}

// foreign are the kinds that a program has no layer like, or not with all settings.
var foreign = map[string][]string{
	"torch": {"gru"},
}

// What is written of a layer's parameters and read again is the same, in all forms: nothing is left out, nothing lies twice.
func TestWritingAndReading(t *testing.T) {
	for _, program := range layout.Programs.Kinds() {
		for _, k := range layers.Registry.Kinds() {
			for i, c := range k.Value.Cases() {
				t.Run(fmt.Sprintf("%s/%s/%d", program.Key, k.Key, i), func(t *testing.T) {
					for _, l := range built(t, c) {
						modules := program.Value(&l)
						if covered(&l, modules) < len(l.Params) && !slices.Contains(foreign[program.Key], l.Kind) {
							t.Errorf("%s has %v, and not all of it has a place", l.Name, l.Params)
						}
						for _, m := range modules {
							for _, form := range m.Forms {
								roundTrip(t, &l, form)
							}
						}
					}
				})
			}
		}
	}
}

// covered counts the parameters that modules hold.
func covered(l *layout.Layer, modules []layout.Module) int {
	roles := map[string]bool{}
	for _, m := range modules {
		for _, role := range m.Forms[0].Roles() {
			roles[role] = true
		}
	}
	return len(roles)
}

// roundTrip writes and reads a form of a layer whose numbers all differ. Of two parameters that the form has the sum of, the second is 0.
func roundTrip(t *testing.T, l *layout.Layer, form layout.Form) {
	t.Helper()
	params, read := map[string][]float32{}, map[string][]float32{}
	n := 0
	for _, p := range l.Params {
		if slices.Contains(form.Roles(), p.Role) {
			x := make([]float32, p.Shape.Size())
			for i := range x {
				n++
				x[i] = float32(n)
			}
			params[p.Role], read[p.Role] = x, make([]float32, len(x))
		}
	}
	for _, tensor := range form {
		for _, b := range tensor.Blocks {
			if b.Added {
				clear(params[b.Role])
			}
		}
	}
	for _, tensor := range form {
		data := make([]float32, tensor.Shape.Size())
		tensor.Write(data, params)
		if !tensor.Count && slices.Contains(data, 0) {
			t.Errorf("%s of %v is not filled: %v", tensor.Name, tensor.Shape, data)
		}
		tensor.Read(read, data)
	}
	for role, want := range params {
		if !slices.Equal(read[role], want) {
			t.Errorf("%s.%s is read as %v, want %v", l.Name, role, read[role], want)
		}
	}
}

// A dense layer behind a flattened image counts features channel by channel in PyTorch, and so do norms before it. Where only a part of
// the features comes of an image, nothing is known.
func TestFlattened(t *testing.T) {
	image := []layers.Input{{Name: "x", Block: "input.x", BlockShape: graph.Shape{2, 2, 3}, Shape: graph.Shape{2, 2, 3}}}
	torch, _ := layout.Programs.Get("torch")
	list := built(t, layers.Case{In: image, Layer: "flatten, {type: batch_norm}, {type: dense, units: 1, bias: false, name: d}"})
	d := list[len(list)-1]
	data := make([]float32, 12)
	own := map[string][]float32{"weight": {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}}
	torch(&d)[0].Forms[0][0].Write(data, own)
	if want := []float32{0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11}; !slices.Equal(data, want) {
		t.Errorf("wrote %v, want %v", data, want)
	}
	if gamma := list[0].Params[0]; !gamma.Flat.Equal(graph.Shape{2, 2, 3}) {
		t.Errorf("%s has the features %v", gamma.Role, gamma.Flat)
	}
	list = built(t, layers.Case{In: append(image, layers.Input{Name: "y", Block: "input.y", BlockShape: graph.Shape{2}, Shape: graph.Shape{2}}),
		Layer: "{type: flatten, inputs: [x], name: f}, {type: concat, inputs: [f, y]}, {type: dense, units: 1}"})
	if d := list[0]; len(torch(&d)) != 0 {
		t.Errorf("%s has features of several sources and a place in PyTorch", d.Name)
	}
}
