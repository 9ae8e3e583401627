package compress

import (
	"dnn/internal/phrase"
	"dnn/pkg/compress/recipe"
	"dnn/pkg/train/schedule"
)

func init() {
	recipe.Registry.Register("fine_tune", "trains the model on, without another change", &FineTune{}).Also("train", "finetune", "retrain")
}

// FineTune trains the model of the step before on, as the spec says, with a schedule of its own. What earlier steps pruned stays
// zero.
type FineTune struct {
	Epochs       int               `required:"true" range:"[1,)" doc:"epochs of training"`
	LearningRate schedule.Schedule `doc:"learning rate of that training, a number or a schedule over its epochs (default: as optimizer.learning_rate)"`
}

// Cases are examples of it.
func (*FineTune) Cases() []string {
	return []string{"{type: fine_tune, epochs: 3, learning_rate: {type: cosine, initial: 0.001}}"}
}

// Trains is true.
func (*FineTune) Trains() bool { return true }

// Apply trains.
func (s *FineTune) Apply(w *Work) (*Made, error) {
	f, err := w.Train(FineTuning{s.Epochs, s.LearningRate}, nil, nil)
	if err != nil {
		return nil, err
	}
	return &Made{Net: f.Net, State: f.State, Summary: "trained for " + phrase.Count(s.Epochs, "epoch")}, nil
}
