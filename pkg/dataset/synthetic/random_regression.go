package synthetic

import (
	"math"
	"strconv"

	"dnn/internal/random"
	"dnn/pkg/dataset/table"
)

func init() {
	Generators.Register("random_regression", "normal features, targets that are weighted sums of them plus noise", &RandomRegression{})
}

// RandomRegression draws features from a normal distribution (mean 0, variance 1) and weights from -1 to 1; each target
// is the weighted sum of the features plus normal noise.
type RandomRegression struct {
	Features int     `default:"10" range:"[1,)" doc:"columns x0, x1, …"`
	Targets  int     `default:"1" range:"[1,)" doc:"columns y, or y0, y1, …"`
	Noise    float64 `default:"0.1" range:"[0,)" doc:"deviation of the noise"`
}

func (g *RandomRegression) columns() (int, []table.Offer) {
	var targets []table.Offer
	for i := range g.Targets {
		name := "y"
		if g.Targets > 1 {
			name += strconv.Itoa(i)
		}
		targets = append(targets, table.Offer{Column: name, Type: "number"})
	}
	return g.Features, targets
}

func (g *RandomRegression) Generate(n int, seed uint64, emit func(x []float64, y []string)) {
	fixed := random.New(seed, streamData)
	weights := make([]float64, g.Features*g.Targets)
	for i := range weights {
		weights[i] = 2*fixed.Uniform() - 1
	}
	x, y := make([]float64, g.Features), make([]string, g.Targets)
	for row := range n {
		r := random.New(seed, streamData+1+uint64(row))
		for i := range x {
			x[i] = r.Normal()
		}
		for k := range y {
			sum := 0.0
			for i := range x {
				sum = math.FMA(weights[k*len(x)+i], x[i], sum)
			}
			y[k] = Digits(math.FMA(g.Noise, r.Normal(), sum))
		}
		emit(x, y)
	}
}
