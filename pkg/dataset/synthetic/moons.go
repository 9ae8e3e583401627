package synthetic

import (
	"math"
	"strconv"

	"dnn/internal/random"
	"dnn/pkg/dataset/table"
)

func init() {
	Generators.Register("moons", "two half circles that reach into each other", &Moons{})
}

// Moons draws points from two half circles of radius 1: the upper one around (0, 0) is class 0, the lower one around
// (1, 0.5) class 1, equally many of each.
type Moons struct {
	Noise float64 `default:"0.1" range:"[0,)" doc:"deviation of the points from the line"`
}

func (g *Moons) columns() (int, []table.Offer) { return 2, classTarget(2) }

func (g *Moons) Generate(n int, seed uint64, emit func(x []float64, y []string)) {
	x, y := make([]float64, 2), make([]string, 1)
	for row := range n {
		r := random.New(seed, streamData+1+uint64(row))
		sin, cos := math.Sincos(math.Pi * r.Uniform())
		x[0], x[1] = cos, sin
		if row%2 == 1 {
			x[0], x[1] = 1-cos, 0.5-sin
		}
		for i := range x {
			x[i] = math.FMA(g.Noise, r.Normal(), x[i])
		}
		y[0] = strconv.Itoa(row % 2)
		emit(x, y)
	}
}
