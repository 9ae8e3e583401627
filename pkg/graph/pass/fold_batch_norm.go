package pass

import (
	"math"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

// NormFolder takes batch norms with given statistics into the weights and biases of the dense layer or convolution before
// them: with s = gamma/√(variance + eps),
//
//	(x·w + b - mean)·s + beta = x·(w·s) + (b - mean)·s + beta
//
// so that the norm takes no time at all. What is rounded when is another, and the results differ in their last bits. That is
// why this rewrite is none of the table's: it is done only for who asks for it, before the others, and only to graphs that
// do not change the variables they read.
type NormFolder struct {
	// Data is the value of the variable of that name, nil when there is none.
	Data func(name string) []float32
	// Folded and Left are how many norms the last graph had that were folded, and that stayed.
	Folded, Left int

	made map[string][2][]float32 // weights and biases, which the graphs for all sizes of batch share
}

// Run returns the graph with its norms folded, as far as they can be: those that do not stand right behind a product, or
// behind one that others read too, stay.
func (f *NormFolder) Run(g *graph.Graph) (*graph.Graph, error) {
	readers := countReaders(g)
	f.Folded, f.Left = 0, 0
	return graph.Rewrite(g, func(r *graph.Rewriter, n *graph.Node, in []*graph.Value) []*graph.Value {
		if n.Op.Name != "batch_norm_apply" {
			return nil
		}
		m, ok := f.match(g, n, readers)
		if !ok {
			f.Left++
			return nil
		}
		f.Folded++
		return []*graph.Value{f.build(r, n, m)}
	})
}

// FoldedNorm is a batch norm with what it makes of the product before it.
type FoldedNorm struct {
	Norm         *graph.Node
	Weight, Bias *graph.Value // views of parameters that nothing else reads; Bias is nil where the product has none
	Weights      []float32    // what becomes of them
	Biases       []float32
}

// Foldable lists the norms that can be folded into parameters for good.
func (f *NormFolder) Foldable(g *graph.Graph) (list []FoldedNorm) {
	readers := countReaders(g)
	own := func(v *graph.Value) bool {
		p, _ := g.ParamOf(v)
		return p != nil && readers[v.ID] == 1
	}
	for _, n := range g.Nodes {
		if n.Op == nil || n.Op.Name != "batch_norm_apply" {
			continue
		}
		m, ok := f.match(g, n, readers)
		if !ok || !own(m.product.Inputs[1]) || m.summand != nil && !own(m.summand) {
			continue
		}
		one := FoldedNorm{Norm: n, Weight: m.product.Inputs[1], Bias: m.summand}
		one.Weights, one.Biases = m.fold(n.Inputs[0].Shape.Last())
		list = append(list, one)
	}
	return list
}

// normed is a product with a norm behind it, as it stands in a graph.
type normed struct {
	product                     *graph.Node
	summand                     *graph.Value // the bias before it; nil when there is none
	weight, bias                []float32    // bias is nil when there is none
	mean, variance, gamma, beta []float32    // the last two may be nil
	eps                         float64
}

// match recognizes what is before the norm n, with what the variables hold.
func (f *NormFolder) match(g *graph.Graph, n *graph.Node, readers []int) (m normed, ok bool) {
	a := n.Attrs.(op.NormAttrs)
	m.eps = a.Eps
	sum := behindChannels(n.Inputs[0], readers)
	if sum == nil {
		return m, false
	}
	product, known := sum, true
	get := func(v *graph.Value) []float32 {
		data := f.value(g, v)
		known = known && data != nil
		return data
	}
	if add := made(sum, "add"); add != nil {
		if row := add.Inputs[1]; row.Shape.Rank() != 1 || row.Shape[0] != sum.Shape.Last() || !add.Inputs[0].Shape.Equal(sum.Shape) {
			return m, false
		}
		m.summand, m.bias = add.Inputs[1], get(add.Inputs[1])
		if product = behindChannels(add.Inputs[0], readers); product == nil {
			return m, false
		}
	}
	m.product = product.Node
	if m.product.Op == nil || channelOf(m.product) == nil {
		return m, false
	}
	m.weight, m.mean, m.variance = get(m.product.Inputs[1]), get(n.Inputs[1]), get(n.Inputs[2])
	rest := n.Inputs[3:]
	if a.Gamma {
		m.gamma, rest = get(rest[0]), rest[1:]
	}
	if a.Beta {
		m.beta = get(rest[0])
	}
	return m, known
}

// behindChannels is the value whose elements v shows, perhaps with other axes before the last; nil when others read it, too.
func behindChannels(v *graph.Value, readers []int) *graph.Value {
	for readers[v.ID] == 1 {
		s := made(v, "reshape")
		if s == nil || s.Inputs[0].Shape.Last() != v.Shape.Last() {
			return v
		}
		v = s.Inputs[0]
	}
	return nil
}

// value is what v holds whatever is fed, nil when that depends on it.
func (f *NormFolder) value(g *graph.Graph, v *graph.Value) []float32 {
	switch n := v.Node; {
	case n.Leaf == graph.Constant:
		return g.Consts[v]
	case n.Leaf == graph.Variable:
		return f.Data(n.Name)
	case n.Op != nil && n.Op.View != nil:
		if data := f.value(g, n.Inputs[0]); data != nil {
			return data[n.Op.View(n):][:v.Shape.Size()]
		}
	}
	return nil
}

// channelOf tells of each weight of a product which channel of the result it is for; nil when n is no product of one matrix
// or kernel.
func channelOf(n *graph.Node) func(i int) int {
	switch n.Op.Name {
	case "matmul":
		if a, w := n.Attrs.(op.MatMulAttrs), n.Inputs[1].Shape; w.Rank() == 2 && !a.TransX {
			if a.TransY {
				return func(i int) int { return i / w[1] }
			}
			return func(i int) int { return i % w[1] }
		}
	case "conv":
		each := n.Inputs[1].Shape[1:].Size()
		return func(i int) int { return i / each }
	case "conv_transpose":
		w, groups := n.Inputs[1].Shape, n.Attrs.(op.ConvTransposeAttrs).Groups
		taps, per := w[2:].Size(), w[1]
		return func(i int) int { return i/taps%per + i/(taps*per)/(w[0]/groups)*per }
	}
	return nil
}

// build adds the product with the folded weights and its bias.
func (f *NormFolder) build(r *graph.Rewriter, n *graph.Node, m normed) *graph.Value {
	scope := r.Scope
	defer func() { r.Scope = scope }()
	r.Scope = m.product.Scope
	channels := n.Inputs[0].Shape.Last()
	weight, bias := f.folded(m, n.Inputs[1].Node.Name, channels)
	w := r.Const(m.product.Inputs[1].Shape, weight)
	y := r.One(m.product.Op, m.product.Attrs, r.To(m.product.Inputs[0]), w)
	y = op.Add(r.Builder, y, r.Const(graph.Shape{channels}, bias))
	return op.Reshape(r.Builder, y, n.Outputs[0].Shape...)
}

// folded computes the weights and biases of a norm once, known by the name of the variable that holds its mean.
func (f *NormFolder) folded(m normed, mean string, channels int) (weight, bias []float32) {
	if pair, ok := f.made[mean]; ok && mean != "" {
		return pair[0], pair[1]
	}
	weight, bias = m.fold(channels)
	if f.made == nil {
		f.made = map[string][2][]float32{}
	}
	f.made[mean] = [2][]float32{weight, bias}
	return weight, bias
}

// fold computes in float64 and rounds once.
func (m normed) fold(channels int) (weight, bias []float32) {
	at := func(v []float32, i int, other float64) float64 {
		if v == nil {
			return other
		}
		return float64(v[i])
	}
	scale := make([]float64, channels)
	bias = make([]float32, channels)
	for j := range scale {
		scale[j] = at(m.gamma, j, 1) / math.Sqrt(float64(m.variance[j])+m.eps)
		bias[j] = float32(float64((at(m.bias, j, 0)-float64(m.mean[j]))*scale[j]) + at(m.beta, j, 0))
	}
	weight = make([]float32, len(m.weight))
	channel := channelOf(m.product)
	for i, w := range m.weight {
		weight[i] = float32(float64(w) * scale[channel(i)])
	}
	return weight, bias
}
