package synthetic

import (
	"math"
	"strconv"

	"dnn/internal/random"
	"dnn/pkg/dataset/table"
)

func init() {
	Generators.Register("spirals", "arms that wind around each other, one for each class", &Spirals{})
}

// Spirals draws points from arms that begin near the centre and end at radius 1, one arm for each class, equally many
// points of each.
type Spirals struct {
	Classes int     `default:"2" range:"[2,)" doc:"arms"`
	Turns   float64 `default:"1.5" range:"(0,)" doc:"turns of an arm around the centre"`
	Noise   float64 `default:"0.02" range:"[0,)" doc:"deviation of the points from the line; the arms end at radius 1"`
}

func (g *Spirals) columns() (int, []table.Offer) { return 2, classTarget(g.Classes) }

func (g *Spirals) Generate(n int, seed uint64, emit func(x []float64, y []string)) {
	x, y := make([]float64, 2), make([]string, 1)
	for row := range n {
		r := random.New(seed, streamData+1+uint64(row))
		class := row % g.Classes
		radius := math.FMA(0.95, r.Uniform(), 0.05)
		sin, cos := math.Sincos(2 * math.Pi * math.FMA(g.Turns, radius, float64(class)/float64(g.Classes)))
		x[0], x[1] = radius*cos, radius*sin
		for i := range x {
			x[i] = math.FMA(g.Noise, r.Normal(), x[i])
		}
		y[0] = strconv.Itoa(class)
		emit(x, y)
	}
}
