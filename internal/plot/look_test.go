package plot

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// attributed gives the words of a text values.
func attributed(text string, value func() float64) (list []AttributedToken) {
	for i, word := range strings.Fields(text) {
		list = append(list, AttributedToken{word, i > 0, value()})
	}
	return list
}

// samples are the charts of every test: ordinary runs and the edges.
func samples() map[string]func(path string) error {
	r := rand.New(rand.NewPCG(1, 2))
	decay := func(n int, from, to, noise float64) []float64 {
		out := make([]float64, n)
		for i := range out {
			out[i] = to + (from-to)*math.Exp(-6*float64(i)/float64(n)) + noise*math.Abs(r.NormFloat64())
		}
		return out
	}
	rise := func(n int, to float64) []float64 {
		out := decay(n, 0.7, 0, 0.01)
		for i := range out {
			out[i] = max(0, to-out[i])
		}
		return out
	}
	cosine := make([]float64, 60)
	for i := range cosine {
		cosine[i] = 1e-3*0.5*(1+math.Cos(math.Pi*float64(i)/60)) + 1e-6
	}
	constant := func(n int, v float64) []float64 {
		out := make([]float64, n)
		for i := range out {
			out[i] = v
		}
		return out
	}
	nan, inf := math.NaN(), math.Inf(1)
	confusion := func(n int, name func(int) string, per float64) Confusion {
		c := Confusion{Classes: make([]string, n), Counts: make([][]float64, n)}
		for i := range n {
			c.Classes[i], c.Counts[i] = name(i), make([]float64, n)
			for k := range n {
				if r.Float64() < 0.35 {
					c.Counts[i][k] = math.Floor(per * 0.1 * r.Float64() * r.Float64())
				}
			}
			c.Counts[i][i] = math.Floor(per * (0.6 + 0.4*r.Float64()))
		}
		return c
	}
	scatter := func(n int, value func() float64, noise float64) Scatter {
		s := Scatter{Target: "price (1000 €)", Labels: make([]float64, n), Predicted: make([]float64, n)}
		for i := range n {
			s.Labels[i] = value()
			s.Predicted[i] = s.Labels[i] + noise*r.NormFloat64()
		}
		return s
	}
	iris := []string{"setosa", "versicolor", "virginica"}
	wild := scatter(400, func() float64 { return math.Pow(10, r.Float64()*18-9) }, 0)
	for i := range wild.Predicted {
		wild.Predicted[i] *= math.Exp(0.5 * r.NormFloat64())
	}
	holes := scatter(50, r.NormFloat64, 0.5)
	holes.Labels[3], holes.Predicted[4] = nan, -inf
	outlier := scatter(200, func() float64 { return 50 + 10*r.NormFloat64() }, 3)
	outlier.Predicted[0], outlier.Predicted[1] = 1e6, -4e3
	wild.Predicted[0] = -1
	all := map[string]any{
		"curves": Curves{Title: "mnist-mlp 0003", Loss: Pair{"loss", decay(60, 2.3, 0.02, 0.004), decay(60, 2.1, 0.09, 0.02)},
			Metric: Pair{"accuracy", rise(60, 0.99), rise(60, 0.96)}, LearningRate: cosine, Best: 47},
		"curves_linear": Curves{Loss: Pair{"loss", decay(12, 0.9, 0.4, 0.02), decay(12, 0.85, 0.5, 0.02)}, LearningRate: constant(12, 1e-3), Best: 9},
		"curves_more":   Curves{Loss: Pair{"loss", []float64{0.7, 0.4}, []float64{0.8, 0.6}}, Metric: Pair{"accuracy", nil, []float64{0.4, 0.6}}, More: []Pair{{"recall", nil, []float64{0.2, 0.7}}, {"f1", nil, []float64{0.3, nan}}}, Best: 2},
		"steps": Steps{Title: "fashion-cnn", Names: []string{"start", "prune_structured", "distill", "quantize"}, Chosen: 3, Panels: []StepsPanel{
			{"size on disk (kB)", []float64{430.2, 130.7, 130.7, 36.1}}, {"latency of one row (µs)", []float64{212, 95, 96, 61}},
			{"validation accuracy", []float64{0.912, 0.893, 0.909, nan}}, {"validation loss", []float64{0.25, inf, 0, -1}}, {"µ", []float64{1}}}},
		"steps_none":      Steps{Chosen: -1},
		"curves_one":      Curves{Loss: Pair{"loss", []float64{0.7}, []float64{0.8}}, Metric: Pair{"accuracy", []float64{0.5}, []float64{0.4}}, LearningRate: []float64{0.1}, Best: 1},
		"curves_none":     Curves{},
		"curves_nan":      Curves{Loss: Pair{"loss", []float64{2, 1.5, nan, 1.2, inf, nan}, []float64{nan, nan, nan, nan, nan, nan}}, Metric: Pair{"Größe (µm) 長さ", []float64{nan}, nil}},
		"curves_resumed":  Curves{Epochs: []float64{10, 11, 12}, Loss: Pair{"", []float64{3, 2, 1}, nil}, Best: 12},
		"curves_constant": Curves{Loss: Pair{"loss", constant(5, 0), nil}, Metric: Pair{"mae", constant(5, 1e9), constant(5, 1e9)}},
		"curves_range":    Curves{Loss: Pair{"loss", []float64{1e9, 1e3, 1, 1e-4, 1e-9}, []float64{1e8, 1e4, 10, 1e-2, 1e-6}}, Metric: Pair{"rmse", []float64{-1e9, 1e9, 5e8, 0, 2}, nil}, LearningRate: []float64{1e-9, 1, 1e-3, 1e-4, 1e-5}},
		"curves_huge":     Curves{Loss: Pair{"loss", []float64{-1.7e308, 1.7e308, 1e299, 5e-324}, []float64{5e-324, 1e-300, 1e-310, 0}}},
		"curves_long":     Curves{Loss: Pair{"loss", decay(20000, 5, 0.1, 0.3), decay(20000, 5, 0.2, 0.3)}, Best: 15000},
		"confusion":       Confusion{Classes: iris, Counts: [][]float64{{10, 0, 0}, {0, 9, 1}, {0, 2, 8}}},
		"confusion_ten": confusion(10, func(i int) string {
			return []string{"airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"}[i]
		}, 1000),
		"confusion_fifty":    confusion(50, func(i int) string { return fmt.Sprintf("a rather long class name, number %d of them", i) }, 300),
		"confusion_many":     confusion(450, func(i int) string { return fmt.Sprintf("n%08d", i) }, 50),
		"confusion_one":      Confusion{Classes: []string{"yes"}, Counts: [][]float64{{5}}},
		"confusion_none":     Confusion{},
		"confusion_odd":      Confusion{Title: "<tags> & \"quotes\"\n\x01\xff", Classes: []string{"", "ελληνικά", "名前\x00"}, Counts: [][]float64{{nan, -1, inf}, {0.25, 1e12, 0}, {0, 0, 0}}},
		"scatter":            scatter(250, func() float64 { return 50 + 20*r.NormFloat64() }, 6),
		"scatter_points":     scatter(1400, func() float64 { return 50 + 20*r.NormFloat64() }, 6),
		"scatter_density":    scatter(100000, func() float64 { return 50 + 20*r.NormFloat64() }, 8),
		"scatter_log":        wild,
		"scatter_holes":      holes,
		"scatter_astray":     outlier,
		"scatter_constant":   Scatter{Labels: constant(2000, 3), Predicted: constant(2000, 3)},
		"scatter_tiny":       scatter(100, func() float64 { return 1e9 + 1e-3*r.Float64() }, 1e-4),
		"scatter_none":       Scatter{Target: "y"},
		"mistakes":           misclassifiedOf(40, 57, 28, 28, 1),
		"mistakes_colour":    misclassifiedOf(9, 9, 40, 64, 3),
		"mistakes_wide":      misclassifiedOf(3, 0, 900, 4, 1),
		"mistakes_tall":      misclassifiedOf(1, 1, 3, 700, 3),
		"mistakes_none":      Misclassified{},
		"attribution_text":   Attribution{Title: "sms.csv, row 3: spam (0.998)", Subtitle: "integrated gradients", Texts: []AttributedText{{Name: "text", Tokens: attributed("Free entry in 2 a wkly comp to win FA Cup final tkts 21st May 2005 . Text FA to 87121 to receive entry question , a-very-long-word-without-any-blank-that-takes-more-than-one-line-of-the-image-to-be-drawn-in-full", r.NormFloat64)}, {Name: "none"}}},
		"attribution_tags":   Attribution{Title: "words.csv, row 1", Texts: []AttributedText{{Head: "1 w → s", Tokens: attributed("w al k i ng", r.NormFloat64)}, {Head: "2 a → s", Tokens: attributed("w al k i ng", r.NormFloat64)}}},
		"attribution_series": Attribution{Title: "x.csv, row 1: 2 (0.9)", Series: []AttributedSeries{{"t", 1, decay(150, 1, 0, 0.01), rise(150, 0.1)}, {"u", -24, decay(24, 1, 0, 0.01), constant(24, -0.01)}, {"holes", 1, []float64{1, nan, 3}, []float64{nan, 1, -1}}}},
		"attribution_long":   Attribution{Series: append(slices.Repeat([]AttributedSeries{{"a", 1, constant(3, 0), constant(3, 0)}}, 13), AttributedSeries{"long", 1, decay(20000, 1, 0, 0.1), decay(20000, 1, -1, 0.1)})},
		"attention":          Attention{Title: "words.tsv, row 3: decoded.0.cross_attention, 3 heads", Subtitle: "how much each step of es (rows) looked at each of en (columns)", Queries: strings.Fields("en el principio <end>"), Keys: strings.Fields("In the beginning ."), Heads: [][]float64{rise(16, 1), decay(16, 1, 0, 0), constant(16, nan)}},
		"attention_many":     Attention{Queries: slices.Repeat([]string{"a_long_word_of_many_letters"}, 40), Keys: slices.Repeat([]string{"ελληνικά"}, 300), Heads: slices.Repeat([][]float64{rise(12000, 1)}, 8)},
		"attention_empty":    Attention{Queries: []string{"1"}, Heads: [][]float64{{}}},
		"probabilities":      Probabilities{Title: "cancer, test split", Classes: []Ranking{ranking(200, r.Float64)}, Threshold: 0.3},
		"probabilities_many": Probabilities{Classes: slices.Repeat([]Ranking{ranking(60, r.Float64)}, 9)},
		"probabilities_none": Probabilities{Classes: []Ranking{{Name: "all", Said: []float64{1, nan}, Is: []bool{true, true}}}},
		"horizon":            Horizon{Title: "air, test split", Target: "passengers (1000)", Errors: rise(12, 30), Most: rise(12, 60)},
		"horizon_none":       Horizon{Errors: []float64{nan, inf}},
		"scatter_small_one":  Scatter{Target: "y", Labels: []float64{1e-9}, Predicted: []float64{-1e-9}},
	}
	draw := map[string]func(string) error{}
	for name, v := range all {
		draw[name] = func(path string) error {
			switch v := v.(type) {
			case Curves:
				return DrawCurves(path, v)
			case Confusion:
				return DrawConfusion(path, v)
			case Probabilities:
				return DrawProbabilities(path, v)
			case Steps:
				return DrawSteps(path, v)
			case Horizon:
				return DrawHorizon(path, v)
			case Misclassified:
				return DrawMisclassified(path, v)
			case Attention:
				if err := DrawAttention(path+".svg", v); err != nil {
					return err
				}
				return DrawAttention(path+".png", v)
			case Attribution:
				if err := DrawAttribution(path+".svg", v); err != nil {
					return err
				}
				return DrawAttribution(path+".png", v)
			}
			return DrawScatter(path, v.(Scatter))
		}
	}
	return draw
}

// TestLook leaves the charts in a folder, for the eye: PLOT_LOOK=/tmp/look go test -run TestLook ./internal/plot
func TestLook(t *testing.T) {
	dir := os.Getenv("PLOT_LOOK")
	if dir == "" {
		t.Skip("PLOT_LOOK is not set")
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, draw := range samples() {
		if err := draw(filepath.Join(dir, name)); err != nil {
			t.Error(name, err)
		}
	}
}

// ranking is a class whose rows are said to be of it more often than others.
func ranking(n int, draw func() float64) (r Ranking) {
	r.Name = "a class with a long name"
	for range n {
		p := draw()
		r.Said, r.Is = append(r.Said, p), append(r.Is, draw() < p)
	}
	return r
}
