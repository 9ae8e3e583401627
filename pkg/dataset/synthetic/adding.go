package synthetic

import (
	"dnn/internal/random"
	"dnn/pkg/dataset/table"
)

func init() {
	Generators.Register("adding", "the sum of the two numbers of a sequence that are marked", &Adding{})
}

// Adding makes sequences of numbers from [0, 1), of which one in the first half and one in the second are marked; to predict
// is the sum of these two. It shows whether a net remembers over half of a sequence: the best guess without memory is 1, with
// a mean squared error of 1/6.
//
// The columns are x0, x1, … for the numbers and then as many for the marks, 1 or 0: an input of two channels is {columns:
// "x*", name: sequence, type: series, channels: 2, normalize: none}. The target is y.
//
// Source: Hochreiter & Schmidhuber 1997, "Long short-term memory", experiment 4; in this form Le, Jaitly & Hinton 2015, "A
// simple way to initialize recurrent networks of rectified linear units".
type Adding struct {
	Length int `default:"100" range:"[2,10000]" doc:"steps of a sequence"`
}

func (g *Adding) columns() (int, []table.Offer) {
	return 2 * g.Length, []table.Offer{{Column: "y", Type: "number"}}
}

func (g *Adding) Generate(n int, seed uint64, emit func(x []float64, y []string)) {
	x, y := make([]float64, 2*g.Length), make([]string, 1)
	half := g.Length / 2
	for row := range n {
		r := random.New(seed, streamData+1+uint64(row))
		for i := range g.Length {
			x[i], x[g.Length+i] = r.Uniform(), 0
		}
		first, second := r.Below(half), half+r.Below(g.Length-half)
		x[g.Length+first], x[g.Length+second] = 1, 1
		y[0] = Digits(x[first] + x[second])
		emit(x, y)
	}
}
