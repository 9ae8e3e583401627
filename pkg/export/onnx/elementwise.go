package onnx

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	file "dnn/pkg/onnx"
)

// function is the kind of a function of one number.
func function(op string, settings ...file.Attribute) Kind {
	return func(e *Emitter, n *graph.Node) {
		x := e.Any(0)
		e.Put(0, x.As(e.Node(op, []string{x.Name}, settings...)))
	}
}

// functionOfTwo is the kind of a function of two arrays, of which either may be repeated.
func functionOfTwo(op string) Kind {
	return func(e *Emitter, n *graph.Node) {
		x, y, result := e.Pair()
		e.Put(0, result.As(e.Node(op, []string{x, y})))
	}
}

// comparison is the kind of a comparison, which is 1 where it holds.
func comparison(op string) Kind {
	return func(e *Emitter, n *graph.Node) {
		x, y, result := e.Pair()
		e.Put(0, result.As(e.float(e.Node(op, []string{x, y}))))
	}
}

// rowFunction is the kind of a function of each row.
func rowFunction(op string) Kind {
	return func(e *Emitter, n *graph.Node) {
		x := e.Rows(0)
		e.Put(0, x.As(e.Node(op, []string{x.Name}, Set("axis", -1))))
	}
}

// float are numbers as float32.
func (b *builder) float(name string) string { return b.cast(name, file.Float32) }

func (b *builder) cast(name string, to file.Type) string {
	return b.Node("Cast", []string{name}, Set("to", to))
}

// activate adds an activation.
func (e *Emitter) activate(x string, act op.Act, alpha float64) string {
	one := func(op string, settings ...file.Attribute) string { return e.Node(op, []string{x}, settings...) }
	switch act {
	case op.ActRelu:
		return one("Relu")
	case op.ActLeakyRelu:
		return one("LeakyRelu", Set("alpha", alpha))
	case op.ActElu:
		return one("Elu", Set("alpha", alpha))
	case op.ActSelu:
		return one("Selu")
	case op.ActSigmoid:
		return one("Sigmoid")
	case op.ActTanh:
		return one("Tanh")
	case op.ActGelu:
		return one("Gelu")
	case op.ActGeluTanh:
		return one("Gelu", Set("approximate", "tanh"))
	case op.ActSilu:
		return e.Node("Mul", []string{x, one("Sigmoid")})
	case op.ActSoftplus:
		return one("Softplus")
	case op.ActHardSigmoid:
		return one("HardSigmoid", Set("alpha", 1.0/6), Set("beta", 0.5))
	case op.ActHardSwish:
		return one("HardSwish")
	case op.ActHardTanh:
		return e.Node("Clip", []string{x, e.Float(-1), e.Float(1)})
	case op.ActNone:
	default:
		e.Refuse("has the activation " + act.String())
	}
	return x
}
