package synthetic

import (
	"math"
	"strconv"

	"dnn/internal/random"
	"dnn/pkg/dataset/table"
)

func init() {
	Generators.Register("blobs", "round clouds of points, one for each class", &Blobs{})
}

// Blobs draws a centre for each class from a cube of side 20 around 0, and points around it from a normal distribution.
type Blobs struct {
	Features int     `default:"2" range:"[1,)" doc:"columns x0, x1, …"`
	Classes  int     `default:"3" range:"[2,)" doc:"classes 0, 1, …, equally many rows of each"`
	Noise    float64 `default:"1" range:"[0,)" doc:"deviation of the points from their centre"`
}

func (g *Blobs) columns() (int, []table.Offer) { return g.Features, classTarget(g.Classes) }

func (g *Blobs) Generate(n int, seed uint64, emit func(x []float64, y []string)) {
	fixed := random.New(seed, streamData)
	centres := make([]float64, g.Classes*g.Features)
	for i := range centres {
		centres[i] = float64(20*fixed.Uniform()) - 10
	}
	x, y := make([]float64, g.Features), make([]string, 1)
	for row := range n {
		r := random.New(seed, streamData+1+uint64(row))
		class := row % g.Classes
		for i := range x {
			x[i] = math.FMA(g.Noise, r.Normal(), centres[class*g.Features+i])
		}
		y[0] = strconv.Itoa(class)
		emit(x, y)
	}
}
