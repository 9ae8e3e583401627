package pass

import (
	"math"
	"slices"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("simplify", "applies identities: factors of one, views of views, transposes into products, repeats into ops that repeat", Pass{
		Run: simplify,
		// whole identities show only in computed constants
		After: []string{"fold"},
	})
}

// simplify applies identities that hold to the last bit, also for zeros of either sign, infinities and denormal numbers.
// Many that hold on paper do not: x + 0 turns -0 into 0, and two factors are only one where the first product is exact.
func simplify(g *graph.Graph) (*graph.Graph, error) {
	kept := visible(g)
	return graph.Rewrite(g, func(r *graph.Rewriter, n *graph.Node, in []*graph.Value) []*graph.Value {
		rule := identities[n.Op.Name]
		if rule == nil {
			return nil
		}
		v := rule(r, n, in)
		if v == nil || kept[n.Outputs[0]] && storage(v).Leaf != graph.NotLeaf {
			return nil
		}
		return []*graph.Value{v}
	})
}

// An identity returns what stands for a node with the given inputs, or nil.
type identity func(r *graph.Rewriter, n *graph.Node, in []*graph.Value) *graph.Value

// identities are the rules by op. They look at the new graph, so that one may follow another.
var identities = map[string]identity{
	"mul":           mulIdentity,
	"div":           divIdentity,
	"add":           addIdentity,
	"sub":           subIdentity,
	"maximum":       repeated,
	"minimum":       repeated,
	"greater":       repeated,
	"greater_equal": repeated,
	"scale":         scaleIdentity,
	"sum":           sumIdentity,
	"reshape":       reshapeIdentity,
	"broadcast_to":  broadcastIdentity,
	"transpose":     transposeIdentity,
	"matmul":        matmulIdentity,
	"slice":         sliceIdentity,
}

// visible are the values that a caller reads or a variable takes: they keep a storage of their own.
func visible(g *graph.Graph) map[*graph.Value]bool {
	kept := map[*graph.Value]bool{}
	for _, o := range g.Outputs {
		kept[o.Value] = true
	}
	for _, a := range g.Assigns {
		kept[a.Value] = true
	}
	return kept
}

// storage is the node whose memory v lies in as far as views tell.
func storage(v *graph.Value) *graph.Node {
	for v.Node.Op != nil && v.Node.Op.View != nil {
		v = v.Node.Inputs[0]
	}
	return v.Node
}

// made returns the node that computes v if it is of the given op.
func made(v *graph.Value, name string) *graph.Node {
	if v.Node.Op != nil && v.Node.Op.Name == name {
		return v.Node
	}
	return nil
}

// uniform returns the number that all elements of v are known to be.
func uniform(r *graph.Rewriter, v *graph.Value) (float32, bool) {
	for made(v, "broadcast_to") != nil || made(v, "reshape") != nil {
		v = v.Node.Inputs[0]
	}
	data := r.Data(v)
	if len(data) == 0 {
		return 0, false
	}
	first := math.Float32bits(data[0])
	return data[0], !slices.ContainsFunc(data[1:], func(x float32) bool { return math.Float32bits(x) != first })
}

// scaled is c·x.
func scaled(r *graph.Rewriter, x *graph.Value, c float32) *graph.Value {
	if c == 1 {
		return x
	}
	return op.Scale(r.Builder, x, float64(c))
}

// fits reports whether v has the shape that n puts out.
func fits(v *graph.Value, n *graph.Node) bool { return v.Shape.Equal(n.Outputs[0].Shape) }

func mulIdentity(r *graph.Rewriter, n *graph.Node, in []*graph.Value) *graph.Value {
	for i := range in {
		if c, ok := uniform(r, in[1-i]); ok && fits(in[i], n) {
			return scaled(r, in[i], c)
		}
	}
	return repeated(r, n, in)
}

func divIdentity(r *graph.Rewriter, n *graph.Node, in []*graph.Value) *graph.Value {
	if c, ok := uniform(r, in[1]); ok && fits(in[0], n) {
		if fraction, exp := math.Frexp(math.Abs(float64(c))); fraction == 0.5 && exp > -120 && exp < 120 {
			return scaled(r, in[0], 1/c) // the quotient by a power of two is the product with its inverse
		}
	}
	return repeated(r, n, in)
}

func addIdentity(r *graph.Rewriter, n *graph.Node, in []*graph.Value) *graph.Value {
	for i := range in {
		if c, ok := uniform(r, in[1-i]); ok && fits(in[i], n) {
			return op.AddScalar(r.Builder, in[i], float64(c))
		}
	}
	for i := range in {
		if y := negated(in[1-i]); y != nil {
			return op.Sub(r.Builder, in[i], y)
		}
	}
	return repeated(r, n, in)
}

func subIdentity(r *graph.Rewriter, n *graph.Node, in []*graph.Value) *graph.Value {
	if c, ok := uniform(r, in[1]); ok && fits(in[0], n) {
		if c == 0 && !math.Signbit(float64(c)) {
			return in[0] // unlike x + 0, x - 0 leaves -0 as it is
		}
		return op.AddScalar(r.Builder, in[0], -float64(c))
	}
	if y := negated(in[1]); y != nil {
		return op.Add(r.Builder, in[0], y)
	}
	return repeated(r, n, in)
}

// negated returns y if v is -y.
func negated(v *graph.Value) *graph.Value {
	if s := made(v, "scale"); s != nil && s.Attrs.(op.ScaleAttrs).Factor == -1 {
		return s.Inputs[0]
	}
	return nil
}

// repeated lets an op that repeats its inputs itself read them before they are repeated.
func repeated(r *graph.Rewriter, n *graph.Node, in []*graph.Value) *graph.Value {
	less := slices.Clone(in)
	for i, v := range in {
		s := made(v, "broadcast_to")
		if s == nil {
			continue
		}
		less[i] = s.Inputs[0]
		out, err := n.Op.Infer(n.Attrs, []graph.Type{less[0].Type, less[1].Type})
		if err != nil || !out[0].Shape.Equal(n.Outputs[0].Shape) {
			less[i] = v
		}
	}
	if slices.Equal(less, in) {
		return nil
	}
	return r.One(n.Op, n.Attrs, less...)
}

// scaleIdentity joins two factors if the first product is exact wherever the result is finite: ±1, or larger powers of two
// before a factor that does not bring an overflow back.
func scaleIdentity(r *graph.Rewriter, n *graph.Node, in []*graph.Value) *graph.Value {
	c := float32(n.Attrs.(op.ScaleAttrs).Factor)
	if c == 1 {
		return in[0]
	}
	if c, ok := uniform(r, in[0]); ok && made(in[0], "broadcast_to") != nil { // fold left it because it is large
		x := float32(c * float32(n.Attrs.(op.ScaleAttrs).Factor))
		return op.BroadcastTo(r.Builder, r.Const(graph.Shape{}, []float32{x}), n.Outputs[0].Shape...)
	}
	s := made(in[0], "scale")
	if s == nil {
		return nil
	}
	first := float32(s.Attrs.(op.ScaleAttrs).Factor)
	fraction, exp := math.Frexp(math.Abs(float64(first)))
	both := float32(first * c)
	exact := fraction == 0.5 && exp >= 1 && (math.Abs(float64(c)) >= 1 || exp == 1) || c == -1
	if exact && !math.IsInf(float64(both), 0) {
		return scaled(r, s.Inputs[0], both)
	}
	return nil
}

// sumIdentity: a sum over axes of extent 1 is a view.
func sumIdentity(r *graph.Rewriter, n *graph.Node, in []*graph.Value) *graph.Value {
	if out := n.Outputs[0].Shape; out.Size() == in[0].Shape.Size() && out.Size() > 0 {
		return op.Reshape(r.Builder, behindReshape(in[0]), out...)
	}
	return nil
}

// behindReshape is the value whose elements v shows in another shape.
func behindReshape(v *graph.Value) *graph.Value {
	for made(v, "reshape") != nil {
		v = v.Node.Inputs[0]
	}
	return v
}

func reshapeIdentity(r *graph.Rewriter, n *graph.Node, in []*graph.Value) *graph.Value {
	x := behindReshape(in[0])
	if x == in[0] && !fits(x, n) {
		return nil
	}
	return op.Reshape(r.Builder, x, n.Outputs[0].Shape...)
}

func broadcastIdentity(r *graph.Rewriter, n *graph.Node, in []*graph.Value) *graph.Value {
	if n.Outputs[0].Shape.Size() == in[0].Shape.Size() {
		return op.Reshape(r.Builder, behindReshape(in[0]), n.Outputs[0].Shape...)
	}
	return nil
}

// transposeIdentity joins two transposes; one that only moves axes of extent 1 is a view.
func transposeIdentity(r *graph.Rewriter, n *graph.Node, in []*graph.Value) *graph.Value {
	x, perm := in[0], n.Attrs.(op.TransposeAttrs).Perm
	if t := made(x, "transpose"); t != nil {
		first := t.Attrs.(op.TransposeAttrs).Perm
		both := make([]int, len(perm))
		for i, ax := range perm {
			both[i] = first[ax]
		}
		x, perm = t.Inputs[0], both
	}
	var moved []int
	for _, ax := range perm {
		if x.Shape[ax] > 1 {
			moved = append(moved, ax)
		}
	}
	if slices.IsSorted(moved) {
		return op.Reshape(r.Builder, behindReshape(x), n.Outputs[0].Shape...)
	}
	if x == in[0] {
		return nil
	}
	return op.Transpose(r.Builder, x, perm...)
}

// matmulIdentity lets a product read a matrix as it lies before it is transposed: each of its sums keeps its order.
func matmulIdentity(r *graph.Rewriter, n *graph.Node, in []*graph.Value) *graph.Value {
	a := n.Attrs.(op.MatMulAttrs)
	x, flipX := lastTwoSwapped(in[0])
	y, flipY := lastTwoSwapped(in[1])
	if !flipX && !flipY {
		return nil
	}
	return op.MatMul(r.Builder, x, y, a.TransX != flipX, a.TransY != flipY)
}

// lastTwoSwapped returns the value whose last two axes v shows swapped, or v.
func lastTwoSwapped(v *graph.Value) (*graph.Value, bool) {
	t := made(v, "transpose")
	if t == nil {
		return v, false
	}
	perm := slices.Clone(t.Attrs.(op.TransposeAttrs).Perm)
	k := len(perm)
	if k < 2 {
		return v, false
	}
	perm[k-2], perm[k-1] = perm[k-1], perm[k-2]
	return t.Inputs[0], slices.IsSorted(perm)
}

// sliceIdentity: a part that lies in one piece is a view.
func sliceIdentity(r *graph.Rewriter, n *graph.Node, in []*graph.Value) *graph.Value {
	a, s := n.Attrs.(op.SliceAttrs), in[0].Shape
	if in[0].DType != graph.F32 || s[:a.Axis].Size() != 1 {
		return nil
	}
	flat := op.Reshape(r.Builder, behindReshape(in[0]), s.Size())
	at := a.Lo * s[a.Axis+1:].Size()
	return r.One(graph.View, graph.ViewAttrs{Offset: at, Shape: n.Outputs[0].Shape}, flat)
}
