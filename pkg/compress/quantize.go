package compress

import (
	"fmt"

	"dnn/internal/parallel"
	"dnn/internal/phrase"
	"dnn/pkg/compress/quantize"
	"dnn/pkg/compress/recipe"
	"dnn/pkg/model"
	"dnn/pkg/spec"
)

func init() {
	recipe.Registry.Register("quantize", "keeps the weights as numbers of fewer bits", &Quantize{}).Also("quantise", "quantization")
}

// Quantize keeps the weights as numbers of fewer bits, as dnn quantize does. With epochs, the net is trained with rounded numbers
// first (train.quantize), so that it loses less. Scales are calibrated on rows of the training split, and layers tried on rows of the
// validation split. It is the last step of a recipe: its model cannot be trained.
type Quantize struct {
	quantize.Settings `spec:",inline"`
	FineTuning        `spec:",inline"`
	Begin             float64 `default:"0" range:"[0,1)" doc:"share of that training after which it computes with rounded numbers; validation does from the start"`
}

// Cases are examples of it.
func (*Quantize) Cases() []string {
	return []string{"quantize", "{type: quantize, activations: calibrated, method: {type: percentile, percent: 99.9}, keep: [dense_1]}", "{type: quantize, weights: bf16}", "{type: quantize, sparse: true}",
		"{type: quantize, weights: int4, epochs: 3, learning_rate: 0.0002, begin: 0.3}"}
}

// CheckSpec expects a training for weights that one can be done for.
func (s *Quantize) CheckSpec(path string, p *spec.Problems) {
	s.checkLength(path, false, p)
	switch s.Settings.CheckSpec(path, p); {
	case p.Under(path):
	case s.Trains() && s.Weights != "int8" && s.Weights != "int4":
		p.Add(path+".epochs", "train for weights of int8 or int4, not for %s: leave epochs out, or let a step fine_tune go before", s.Weights)
	case s.Begin > 0 && !s.Trains():
		p.Add(path+".begin", "is a share of the training, and there is none: give epochs")
	}
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
	f, err := s.trained(w)
	if err != nil {
		return nil, err
	}
	pool := parallel.New(w.Threads)
	defer pool.Close()
	rows := quantize.Data{Calibration: quantize.Part(data.Train, s.Rows, seed), Scoring: quantize.Part(scored, s.Rows, seed)}
	f, report, err := quantize.Apply(f, rows, s.Settings, pool)
	if err != nil {
		return nil, err
	}
	for _, text := range report.Warnings(&s.Settings) {
		w.run.o.Warn(text)
	}
	kept := 0
	for _, l := range report.Layers {
		if l.Form == quantize.Float32 {
			kept++
		}
	}
	summary := fmt.Sprintf("%s as %s", phrase.Count(len(report.Layers)-kept, "layer"), s.Weights)
	if report.Sparse > 0 {
		summary += fmt.Sprintf(" (%s in sparse form)", phrase.Count(report.Sparse, "array"))
	}
	if kept > 0 {
		summary += fmt.Sprintf(", %d left in float32", kept)
	}
	if s.Trains() {
		summary = fmt.Sprintf("trained for %s with rounded numbers, then %s", s.length(), summary)
	}
	return &Made{Net: f.Net, State: f.State, Summary: summary, Report: report}, nil
}

// trained is the model that is quantized: that of the step before, trained with rounded numbers where epochs says so.
func (s *Quantize) trained(w *Work) (*model.File, error) {
	if !s.Trains() {
		return w.Model, nil
	}
	if err := s.Settings.Check(w.Model); err != nil {
		return nil, err
	}
	return w.Train(s.FineTuning, nil, func(c *model.Config) {
		q := &model.Quantization{Weights: s.Weights, Activations: "int8", Begin: s.Begin, Keep: s.Keep}
		if s.Weights == "int4" || s.Activations == "none" {
			q.Activations = "none"
		}
		c.Train.Quantize = q
	})
}
