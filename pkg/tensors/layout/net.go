package layout

import (
	"slices"
	"strings"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

// Layers are those of a net that learned something, in the order in which they compute. values are those of the net's graph for
// predictions, kinds the kinds of its layers by their names.
func Layers(values []*graph.Value, kinds map[string]string, paramOf func(v *graph.Value) *graph.Param) []Layer {
	var list []*Layer
	n := &net{flats: map[*graph.Value]flatness{}}
	byName, params := map[string]*Layer{}, map[*graph.Value]*Param{}
	find := func(name string) *Layer {
		l := byName[name]
		if l == nil {
			l = &Layer{Name: name, Kind: kinds[name]}
			byName[name] = l
		}
		return l
	}
	for _, v := range values {
		name, shape := "", v.Shape
		if p := paramOf(v); p != nil {
			name, shape = p.Name, p.Shape
		} else if v.Node.Leaf == graph.Variable && v.Node.Op == nil && strings.Contains(v.Node.Name, ".") {
			name = v.Node.Name
		}
		owner := ownerOf(name, kinds)
		if owner == "" {
			continue
		}
		l := find(owner)
		if len(l.Params) == 0 {
			list = append(list, l)
		}
		p := &Param{Role: strings.TrimPrefix(name, owner+"."), Shape: shape}
		params[v] = p
		l.places = append(l.places, p)
		l.Params = append(l.Params, *p)
	}
	for _, v := range values {
		if v.Index == 0 && v.Node.Op != nil {
			n.look(v, params, find)
		}
	}
	var layers []Layer
	for _, l := range list {
		for i, p := range l.places {
			l.Params[i] = *p
		}
		slices.SortStableFunc(l.Params, func(a, b Param) int { return rank(a.Role) - rank(b.Role) })
		l.places = nil
		layers = append(layers, *l)
	}
	return layers
}

// rank puts scales before shifts before statistics, as all programs do.
func rank(role string) int {
	return slices.Index([]string{"running_mean", "running_variance"}, role)
}

// ownerOf is the innermost layer that a parameter is of; "" where there is none.
func ownerOf(name string, kinds map[string]string) string {
	for at := strings.LastIndexByte(name, '.'); at > 0; at = strings.LastIndexByte(name[:at], '.') {
		if _, ok := kinds[name[:at]]; ok {
			return name[:at]
		}
	}
	return ""
}

// net says in what order other programs count features.
type net struct{ flats map[*graph.Value]flatness }

// flatness is the shape of what was flattened into the last axis of a value, channels last; mixed where it was joined with others.
type flatness struct {
	shape graph.Shape
	mixed bool
}

// look notes what a node says of the parameters that it takes.
func (n *net) look(v *graph.Value, params map[*graph.Value]*Param, find func(name string) *Layer) {
	in := v.Node.Inputs
	if a, ok := v.Node.Attrs.(op.AttentionAttrs); ok {
		l := find(v.Node.Scope)
		l.Heads, l.KeyHeads = a.Heads, a.KeyHeads
	}
	if a, ok := v.Node.Attrs.(op.RecurrentAttrs); ok && a.ResetBefore {
		find(v.Node.Scope).ResetBefore = true
	}
	if _, ok := v.Node.Attrs.(op.ConvAttrs); ok && len(in) > 1 && params[in[1]] != nil {
		params[in[1]].Channels = in[0].Shape.Last()
	}
	switch name := v.Node.Op.Name; {
	case name == "reshape" && params[in[0]] != nil && len(v.Shape) > 2: // the window of a convolution
		params[in[0]].Space = len(v.Shape) - 2
	case name == "matmul" && params[in[1]] != nil:
		if from := in[0].Node; from.Op != nil && from.Op.Name == "reshape" && len(from.Inputs[0].Shape) > 2 && channelsLead(from.Inputs[0]) {
			params[in[1]].Space = len(from.Inputs[0].Shape) - 2
		}
	}
	for _, x := range in[min(1, len(in)):] {
		if p := params[x]; p != nil && len(p.Shape) <= 2 && p.Shape.Last() == in[0].Shape.Last() {
			f := n.flat(in[0])
			p.Flat, p.Mixed = f.shape, f.mixed
		}
	}
}

// keeping are the ops that keep the order of the features.
var keeping = map[string]bool{
	"add": true, "sub": true, "mul": true, "div": true, "scale": true, "add_scalar": true, "clip": true, "maximum": true,
	"minimum": true, "batch_norm_apply": true, "layer_norm": true, "rms_norm": true, "square": true, "sqrt": true, "exp": true, "abs": true,
}

// flat says how the features of a value came about.
func (n *net) flat(v *graph.Value) (f flatness) {
	if f, ok := n.flats[v]; ok || v.Node.Op == nil || len(v.Node.Inputs) == 0 {
		return f
	}
	in := v.Node.Inputs
	_, activates := v.Node.Attrs.(op.ActivateAttrs)
	switch name := v.Node.Op.Name; {
	case name == "reshape":
		from := in[0].Shape
		switch rest := from[min(1, len(from)):]; {
		case len(from) > 0 && from.Last() == v.Shape.Last():
			f = n.flat(in[0])
		case len(rest) > 1 && rest.Size() == v.Shape.Last() && rest.Last() > 1 && rest.Size() > rest.Last() && channelsLead(in[0]):
			f.shape = rest
		}
	case name == "concat":
		for _, x := range in {
			other := n.flat(x)
			f.mixed = f.mixed || other.mixed || other.shape != nil
		}
	case activates || keeping[name]:
		for _, x := range in {
			if other := n.flat(x); x.Shape.Equal(v.Shape) && (other.mixed || other.shape != nil) {
				f = other
			}
		}
	}
	n.flats[v] = f
	return f
}

// channelsLead reports whether a value is one that other programs keep with the channels before the axes of space: images, and what
// convolutions and pooling make.
func channelsLead(v *graph.Value) bool {
	for {
		n := v.Node
		switch {
		case n.Op == nil:
			return len(v.Shape) > 3
		case n.Op.Name == "conv" || n.Op.Name == "conv_transpose" || strings.Contains(n.Op.Name, "_pool") || n.Op.Name == "upsample":
			return true
		case n.Op.Name == "reshape" && !slices.Equal(n.Inputs[0].Shape, v.Shape):
			return len(v.Shape) > 3
		case len(n.Inputs) == 0 || len(n.Inputs[0].Shape) != len(v.Shape):
			return false
		case n.Op.Name == "matmul" || n.Op.Name == "attention" || n.Op.Name == "lstm" || n.Op.Name == "gru" || n.Op.Name == "rnn":
			return false
		}
		v = n.Inputs[0]
	}
}
