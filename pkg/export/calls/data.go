package calls

import "dnn/pkg/graph"

// Data is what values of a graph hold that do not depend on what is predicted.
type Data map[*graph.Value]graph.Buffer

// DataOf are constants and variables.
func DataOf(g *graph.Graph, data func(v *graph.Var) graph.Buffer) Data {
	d := Data{}
	for _, v := range g.Vars {
		d[v.Value] = data(v)
	}
	for v, x := range g.Consts {
		d[v] = graph.Buffer{F: x}
	}
	return d
}

// Compute computes a node whose inputs are all known; false where they are not.
func (d Data) Compute(n *graph.Node) bool {
	if n.Op == nil {
		return false
	}
	var in []graph.Buffer
	for _, v := range n.Inputs {
		x, ok := d[v]
		if !ok {
			return false
		}
		in = append(in, x)
	}
	if n.Op.View != nil {
		d[n.Outputs[0]] = cutBuffer(in[0], n.Op.View(n), n.Outputs[0].Shape.Size())
		return true
	}
	if n.Op.Kernel == nil {
		return false
	}
	for i, out := range graph.Compute(n, in) {
		d[n.Outputs[i]] = out
	}
	return true
}

func cutBuffer(b graph.Buffer, from, n int) (out graph.Buffer) {
	switch {
	case b.F != nil:
		out.F = b.F[from : from+n]
	case b.I != nil:
		out.I = b.I[from : from+n]
	case b.H != nil:
		out.H = b.H[from : from+n]
	case b.S != nil:
		out.S = b.S[from : from+n]
	case b.U != nil:
		out.U = b.U[from : from+n]
	}
	return out
}
