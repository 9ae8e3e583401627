package op

import (
	"fmt"
	"slices"
	"strings"

	"dnn/pkg/graph"
)

// ImagesAttrs are the steps that images go through.
type ImagesAttrs struct{ Steps []ImageStep }

// ImageStep is an op whose first input is the result of the step before it, or x. The others come from the inputs behind x, in
// the order of the steps, so many for each.
type ImageStep struct {
	Op     string
	Attrs  any
	Inputs int // besides the first
}

func (a ImagesAttrs) String() string {
	var names []string
	for _, s := range a.Steps {
		names = append(names, s.Op)
	}
	return strings.Join(names, ", ")
}

// imageOps compute each image of a batch by itself, from it and parameters, with the same bits in any batch.
var imageOps = []string{"activate", "avg_pool", "batch_norm_apply", "batch_norm_apply_relu", "conv_int8", "max_pool"}

// ByImage reports whether an op can be a step of Images.
func ByImage(name string) bool { return slices.Contains(imageOps, name) }

var imagesOp graph.Op

// Images takes the images of a batch through several ops, one image after the other, so that what lies between them never leaves
// the cache. It gives the same bits as the ops one by one: x [B, ..] is the first input of the first op, y that of the last, and
// in what the steps read besides.
func Images(b *graph.Builder, steps []ImageStep, x *graph.Value, in ...*graph.Value) *graph.Value {
	return b.One(&imagesOp, ImagesAttrs{steps}, append([]*graph.Value{x}, in...)...)
}

func init() {
	imagesOp = graph.Op{
		Name: "images",
		Doc:  "y = several ops, image by image",
		Infer: func(attrs any, in []graph.Type) ([]graph.Type, error) {
			types, err := attrs.(ImagesAttrs).infer(in)
			if err != nil {
				return nil, err
			}
			return types[len(types)-1:], nil
		},
		NoGrad: "is made after gradients, of what they do not read",
		Eval:   evalImages,
		Kernel: imagesKernel,
		Cost: func(n *graph.Node) graph.Cost {
			total := graph.Cost{Bytes: traffic(n)}
			for _, m := range n.Attrs.(ImagesAttrs).nodes(n, n.Inputs[0].Shape[0]) {
				cost := m.Op.Cost(m)
				total.Flops, total.Products = total.Flops+cost.Flops, total.Products+cost.Products
			}
			return total
		},
		Cases: imagesCases(),
	}
	graph.Ops.Register(imagesOp.Name, imagesOp.Doc, &imagesOp)
}

// infer returns the types of the results of all steps.
func (a ImagesAttrs) infer(in []graph.Type) (results []graph.Type, err error) {
	want := 1
	for _, s := range a.Steps {
		want += s.Inputs
	}
	if len(a.Steps) == 0 || len(in) != want {
		return nil, fmt.Errorf("takes %d inputs for %d steps, got %d", want, len(a.Steps), len(in))
	}
	if in[0].Shape.Rank() == 0 {
		return nil, fmt.Errorf("x is %v, want a batch", in[0])
	}
	x, rest := in[0], in[1:]
	for i, s := range a.Steps {
		o, ok := graph.Ops.Get(s.Op)
		if !ok || !ByImage(s.Op) {
			return nil, fmt.Errorf("step %d: %q does not go image by image", i, s.Op)
		}
		out, err := o.Infer(s.Attrs, append([]graph.Type{x}, rest[:s.Inputs]...))
		if err != nil {
			return nil, fmt.Errorf("step %d, %s: %w", i, s.Op, err)
		}
		x, rest = out[0], rest[s.Inputs:]
		results = append(results, x)
	}
	return results, nil
}

// build adds the steps one by one.
func (a ImagesAttrs) build(b *graph.Builder, in []*graph.Value) (nodes []*graph.Node) {
	x, rest := in[0], in[1:]
	for _, s := range a.Steps {
		o, _ := graph.Ops.Get(s.Op)
		x = b.Add(o, s.Attrs, append([]*graph.Value{x}, rest[:s.Inputs]...)...)[0]
		rest = rest[s.Inputs:]
		nodes = append(nodes, x.Node)
	}
	return nodes
}

// nodes are the steps for a batch of so many images, in a graph of their own. What they read besides is variables there: what
// is packed of them is packed for all images at once.
func (a ImagesAttrs) nodes(n *graph.Node, batch int) []*graph.Node {
	b := graph.NewBuilder()
	x := n.Inputs[0].Type
	in := []*graph.Value{b.Input("x", graph.Type{DType: x.DType, Shape: append(graph.Shape{batch}, x.Shape[1:]...)})}
	for i, v := range n.Inputs[1:] {
		in = append(in, b.VarOf(fmt.Sprint(i), graph.Frozen, v.Type, nil).Value)
	}
	return a.build(b, in)
}

func evalImages(n *graph.Node, in, out []graph.Ref) {
	a := n.Attrs.(ImagesAttrs)
	x, rest := in[0], in[1:]
	for i, m := range a.nodes(n, n.Inputs[0].Shape[0]) {
		y := graph.NewRef(m.Outputs[0].Type)
		m.Op.Eval(m, append([]graph.Ref{x}, rest[:a.Steps[i].Inputs]...), []graph.Ref{y})
		for j, v := range y.F { // as it would have been stored
			y.F[j] = float64(float32(v))
		}
		x, rest = y, rest[a.Steps[i].Inputs:]
	}
	copy(out[0].F, x.F)
}

func imagesCases() []graph.Case {
	conv := func(c, o int, act Act) (ImageStep, []graph.Arg) {
		w := int8s(o, c, 3, 3)
		return ImageStep{"conv_int8", ConvInt8Attrs{Window: square(2, 3, 1, 1), Groups: 1, Act: act}, 3}, []graph.Arg{w, scalesOf(w), graph.Normal(o)}
	}
	norm := ImageStep{"batch_norm_apply", NormAttrs{1e-3, true, true}, 4}
	first, in1 := conv(3, 16, ActRelu)
	second, in2 := conv(16, 32, ActRelu)
	var params []graph.Arg
	params = append(params, in1...)
	params = append(params, graph.Normal(16), graph.Uniform(0.3, 2, 16), graph.Normal(16), graph.Normal(16))
	params = append(params, in2...)
	relu := ImageStep{"activate", ActivateAttrs{Act: ActRelu}, 0}
	return []graph.Case{
		{Name: "one step", Attrs: ImagesAttrs{[]ImageStep{relu}}, In: []graph.Arg{graph.Normal(3, 4)}},
		{Name: "two steps", Attrs: ImagesAttrs{[]ImageStep{first, relu}}, In: append([]graph.Arg{graph.Normal(2, 4, 5, 3)}, in1...)},
		{Name: "pools", Attrs: ImagesAttrs{[]ImageStep{{"max_pool", PoolAttrs{poolSquare(2, 2, 0)}, 0}, {"avg_pool", AvgPoolAttrs{Window: poolSquare(2, 2, 0)}, 0}}},
			In: []graph.Arg{graph.Normal(3, 8, 4, 5)}},
		{Name: "norm and pool", Attrs: ImagesAttrs{[]ImageStep{first, norm, second, {"max_pool", PoolAttrs{poolSquare(2, 2, 0)}, 0}}},
			In: append([]graph.Arg{graph.Normal(5, 8, 6, 3)}, params...)},
	}
}
