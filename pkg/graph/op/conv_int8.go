package op

import (
	"fmt"

	"dnn/internal/kernel/integer"
	"dnn/pkg/graph"
)

// ConvInt8Attrs are those of a convolution whose weights are 8-bit integers. Scale is that of x, or 0 for one of each image.
type ConvInt8Attrs struct {
	Window Window
	Groups int
	Scale  float32
	Act    Act
	Alpha  float64
}

var convInt8Op graph.Op

// ConvInt8 is y = act(x∗(w·scales) + bias), where x is quantized on the way, and products are those of integers:
//
//	x [B, in.., C] F32, w [O, C/groups, kernel..] I8 in [-127, 127], scales [O], bias [O] or nil, y [B, out.., O] F32
//
// as DenseInt8 is, with a scale for each image unless Scale is given, and sums as those of Conv.
func ConvInt8(b *graph.Builder, x, w, scales, bias *graph.Value, a ConvInt8Attrs) *graph.Value {
	in := []*graph.Value{x, w, scales}
	if bias != nil {
		in = append(in, bias)
	}
	return b.One(&convInt8Op, a, in...)
}

func init() {
	convInt8Op = graph.Op{
		Name:   "conv_int8",
		Doc:    "y = act(x∗(w·scales) + bias), in 8-bit integers",
		Infer:  inferConvInt8,
		NoGrad: noGradInt8,
		Eval:   evalConvInt8,
		Kernel: convInt8Kernel,
		Cost: func(n *graph.Node) graph.Cost {
			s := n.Attrs.(ConvInt8Attrs).shape(n)
			return productCost(n, s.Flops())
		},
		Cases: convInt8Cases(),
	}
	graph.Ops.Register(convInt8Op.Name, convInt8Op.Doc, &convInt8Op)
}

func (a ConvInt8Attrs) quantized() quantizedAttrs { return quantizedAttrs{a.Scale, a.Act, a.Alpha} }

func inferConvInt8(attrs any, in []graph.Type) ([]graph.Type, error) {
	a := attrs.(ConvInt8Attrs)
	if err := a.quantized().inputs(in); err != nil {
		return nil, err
	}
	s, err := ConvAttrs{a.Window, a.Groups}.infer(in[0], in[1])
	if err == nil && in[1].Shape[1:].Size() > integer.MaxK {
		err = fmt.Errorf("w is %v: sums of more than %d products do not fit into 32 bits", in[1].Shape, integer.MaxK)
	}
	return []graph.Type{graph.Floats(s...)}, err
}

func evalConvInt8(n *graph.Node, in, out []graph.Ref) {
	a := n.Attrs.(ConvInt8Attrs)
	s := a.shape(n)
	var q []int32
	scales := make([]float32, s.Batch)
	size := len(in[0].F) / max(s.Batch, 1)
	for b := range scales {
		image, scale := a.quantized().quantizeRef(in[0].F[b*size : (b+1)*size])
		q, scales[b] = append(q, image...), scale
	}
	sums := make([]int32, len(out[0].F))
	eachProduct(s, func(xi, wi, yi int) { sums[yi] += q[xi] * in[1].I[wi] })
	for i, sum := range sums {
		out[0].F[i] = a.quantized().finishRef(in, sum, scales[i*s.Batch/len(sums)], i%s.O)
	}
}

func convInt8Kernel(n *graph.Node) graph.Kernel {
	a := n.Attrs.(ConvInt8Attrs)
	s := a.shape(n)
	v := integer.NewConv(s)
	scales := v.Quantized
	return graph.Kernel{Kept: v.Packed, Local: v.Local, Scratch: scales + s.Batch, Phases: []graph.Phase{
		{Units: v.PackUnits, Once: fixed(n.Inputs[1]), Run: func(c *graph.Call, lo, hi int) { v.Pack(c.Kept, c.In[1].S, lo, hi) }},
		{Units: s.Batch, Run: func(c *graph.Call, lo, hi int) {
			v.Quantize(c.Scratch[:scales], c.Scratch[scales:], c.In[0].F, a.Scale, lo, hi)
		}},
		{Units: v.Units, Run: func(c *graph.Call, lo, hi int) {
			v.Run(c.Out[0].F, c.In[0].F, c.Scratch[:scales], c.Scratch[scales:], c.Kept, c.Local, a.Scale, a.quantized().epilogue(c), lo, hi)
		}},
	}}
}

func convInt8Cases() []graph.Case {
	var cases []graph.Case
	examples := append(convExamples[:len(convExamples):len(convExamples)],
		convCase{"minimal filtering", 2, 32, 48, []int{28, 14}, square(2, 3, 1, 1), 1},
		convCase{"minimal filtering, many images", 17, 16, 16, []int{4, 4}, square(2, 3, 1, 1), 1},
		convCase{"many images", 17, 3, 5, []int{4, 4}, square(2, 3, 1, 1), 1},
		convCase{"small groups", 2, 24, 32, []int{5, 6}, square(2, 3, 1, 1), 8},
		convCase{"small groups in one", 17, 6, 12, []int{5, 4}, square(2, 3, 1, 1), 6},
		convCase{"depthwise, many images", 17, 20, 20, []int{6, 5}, square(2, 3, 2, 1), 20},
		convCase{"minimal filtering, tall", 1, 16, 16, []int{12, 4}, square(2, 3, 1, 0), 1})
	for i, c := range examples {
		a := ConvInt8Attrs{Window: c.win, Groups: c.groups, Act: []Act{ActNone, ActRelu, ActTanh}[i%3], Scale: []float32{0, 0.03}[i%2]}
		w := int8s(c.w().Type.Shape...)
		in := []graph.Arg{c.x(), w, scalesOf(w)}
		if i%5 == 0 {
			in[0] = graph.Uniform(0, 1, in[0].Type.Shape...)
		}
		if i%4 < 3 {
			in = append(in, graph.Normal(c.o))
		}
		cases = append(cases, graph.Case{Name: c.name, Attrs: a, In: in})
	}
	return cases
}
