package importer

import (
	"fmt"
	"slices"
	"strings"
)

// add adds a layer that is fed by signals. It is called as what its node or weights are called in the graph, if that can be a name.
func (r *reader) add(kind, name string, in ...*signal) *Layer {
	l := &Layer{Kind: kind, Name: r.free(name, kind)}
	for _, s := range in {
		l.Inputs = append(l.Inputs, s.layer)
	}
	r.net.Layers = append(r.net.Layers, l)
	r.layers[l.Name] = l
	return l
}

// layer is add for a node, called as it is or as its weights are.
func (n *node) layer(kind string, in ...*signal) *Layer {
	return n.r.add(kind, n.called(), in...)
}

// called is a name for the layer that the node becomes: that of its weights without their role, else that of the node.
func (n *node) called() string {
	for i, name := range n.Inputs {
		if n.in[i].known == nil || !n.r.initial[name] {
			continue
		}
		for _, role := range []string{".weight", "/kernel", ".kernel", "/weight", "_weight", "_kernel", ".weight_ih_l0"} {
			if base, ok := strings.CutSuffix(strings.TrimSuffix(name, ":0"), role); ok {
				return base
			}
		}
	}
	return ""
}

// free is a name that no other layer has, of letters, digits and underscores. Without one it is the kind and a number.
func (r *reader) free(name, kind string) string {
	name = strings.Map(func(c rune) rune {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', c == '_', c == '-':
			return c
		}
		return '_'
	}, name)
	name = strings.Trim(name, "_")
	if len(name) > 60 {
		name = name[len(name)-60:]
	}
	taken := func(s string) bool { return r.layers[s] != nil || r.inputs[s] != nil }
	if name != "" && strings.Trim(name[:1], "0123456789") == "" {
		name = kind + "_" + name // YAML takes some of these for numbers
	}
	if name != "" && !taken(name) {
		return name
	}
	if name == "" {
		name = kind
	}
	for {
		r.numbers[name]++
		if s := fmt.Sprintf("%s_%d", name, r.numbers[name]); !taken(s) {
			return s
		}
	}
}

// fresh is the layer that a signal is the output of, if nothing else reads it and nothing was applied to it yet; else nil.
func (r *reader) fresh(s *signal) *Layer {
	l := r.layers[s.layer]
	if l == nil || !s.alone || l.setting("activation") != "" || l.weight() == nil || l.identity {
		return nil
	}
	return l
}

// weight is the parameter whose first axis counts the features of the output, or nil.
func (l *Layer) weight() *Param {
	switch {
	case weighted[l.Kind]:
		return l.find("weight")
	case l.Kind == attentionKind:
		return l.find("output.weight")
	case norms[l.Kind]:
		return l.find("gamma")
	}
	return nil
}

// bias is the parameter that is added to the features of the output, or nil.
func (l *Layer) bias() *Param {
	switch {
	case l.Kind == attentionKind:
		return l.find("output.bias")
	case norms[l.Kind]:
		return l.find("beta")
	}
	return l.find("bias")
}

// norms are layers with a factor and a term for each feature.
var norms = map[string]bool{"batch_norm": true, "layer_norm": true, "group_norm": true, "instance_norm": true}

// weighted are layers with a weight whose first axis counts the features of the output, and an activation.
var weighted = map[string]bool{
	"dense": true, "conv1d": true, "conv2d": true, "conv3d": true, "depthwise_conv1d": true, "depthwise_conv2d": true,
}

func takesActivation(l *Layer) bool { return weighted[l.Kind] }

// scale multiplies each feature of the output.
func (l *Layer) scale(by func(feature int) float64) {
	w := l.weight()
	inner := sizeOf(w.Shape[1:])
	for i := range w.Data {
		w.Data[i] = float32(float64(w.Data[i]) * by(i/inner))
	}
	if b := l.bias(); b != nil {
		for i := range b.Data {
			b.Data[i] = float32(float64(b.Data[i]) * by(i))
		}
	}
}

// shift adds to each feature of the output.
func (l *Layer) shift(by func(feature int) float64) {
	b := l.bias()
	if b == nil {
		n, role, key := l.weight().Shape[0], "bias", "bias"
		if norms[l.Kind] {
			role, key = "beta", "shift"
		}
		l.unset(key)
		l.param(role, make([]float32, n), n)
		b = l.bias()
	}
	for i := range b.Data {
		b.Data[i] = float32(float64(b.Data[i]) + by(i))
	}
}

// arrange has the output of a layer lie in these axes, by a reshape layer if it must. An input of the net takes the order.
func (n *node) arrange(s *signal, groups ...group) *signal {
	s = n.r.settled(s)
	if s.own == nil && n.r.inputs[s.layer].own == nil {
		n.r.inputs[s.layer].own = groups
	}
	n.r.decide(s)
	if sameGroups(s.own, groups) {
		return s
	}
	have, want := significant(flat(s.own)), significant(flat(groups))
	if !slices.Equal(have, want) {
		fail("its input lies in another order, and no layer exchanges axes")
	}
	if len(s.own) == len(groups) && slices.EqualFunc(s.own, groups, func(a, b group) bool { return slices.Equal(significant(a), significant(b)) }) {
		return s
	}
	out := *s
	out.own = groups
	out.layer = regrouped(n, s, groups).Name
	return &out
}

// regrouped is a layer that reshapes.
func regrouped(n *node, s *signal, groups []group) *Layer {
	if len(groups) == 1 {
		return n.r.add("flatten", "", s)
	}
	l := n.r.add("reshape", "", s)
	var sizes []int
	for _, g := range groups {
		if slices.ContainsFunc(g, func(a *atom) bool { return a.open }) && len(g) > 1 {
			fail("a reshape joins the steps of a sequence with another axis")
		}
		sizes = append(sizes, g.size())
	}
	l.set("shape", sizes)
	return l
}

// decide settles the order in which an input of the net lies: as in the graph, unless a layer has asked for another.
func (r *reader) decide(s *signal) {
	if s.own != nil {
		return
	}
	in := r.inputs[s.layer]
	if in.own == nil {
		for _, a := range row(flat(s.axes)) {
			in.own = append(in.own, group{a})
		}
	}
	s.own = in.own
}

// features is a constant that is added to or multiplied with a signal as one number for each feature, which is an index of the last
// axis of the layer's output; nil where it is something else.
func (r *reader) features(s *signal, c *array) []float64 {
	r.decide(s)
	if len(s.own) == 0 {
		fail("takes one number of each row, and no layer computes with these: lengths of sequences cannot be inputs")
	}
	last := s.own[len(s.own)-1]
	if len(c.shape) > len(s.axes) {
		return nil
	}
	var order []*atom // of the axes that c has
	for i, d := range c.shape {
		axis := s.axes[len(s.axes)-len(c.shape)+i]
		switch {
		case d == 1 && axis.size() > 1:
		case d != axis.size():
			fail("a constant of shape %v meets a tensor of shape %v", c.shape, s.shape())
		default:
			order = append(order, axis...)
		}
	}
	have, want := significant(order), significant(last)
	if len(have) != len(want) {
		return nil
	}
	for _, a := range have {
		if !slices.Contains(want, a) {
			return nil
		}
	}
	p := permutation(want, have)
	out := make([]float64, len(c.data))
	for i := range out {
		at := i
		if p != nil {
			at = p[i]
		}
		out[i] = c.data[at]
	}
	return out
}

// affine adds a number for each feature, or multiplies by it. right says that the constant is the second operand.
func affine(n *node, i int, c *array, right bool) *signal {
	s := n.r.settled(n.signal(i))
	v := n.r.features(s, c)
	if v == nil {
		return positions(n, s, c)
	}
	l := n.r.fresh(s)
	if l == nil || !n.once(i) {
		if n.Op == "Div" && !right {
			fail("divides a constant by a value that depends on the data")
		}
		l, s = still(n, s, len(v))
	}
	at := func(i int) float64 { return v[i] }
	switch {
	case n.Op == "Add" || n.Op == "Sum":
		l.shift(at)
	case n.Op == "Sub" && right:
		l.shift(func(i int) float64 { return -v[i] })
	case n.Op == "Sub":
		l.scale(func(int) float64 { return -1 })
		l.shift(at)
	case n.Op == "Mul":
		l.scale(at)
	case n.Op == "Div" && right:
		l.scale(func(i int) float64 { return 1 / v[i] })
	default:
		fail("of a value that depends on the data and a constant for each feature")
	}
	return s
}

// still is a batch_norm that changes nothing and does not learn, for factors and terms of features: what exporters make of a batch norm
// where no layer with weights comes before it.
func still(n *node, s *signal, size int) (*Layer, *signal) {
	l := n.layer("batch_norm", s)
	l.set("trainable", false)
	ones, near := make([]float32, size), make([]float32, size)
	for i := range ones {
		ones[i], near[i] = 1, 1-1e-5 // and the layer adds 1e-5
	}
	l.affineParams(ones, make([]float32, size))
	l.param("running_mean", make([]float32, size), size)
	l.param("running_variance", near, size)
	out := *s
	out.layer, out.alone = l.Name, true
	return l, &out
}

// positions is a constant that is added to each step of a sequence.
func positions(n *node, s *signal, c *array) *signal {
	if n.Op == "Add" && len(s.own) != 2 && len(s.axes) == 3 && len(c.shape) <= 3 && isBatch(s.axes[0]) {
		s = n.arrange(s, s.axes[1], s.axes[2]) // such as patches of an image
	}
	if n.Op != "Add" || len(s.own) != 2 || len(c.shape) > len(s.axes) {
		fail("with a constant of shape %v, where the tensor has the shape %v", c.shape, s.shape())
	}
	want := append(group{}, s.own[0]...)
	want = append(want, s.own[1]...)
	var order []*atom
	for i, d := range c.shape {
		if axis := s.axes[len(s.axes)-len(c.shape)+i]; d != 1 {
			order = append(order, axis...)
		}
	}
	p := permutation(significant(want), significant(order))
	data := make([]float32, len(c.data))
	for i := range data {
		at := i
		if p != nil {
			at = p[i]
		}
		data[i] = float32(c.data[at])
	}
	l := n.layer("positions", s)
	l.set("kind", "learned")
	l.param("positions", data, s.own[0].size(), s.own[1].size())
	out := *s
	out.layer = l.Name
	return &out
}
