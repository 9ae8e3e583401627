package importer

import "strings"

// excited is a product of images x and one number for each of their channels that comes of the means of these: what other tools write
// as a pool, two products and a multiplication is a layer squeeze_excite. It is nil for anything else.
func excited(n *node, x, gate *signal) *signal {
	r := n.r
	x, gate = r.settled(x), r.settled(gate)
	outer, g := r.behind(gate.layer)
	if outer == nil {
		return nil
	}
	inner, f := r.behind(outer.Inputs[0])
	if inner == nil {
		return nil
	}
	pool := r.layers[inner.Inputs[0]]
	for pool != nil && (pool.Kind == "reshape" || pool.Kind == "flatten") {
		pool = r.layers[pool.Inputs[0]]
	}
	if pool == nil || !strings.HasPrefix(pool.Kind, "global_avg_pool") || pool.Inputs[0] != x.layer || x.own == nil {
		return nil
	}
	channels := x.own[len(x.own)-1].size()
	squeeze, excite := inner.find("weight"), outer.find("weight")
	units := squeeze.Shape[0]
	if len(squeeze.Data) != units*channels || len(excite.Data) != channels*units || excite.Shape[0] != channels {
		return nil
	}
	l := n.layer("squeeze_excite", x)
	l.set("units", units)
	l.set("activation", f)
	l.set("gate", g)
	for _, p := range []struct {
		role        string
		of          *Layer
		units, from int
	}{{"squeeze", inner, units, channels}, {"excite", outer, channels, units}} {
		l.param(p.role+".weight", p.of.find("weight").Data, p.units, p.from)
		bias := make([]float32, p.units)
		if b := p.of.find("bias"); b != nil {
			bias = b.Data
		}
		l.param(p.role+".bias", bias, p.units)
	}
	out := *x
	out.layer = l.Name
	return &out
}

// behind is the product whose output a layer is, with the activation that ends it; nil where it is none, or sees more than one place.
func (r *reader) behind(name string) (l *Layer, function string) {
	l, function = r.layers[name], "linear"
	if l != nil && l.Kind == "activation" {
		l, function = r.layers[l.Inputs[0]], l.setting("function")
	} else if l != nil && l.setting("activation") != "" {
		function = l.setting("activation")
	}
	if l == nil || l.Kind != "dense" && !strings.HasPrefix(l.Kind, "conv") || l.find("weight") == nil || l.setting("groups") != "" {
		return nil, ""
	}
	return l, function
}
