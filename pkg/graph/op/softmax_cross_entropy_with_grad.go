package op

import (
	"fmt"

	"dnn/internal/kernel/prob"
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

// CrossEntropyAttrs tell what the targets are: Classes 0 stands for probabilities, else they are class numbers, each of
// which stands for the row of OneHot(.., Classes, On, Off).
type CrossEntropyAttrs struct {
	Classes int
	On, Off float64
}

var softmaxCrossEntropyWithGradOp graph.Op

// SoftmaxCrossEntropyWithGrad is softmax_cross_entropy and its gradient in one pass, from the logits x, the targets t and
// the negative gradient d of each row's loss:
//
//	loss = -Σ t·log_softmax(x)
//	dx = log_softmax_grad(log_softmax(x), t·d)
//
// for x and dx [.., classes], loss and d [..], and t like x, or [..] of integers. Class numbers are never spread out over
// more than one row, which also stays in the cache. A training step knows d before it knows the loss.
func SoftmaxCrossEntropyWithGrad(b *graph.Builder, a CrossEntropyAttrs, logits, targets, d *graph.Value) (loss, dx *graph.Value) {
	out := b.Add(&softmaxCrossEntropyWithGradOp, a, logits, targets, d)
	return out[0], out[1]
}

func init() {
	softmaxCrossEntropyWithGradOp = graph.Op{
		Name:  "softmax_cross_entropy_with_grad",
		Doc:   "loss = -Σ t·log_softmax(x) along the last axis, and dx from the negative gradient of each row's loss",
		Infer: inferCrossEntropyWithGrad,
		Decompose: func(b *graph.Builder, n *graph.Node) []*graph.Value {
			a, t := n.Attrs.(CrossEntropyAttrs), n.Inputs[1]
			if a.Classes > 0 {
				t = OneHot(b, t, a.Classes, a.On, a.Off)
			}
			y := LogSoftmax(b, n.Inputs[0])
			dy := Mul(b, t, column(b, n.Inputs[2]))
			return []*graph.Value{Scale(b, RowDot(b, t, y), -1), b.One(&logSoftmaxGradOp, nil, y, dy)}
		},
		Eval:      evalCrossEntropyWithGrad,
		Kernel:    crossEntropyWithGradKernel,
		InPlace:   []graph.Alias{{Out: 1, In: 0}, {Out: 1, In: 1}, {Out: 0, In: 2}},
		Cost:      cost(40),
		Tolerance: 1.5e-6,
		Cases:     crossEntropyWithGradCases(),
	}
	graph.Ops.Register(softmaxCrossEntropyWithGradOp.Name, softmaxCrossEntropyWithGradOp.Doc, &softmaxCrossEntropyWithGradOp)
}

func inferCrossEntropyWithGrad(attrs any, in []graph.Type) ([]graph.Type, error) {
	a, targets := attrs.(CrossEntropyAttrs), graph.F32
	if a.Classes > 0 {
		targets = graph.I32
	}
	if err := expect(in, graph.F32, targets, graph.F32); err != nil {
		return nil, err
	}
	if err := expectRows(in[:1], 1); err != nil {
		return nil, err
	}
	x, rows := in[0].Shape, leading(in[0].Shape)
	want := x
	if a.Classes > 0 {
		want = rows
	}
	switch {
	case a.Classes > 0 && a.Classes != x.Last():
		return nil, fmt.Errorf("logits are %v, but there are %d classes", x, a.Classes)
	case !in[1].Shape.Equal(want):
		return nil, fmt.Errorf("logits are %v, targets %v, want %v", x, in[1].Shape, want)
	case !in[2].Shape.Equal(rows):
		return nil, fmt.Errorf("logits are %v, the loss's gradient %v", x, in[2].Shape)
	}
	return []graph.Type{graph.Floats(rows...), graph.Floats(x...)}, nil
}

func evalCrossEntropyWithGrad(n *graph.Node, in, out []graph.Ref) {
	a := n.Attrs.(CrossEntropyAttrs)
	t := make([]float64, n.Inputs[0].Shape.Last())
	y := make([]float64, len(t))
	eachRow(n, func(lo, hi int) {
		row := lo / len(t)
		if a.Classes > 0 {
			checkIDs(n.Op.Name, in[1].I, row, row+1, a.Classes)
			for j := range t {
				t[j] = choose(int(in[1].I[row]) == j, a.On, a.Off)
			}
		} else {
			copy(t, in[1].F[lo:hi])
		}
		logSoftmax64(y, in[0].F[lo:hi])
		for j, v := range t {
			out[0].F[row] -= v * y[j]
			t[j] = v * in[2].F[row]
		}
		logSoftmaxGrad64(out[1].F[lo:hi], y, t)
	})
}

// crossEntropyWithGradKernel runs the chain row by row, or, where rows are so narrow that calls would take longer than
// what they compute, over many rows at once. Each unit has scratch of its own.
func crossEntropyWithGradKernel(n *graph.Node) graph.Kernel {
	const maxUnits = 64 // bounds the scratch
	a, s := n.Attrs.(CrossEntropyAttrs), n.Inputs[0].Shape
	rows, cols := rowsOf(s), s.Last()
	if cols <= narrow && rows >= 8 {
		per := max(8, min(rows, chunk/2/cols))
		size := narrowRows{rows: per, cols: cols}.scratch()
		return graph.Kernel{Scratch: ceil(rows, per) * size, Phases: []graph.Phase{cut(rows, per, func(c *graph.Call, lo, hi int) {
			for from := lo; from < hi; from += per {
				k := narrowRows{a, min(per, hi-from), cols}
				k.run(c, part(c.Scratch, from/per, size), from)
			}
		})}}
	}
	per := max(1, chunk/cols, ceil(rows, maxUnits))
	return graph.Kernel{Scratch: ceil(rows, per) * 3 * cols, Phases: []graph.Phase{cut(rows, per, func(c *graph.Call, lo, hi int) {
		wideRows(c, a, part(c.Scratch, lo/per, 3*cols), cols, lo, hi)
	})}}
}

// wideRows needs three rows of scratch: log_softmax(x), t·d, and t if it is not given.
func wideRows(c *graph.Call, a CrossEntropyAttrs, scratch []float32, cols, lo, hi int) {
	y, d, t := part(scratch, 0, cols), part(scratch, 1, cols), part(scratch, 2, cols)
	if a.Classes > 0 {
		checkIDs(softmaxCrossEntropyWithGradOp.Name, c.In[1].I, lo, hi, cols)
		vec.Fill(t, float32(a.Off))
	}
	for i := lo; i < hi; i++ {
		if a.Classes > 0 {
			t[c.In[1].I[i]] = float32(a.On)
		} else {
			t = part(c.In[1].F, i, cols)
		}
		prob.LogSoftmax(y, part(c.In[0].F, i, cols), cols, 0, 1)
		vec.Scale(d, t, c.In[2].F[i])
		c.Out[0].F[i] = -vec.Dot(t, y)
		prob.LogSoftmaxGrad(part(c.Out[1].F, i, cols), y, d, cols, 0, 1)
		if a.Classes > 0 {
			t[c.In[1].I[i]] = float32(a.Off)
		}
	}
}

func crossEntropyWithGradCases() []graph.Case {
	var cases []graph.Case
	for _, c := range crossEntropyCases(true) {
		c.Attrs = CrossEntropyAttrs{}
		cases = append(cases, c)
	}
	add := func(name string, on, off float64, shape ...int) {
		rows, classes := leading(shape), graph.Shape(shape).Last()
		cases = append(cases, graph.Case{Name: name, Attrs: CrossEntropyAttrs{classes, on, off}, In: []graph.Arg{
			graph.Uniform(-3, 3, shape...), graph.Index(classes, rows...), graph.Normal(rows...),
		}})
	}
	add("class numbers", 1, 0, 9, 5)
	add("class numbers smoothed", 0.9, 0.05, 2, 3, 3)
	add("class numbers in units", 1, 0, 700, 13)
	add("class numbers, one class", 1, 0, 3, 1)
	add("class numbers, 33 classes", 1, 0, 21, 33)
	add("class numbers, 64 classes", 0.7, 0.1, 65, 64)
	return cases
}
