package importer

import (
	"slices"

	"dnn/pkg/onnx"
)

func init() {
	register("BatchNormalization", batchNorm)
	register("LayerNormalization", func(n *node) []*value {
		return layerNorm(n, "layer_norm", n.float("epsilon", 1e-5), n.need(1), n.array(2))
	})
	register("RMSNormalization", func(n *node) []*value {
		return layerNorm(n, "rms_norm", n.float("epsilon", 1e-5), n.need(1), nil)
	})
	register("InstanceNormalization", instanceNorm)
	register("GroupNormalization", groupNorm)
}

// channelsLast is an input [batch, channels, s..], or [batch, features].
func channelsLast(n *node, i int) (s *signal, features group) {
	if s = n.signal(i); len(s.axes) > 2 {
		s, _, features = images(n, i)
		return s, features
	}
	s = n.r.settled(s)
	n.r.decide(s)
	if len(s.axes) != 2 || !sameAtoms(s.axes[1], s.own[len(s.own)-1]) {
		fail("a tensor of shape %v", s.shape())
	}
	return s, s.axes[1]
}

// affineParams gives a norm its factors and terms in the order of the features. Those that change nothing are left out where they
// cannot be.
func (l *Layer) affineParams(gamma, beta []float32) {
	l.param("gamma", gamma, len(gamma))
	if beta != nil {
		l.param("beta", beta, len(beta))
	}
}

func batchNorm(n *node) []*value {
	if n.int("training_mode", 0) != 0 {
		fail("in the mode for training: export the net in the mode for inference")
	}
	s, features := channelsLast(n, 0)
	size := features.size()
	l := n.layer("batch_norm", s)
	if e := n.float("epsilon", 1e-5); float32(e) != 1e-5 {
		l.set("epsilon", short(e))
	}
	l.affineParams(n.need(1).floats(), n.need(2).floats())
	l.param("running_mean", n.need(3).floats(), size)
	l.param("running_variance", n.need(4).floats(), size)
	return over(n, l, s)
}

// over is the output of a layer that changes no axis.
func over(n *node, l *Layer, s *signal) []*value {
	out := *s
	out.layer = l.Name
	return n.view(&out)
}

// layerNorm normalizes the last axis.
func layerNorm(n *node, kind string, epsilon float64, gamma, beta *array) []*value {
	s := n.r.settled(n.signal(0))
	n.r.decide(s)
	rank := len(s.axes)
	if axis := axisOf(n.int("axis", -1), rank); axis != rank-1 || !sameAtoms(s.axes[axis], s.own[len(s.own)-1]) {
		fail("over more than the last axis, or over one that is not the last of its input")
	}
	own, last := s.own[len(s.own)-1], s.axes[rank-1]
	l := n.layer(kind, s)
	if float32(epsilon) != defaultEpsilon[kind] {
		l.set("epsilon", short(epsilon))
	}
	l.param("gamma", reordered(gamma, own, last), last.size())
	if beta != nil {
		l.param("beta", reordered(beta, own, last), last.size())
	} else if kind == "layer_norm" {
		l.set("shift", false)
	}
	return over(n, l, s)
}

var defaultEpsilon = map[string]float32{"layer_norm": 1e-5, "rms_norm": 1e-6}

// reordered are numbers for features in the order in which these lie in a layer's output.
func reordered(a *array, own, last group) []float32 {
	if len(a.data) != last.size() {
		fail("%d numbers for %d features", len(a.data), last.size())
	}
	out := a.floats()
	if p := permutation(own, last); p != nil {
		for i, at := range p {
			out[i] = float32(a.data[at])
		}
	}
	return out
}

// short is a number of float32 as people write it.
func short(x float64) float32 { return float32(x) }

// grouped is a norm over groups of channels, as PyTorch writes group_norm: over a tensor that is reshaped to [batch, groups, rest].
// Factors and terms for each channel come behind it.
func grouped(n *node) []*value {
	s := n.r.settled(n.signal(0))
	if len(s.axes) != 3 || len(s.own) < 2 {
		return nil
	}
	last, groups := s.own[len(s.own)-1], s.axes[1]
	if len(last) < 2 || !sameAtoms(last[:1], groups) {
		return nil
	}
	if !n.need(1).all(1) || !n.need(2).all(0) {
		return nil
	}
	size := last.size()
	l := n.layer("group_norm", s)
	l.set("groups", groups.size())
	if e := n.float("epsilon", 1e-5); float32(e) != 1e-5 {
		l.set("epsilon", short(e))
	}
	l.affineParams(columns(slices.Repeat([]float64{1}, size), 1, nil), make([]float32, size))
	return over(n, l, s)
}

func instanceNorm(n *node) []*value {
	if out := grouped(n); out != nil {
		return out
	}
	s, _, _ := images(n, 0)
	l := n.layer("instance_norm", s)
	if e := n.float("epsilon", 1e-5); float32(e) != 1e-5 {
		l.set("epsilon", short(e))
	}
	l.affineParams(n.need(1).floats(), n.need(2).floats())
	return over(n, l, s)
}

func groupNorm(n *node) []*value {
	s, _, channels := images(n, 0)
	gamma, beta, groups := n.need(1), n.need(2), n.int("num_groups", 1)
	per := func(a *array) []float32 { // opset 18 has one for each group, later ones for each channel
		if len(a.data) == groups && groups != channels.size() {
			out := make([]float32, channels.size())
			for i := range out {
				out[i] = float32(a.data[i*groups/len(out)])
			}
			return out
		}
		return a.floats()
	}
	l := n.layer("group_norm", s)
	l.set("groups", groups)
	if e := n.float("epsilon", 1e-5); float32(e) != 1e-5 {
		l.set("epsilon", short(e))
	}
	l.affineParams(per(gamma), per(beta))
	return over(n, l, s)
}

// findNorms looks for layer norms that are written in pieces:
// (x - mean(x)) / sqrt(mean((x - mean(x))²) + ε) · γ + β, the last two where they are there.
func (r *reader) findNorms() {
	m := r.matcher()
	for _, n := range r.graph.Nodes {
		if n.Op == "Div" {
			r.normAt(m, n.Outputs[0], n.Inputs[0], m.input(m.by(n.Inputs[1], "Sqrt"), 0))
		}
	}
}

// normAt registers a norm whose quotient has the name y, with the dividend d and the variance plus ε.
func (r *reader) normAt(m *matcher, y, d, variance string) {
	sub, sum := m.by(d, "Sub"), m.by(variance, "Add")
	if sub == nil || sum == nil {
		return
	}
	mean, x := m.by(m.input(sub, 1), "ReduceMean"), m.input(sub, 0)
	epsilon, at := m.constantOf(sum)
	square := m.by(m.input(sum, at), "ReduceMean")
	if mean == nil || square == nil || epsilon == nil || m.input(mean, 0) != x || len(epsilon.data) != 1 {
		return
	}
	inside := m.node(m.input(square, 0))
	if inside == nil || !m.squares(inside, d) {
		return
	}
	end, last := m.node(y), y
	inner := []string{d, m.input(sub, 1), variance, m.input(sum, at), m.input(square, 0), m.input(m.node(y), 1)}
	var gamma, beta *array
	for _, step := range []struct {
		op string
		to **array
	}{{"Mul", &gamma}, {"Add", &beta}} {
		next := m.only(last)
		if next == nil || next.Op != step.op {
			break
		}
		c, i := m.constantOf(next)
		if c == nil || next.Inputs[i] != last || len(c.shape) == 0 || len(c.data) != c.shape[len(c.shape)-1] {
			break
		}
		inner = append(inner, last)
		*step.to, end, last = c, next, next.Outputs[0]
	}
	for _, name := range inner {
		if node := m.node(name); node != nil && node != end {
			r.inner[node] = true
		}
	}
	r.cluster[end] = func(n *node) []*value {
		n.in, n.Node = []*value{r.values[x]}, withInputs(end, x)
		size := n.signal(0).axes
		width := size[len(size)-1].size()
		if gamma == nil {
			gamma = spread(&array{nil, []float64{1}, false}, []int{width})
		}
		return layerNorm(n, "layer_norm", epsilon.data[0], gamma, beta)
	}
}

// squares reports whether a node is the square of a value.
func (m *matcher) squares(n *onnx.Node, x string) bool {
	switch n.Op {
	case "Pow":
		c := m.known(m.input(n, 1))
		return m.input(n, 0) == x && c != nil && c.all(2)
	case "Mul":
		return slices.Equal(n.Inputs, []string{x, x})
	}
	return false
}
