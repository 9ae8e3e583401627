package compress

import (
	"fmt"

	"dnn/internal/phrase"
	"dnn/pkg/compress/factorize"
	"dnn/pkg/compress/recipe"
	"dnn/pkg/spec"
)

func init() {
	recipe.Registry.Register("factorize", "gives dense and convolution layers a rank", &Factorize{}).Also("svd", "low_rank")
}

// Factorize makes the weights of dense and convolution layers a product of two smaller ones, by a truncated singular value
// decomposition (layers: rank), and then trains the net on, if epochs says so. The model stays an ordinary one.
type Factorize struct {
	factorize.Settings `spec:",inline"`
	FineTuning         `spec:",inline"`
}

// Cases are examples of it.
func (*Factorize) Cases() []string {
	return []string{"factorize", "{type: factorize, parameters: 0.5, epochs: 3, learning_rate: 0.0005}", "{type: factorize, energy: 0.8, layers: [\"!out\"]}"}
}

// CheckSpec expects one way to choose ranks, and one length at most.
func (s *Factorize) CheckSpec(path string, p *spec.Problems) {
	s.Settings.CheckSpec(path, p)
	s.checkLength(path, false, p)
}

// Apply factorizes, and trains.
func (s *Factorize) Apply(w *Work) (*Made, error) {
	f, report, err := factorize.Apply(w.Model, s.Settings)
	if err != nil {
		return nil, err
	}
	ranked := 0
	for _, l := range report.Layers {
		if l.Rank > 0 {
			ranked++
		}
	}
	summary := fmt.Sprintf("%s with a rank, %.0f %% of the parameters left", phrase.Count(ranked, "layer"), 100*report.Parameters.After/report.Parameters.Before)
	return w.tuned(&Made{Net: whole(f.Net), State: f.State, Summary: summary, Report: report}, s.FineTuning)
}
