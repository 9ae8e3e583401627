package op

import (
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

// recurrentVariants are what every recurrent op is tried on.
var recurrentVariants = []struct {
	name               string
	rows, steps, units int
	a                  RecurrentAttrs
	dy, dlast, dcell   bool // of the gradient
}{
	{"plain", 2, 3, 4, RecurrentAttrs{}, true, false, false},
	{"reverse", 3, 4, 2, RecurrentAttrs{Reverse: true}, false, true, false},
	{"one step", 2, 1, 3, RecurrentAttrs{Initial: true}, true, true, true},
	{"one unit", 1, 5, 1, RecurrentAttrs{Initial: true}, false, true, true},
	{"mask", 2, 3, 3, RecurrentAttrs{Mask: true}, true, true, false},
	{"lengths", 5, 4, 2, RecurrentAttrs{Lengths: true}, true, true, true},
	{"all", 4, 5, 3, RecurrentAttrs{Initial: true, Mask: true, Lengths: true}, true, true, true},
	{"all, reverse", 5, 4, 3, RecurrentAttrs{Initial: true, Mask: true, Lengths: true, Reverse: true}, true, true, true},
	{"blocks", 19, 3, 35, RecurrentAttrs{Lengths: true, Initial: true}, true, false, false},
}

// recurrentCases are the variants with each of some settings, and with a bias where the cell has one.
func recurrentCases(k cell, settings ...RecurrentAttrs) []graph.Case {
	var cases []graph.Case
	for _, v := range recurrentVariants {
		for _, a := range settings {
			name := v.name + a.suffix()
			a.Initial, a.Mask, a.Lengths, a.Reverse = v.a.Initial, v.a.Mask, v.a.Lengths, v.a.Reverse
			a.Bias = k == gruCell && (a.Initial || a.Lengths)
			in := []graph.Arg{graph.Normal(v.rows, v.steps, k.gates*v.units), graph.Uniform(-0.6, 0.6, k.gates*v.units, v.units)}
			if a.Act == vec.ActRelu { // small weights do not bring a sum near the kink
				in[0], in[1] = graph.OffKink(0.6, []float64{0}, v.rows, v.steps, v.units), graph.Uniform(-0.02, 0.02, v.units, v.units)
			}
			if a.Bias {
				in = append(in, graph.Normal(k.gates*v.units))
			}
			cases = append(cases, graph.Case{Name: name, Attrs: a, In: append(in, k.stateArgs(a, v.rows, v.steps, v.units)...)})
		}
	}
	return cases
}

// recurrentGradCases are the same for the gradient.
func recurrentGradCases(k cell, settings ...RecurrentAttrs) []graph.Case {
	var cases []graph.Case
	for _, v := range recurrentVariants {
		for _, a := range settings {
			name := v.name + a.suffix()
			a.Initial, a.Mask, a.Lengths, a.Reverse = v.a.Initial, v.a.Mask, v.a.Lengths, v.a.Reverse
			all, state := graph.Normal(v.rows, v.steps, v.units), graph.Normal(v.rows, v.units)
			dcell := v.dcell && k.cells
			in := only([]graph.Arg{all, state, state}, v.dy, v.dlast, dcell)
			if k.gates > 1 {
				in = append(in, graph.Uniform(0.1, 0.9, v.rows, v.steps, k.gates*v.units))
			}
			if k == gruCell && !a.ResetBefore || k.cells {
				in = append(in, all)
			}
			y := graph.Uniform(-0.9, 0.9, v.rows, v.steps, v.units)
			if a.Act == vec.ActRelu {
				y = graph.OffKink(0.05, []float64{0}, v.rows, v.steps, v.units)
			}
			in = append(in, y, graph.Uniform(-0.6, 0.6, k.gates*v.units, v.units))
			cases = append(cases, graph.Case{
				Name: name, Attrs: RecurrentGradAttrs{a, v.dy, v.dlast, dcell}, In: append(in, k.stateArgs(a, v.rows, v.steps, v.units)...),
			})
		}
	}
	return cases
}

// stateArgs are the optional inputs behind x, w and the bias.
func (k cell) stateArgs(a RecurrentAttrs, rows, steps, units int) []graph.Arg {
	state := graph.Normal(rows, units)
	mask := graph.Uniform(0.5, 1.5, rows, units)
	mask.Fixed = true
	return only([]graph.Arg{state, state, mask, graph.Index(steps+1, rows)}, a.Initial, a.Initial && k.cells, a.Mask, a.Lengths)
}

// suffix tells settings apart in names of cases.
func (a RecurrentAttrs) suffix() string {
	switch {
	case a.Act == vec.ActRelu:
		return ", relu"
	case a.ResetBefore:
		return ", reset before"
	}
	return ""
}
