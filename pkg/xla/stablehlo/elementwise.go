package stablehlo

import "dnn/pkg/graph"

// unary is a function of each element that StableHLO has.
func unary(name string) Lowering { return one(func(x val) val { return x.unary(name) }) }

// both is a function of two values that StableHLO has.
func both(name string) Lowering {
	return func(_ *emitter, _ *graph.Node, in []val) []val { return []val{in[0].binary(name, in[1])} }
}

// mask is 1 where two values compare so, else 0.
func mask(how string) Lowering {
	return func(_ *emitter, _ *graph.Node, in []val) []val { return []val{in[0].compare(how, in[1]).as("f32")} }
}

// one is a function of one value.
func one(y func(x val) val) Lowering {
	return func(_ *emitter, _ *graph.Node, in []val) []val { return []val{y(in[0])} }
}

// with is a function of one value and the op's attributes.
func with[A any](y func(x val, a A) val) Lowering {
	return func(_ *emitter, n *graph.Node, in []val) []val { return []val{y(in[0], n.Attrs.(A))} }
}

// of is a function of all inputs and the op's attributes.
func of[A any](y func(in []val, a A) val) Lowering {
	return func(_ *emitter, n *graph.Node, in []val) []val { return []val{y(in, n.Attrs.(A))} }
}

// shaped is a function of one value and the shape of the result.
func shaped(y func(x val, s graph.Shape) val) Lowering {
	return func(_ *emitter, n *graph.Node, in []val) []val { return []val{y(in[0], n.Outputs[0].Shape)} }
}
