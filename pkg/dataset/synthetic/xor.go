package synthetic

import (
	"math"
	"strconv"

	"dnn/internal/random"
	"dnn/pkg/dataset/table"
)

func init() {
	Generators.Register("xor", "corners of a cube, told apart by the parity of their ones", &XOR{})
}

// XOR takes the corners of the unit cube in turn, with noise; the class is 1 when an odd number of coordinates are ones.
type XOR struct {
	Features int     `default:"2" range:"[2,20]" doc:"columns x0, x1, …"`
	Noise    float64 `default:"0.1" range:"[0,)" doc:"deviation of the points from their corner"`
}

func (g *XOR) columns() (int, []table.Offer) { return g.Features, classTarget(2) }

func (g *XOR) Generate(n int, seed uint64, emit func(x []float64, y []string)) {
	x, y := make([]float64, g.Features), make([]string, 1)
	for row := range n {
		r := random.New(seed, streamData+1+uint64(row))
		parity := 0
		for i := range x {
			bit := row >> i & 1
			parity ^= bit
			x[i] = math.FMA(g.Noise, r.Normal(), float64(bit))
		}
		y[0] = strconv.Itoa(parity)
		emit(x, y)
	}
}
