package compress

import (
	"fmt"

	"dnn/internal/parallel"
	"dnn/internal/phrase"
	"dnn/pkg/compress/quantize"
	"dnn/pkg/compress/recipe"
)

func init() {
	recipe.Registry.Register("quantize", "keeps the weights as numbers of fewer bits", &Quantize{}).Also("quantise", "quantization")
}

// Quantize keeps the weights as numbers of fewer bits, as dnn quantize does. Scales are calibrated on rows of the training split,
// and layers tried on rows of the validation split. It is the last step of a recipe: its model cannot be trained.
type Quantize struct {
	quantize.Settings `spec:",inline"`
}

// Cases are examples of it.
func (*Quantize) Cases() []string {
	return []string{"quantize", "{type: quantize, activations: calibrated, method: {type: percentile, percent: 99.9}, keep: [dense_1]}", "{type: quantize, weights: bf16}"}
}

// Closes is true.
func (*Quantize) Closes() bool { return true }

// Apply quantizes.
func (s *Quantize) Apply(w *Work) (*Made, error) {
	data, err := w.Data()
	if err != nil {
		return nil, err
	}
	scored, seed := data.Validation, w.Model.Net.Config.Seed
	if scored == nil || scored.Rows() == 0 {
		scored = data.Train
	}
	pool := parallel.New(w.Threads)
	defer pool.Close()
	rows := quantize.Data{Calibration: quantize.Part(data.Train, s.Rows, seed), Scoring: quantize.Part(scored, s.Rows, seed)}
	f, report, err := quantize.Apply(w.Model, rows, s.Settings, pool)
	if err != nil {
		return nil, err
	}
	kept := 0
	for _, l := range report.Layers {
		if l.Form == quantize.Float32 {
			kept++
		}
	}
	summary := fmt.Sprintf("%s as %s", phrase.Count(len(report.Layers)-kept, "layer"), s.Weights)
	if kept > 0 {
		summary += fmt.Sprintf(", %d left in float32", kept)
	}
	return &Made{Net: f.Net, State: f.State, Summary: summary, Report: report}, nil
}
