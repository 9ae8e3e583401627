package compress

import (
	"dnn/pkg/compress/recipe"
	"dnn/pkg/spec"
)

func init() {
	recipe.Registry.Register("fine_tune", "trains the model on, without another change", &FineTune{}).Also("train", "finetune", "retrain")
}

// FineTune trains the model of the step before on, as the spec says, with a schedule of its own. What earlier steps pruned stays
// zero.
type FineTune struct {
	FineTuning `spec:",inline"`
}

// Cases are examples of it.
func (*FineTune) Cases() []string {
	return []string{"{type: fine_tune, epochs: 3, learning_rate: {type: cosine, initial: 0.001}}", "{type: fine_tune, updates: 2000}"}
}

// CheckSpec expects a length.
func (s *FineTune) CheckSpec(path string, p *spec.Problems) { s.checkLength(path, true, p) }

// Apply trains.
func (s *FineTune) Apply(w *Work) (*Made, error) {
	f, err := w.Train(s.FineTuning, nil, nil)
	if err != nil {
		return nil, err
	}
	return &Made{Net: f.Net, State: f.State, Summary: "trained for " + s.length()}, nil
}
