package importer

import (
	"math"
	"slices"
)

func init() {
	for op, f := range binaries {
		register(op, func(n *node) []*value { return []*value{signalOf(paired(n, f))} })
		folds[op] = func(n *node, in []*array) []*array {
			out := in[0]
			for _, b := range in[1:] {
				out = pairs(f, out, b)
			}
			out.whole = out.whole || comparisons[op]
			return one(out)
		}
	}
}

// pair is a function of two elements. whole says that both are whole numbers.
type pair func(x, y float64, whole bool) float64

var binaries = map[string]pair{
	"Add":            func(x, y float64, _ bool) float64 { return x + y },
	"Sub":            func(x, y float64, _ bool) float64 { return x - y },
	"Mul":            func(x, y float64, _ bool) float64 { return x * y },
	"Div":            quotient,
	"Pow":            func(x, y float64, _ bool) float64 { return math.Pow(x, y) },
	"Mod":            func(x, y float64, _ bool) float64 { return x - y*math.Floor(x/y) },
	"Max":            func(x, y float64, _ bool) float64 { return max(x, y) },
	"Min":            func(x, y float64, _ bool) float64 { return min(x, y) },
	"Sum":            func(x, y float64, _ bool) float64 { return x + y },
	"And":            func(x, y float64, _ bool) float64 { return truth(x != 0 && y != 0) },
	"Or":             func(x, y float64, _ bool) float64 { return truth(x != 0 || y != 0) },
	"Equal":          func(x, y float64, _ bool) float64 { return truth(x == y) },
	"Less":           func(x, y float64, _ bool) float64 { return truth(x < y) },
	"LessOrEqual":    func(x, y float64, _ bool) float64 { return truth(x <= y) },
	"Greater":        func(x, y float64, _ bool) float64 { return truth(x > y) },
	"GreaterOrEqual": func(x, y float64, _ bool) float64 { return truth(x >= y) },
}

var comparisons = map[string]bool{"Equal": true, "Less": true, "LessOrEqual": true, "Greater": true, "GreaterOrEqual": true, "And": true, "Or": true}

func quotient(x, y float64, whole bool) float64 {
	if whole && y != 0 {
		return towardsZero(x / y)
	}
	return x / y
}

// pairs applies f to two arrays that are spread over each other.
func pairs(f pair, a, b *array) *array {
	shape := broadcast(a.shape, b.shape)
	x, y, whole := spread(a, shape), spread(b, shape), a.whole && b.whole
	out := newArray(whole, shape...)
	for i := range out.data {
		out.data[i] = f(x.data[i], y.data[i], whole)
	}
	return out
}

// paired is what the node makes of two or more inputs, one of which depends on the data at least.
func paired(n *node, f pair) *signal {
	if len(n.in) == 1 {
		return n.signal(0)
	}
	a, b := n.in[0], n.in[1]
	switch {
	case len(n.in) > 2 && n.Op == "Sum":
		return sum(n)
	case len(n.in) > 2:
		fail("of more than two inputs")
	case b.signal == nil && b.known == nil || a.signal == nil && a.known == nil:
		n.signal(0)
		n.signal(1)
	case b.known != nil:
		return withConstant(n, 0, b.known, func(x, c float64) float64 { return f(x, c, false) })
	case a.known != nil:
		return withConstant(n, 1, a.known, func(x, c float64) float64 { return f(c, x, false) })
	}
	x, y := n.signal(0), n.signal(1)
	if x.layer == y.layer && sameGroups(x.own, y.own) && sameGroups(x.axes, y.axes) {
		both := *x
		both.fn = &function{
			at:    func(v float64) float64 { return f(x.value(v), y.value(v), false) },
			apart: func() *signal { return joined(n, x, y) },
			edges: edgesOf(n, 0, 1), steps: stepsOf(x, y),
		}
		return &both
	}
	return joined(n, x, y)
}

// withConstant is a signal and a constant: a function of each element, or a term or factor for each feature.
func withConstant(n *node, i int, c *array, f func(x, c float64) float64) *signal {
	if y, ok := c.scalar(); ok && len(c.shape) <= len(n.signal(i).axes) {
		return withFunction(n, i, func(x float64) float64 { return f(x, y) })
	}
	return affine(n, i, c, i == 0)
}

// joined adds or multiplies two signals by a layer.
func joined(n *node, x, y *signal) *signal {
	switch n.Op {
	case "Add", "Sum":
		return join(n, "add", x, y)
	case "Mul":
		return join(n, "multiply", x, y)
	}
	fail("of two values that both depend on the data")
	return nil
}

// sum adds several signals.
func sum(n *node) *signal {
	s := n.signal(0)
	for i := 1; i < len(n.in); i++ {
		s = join(n, "add", s, n.signal(i))
	}
	return s
}

// join is a layer of two inputs of one shape.
func join(n *node, kind string, x, y *signal) *signal {
	if kind == "multiply" && !slices.Equal(x.shape(), y.shape()) {
		for _, pair := range [][2]*signal{{x, y}, {y, x}} {
			if s := excited(n, pair[0], pair[1]); s != nil {
				return s
			}
		}
	}
	x, y = n.r.settled(x), n.r.settled(y)
	fit(n, x, y)
	l := n.layer(kind, x, y)
	out := *x
	out.layer = l.Name
	return &out
}

// fit expects two signals whose elements lie in the same order. An input of the net whose order is open takes the other's.
func fit(n *node, x, y *signal) {
	if len(x.axes) != len(y.axes) || !slices.Equal(x.shape(), y.shape()) {
		fail("shapes %v and %v do not fit: only tensors of one shape can be joined by a layer", x.shape(), y.shape())
	}
	n.r.decide(x)
	n.r.decide(y)
	a, b := flat(x.axes), flat(y.axes)
	if len(significant(a)) != len(significant(b)) {
		fail("tensors whose axes come of different reshapes")
	}
	to := map[*atom]*atom{}
	for i, at := range significant(a) {
		if at.size != significant(b)[i].size {
			fail("tensors whose axes come of different reshapes")
		}
		to[significant(b)[i]] = at
	}
	if len(x.own) != len(y.own) {
		fail("tensors of shapes that differ")
	}
	for i := range x.own {
		ax, ay := significant(x.own[i]), significant(y.own[i])
		ok := len(ax) == len(ay)
		for k := range ax {
			ok = ok && to[ay[k]] == ax[k]
		}
		if !ok {
			fail("tensors whose axes lie in different orders")
		}
	}
}

// sameGroups reports whether two lists of axes are of the same atoms.
func sameGroups(a, b []group) bool {
	return slices.EqualFunc(a, b, func(x, y group) bool { return slices.Equal(x, y) })
}
