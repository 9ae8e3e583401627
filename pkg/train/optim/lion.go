package optim

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/train/schedule"
)

func init() {
	Registry.Register("lion", "steps of one size in the direction of the momentum's sign", &Lion{})
}

// Lion takes steps of one size for every weight and remembers half as much as adam. With g the gradient, betas β₁ and β₂,
//
//	w = w·(1 - rate·weight_decay) - rate·sign(β₁·m + (1-β₁)·g)
//	m = β₂·m + (1-β₂)·g
//
// The authors advise a learning rate three to ten times smaller than adamw's, and a weight decay as many times larger.
//
// Source: Chen et al. 2023, algorithm 2.
type Lion struct {
	LearningRate schedule.Schedule `default:"1e-4" doc:"a number or a schedule" also:"lr|eta|rate|step_size"`
	Betas        []float64         `default:"[0.9, 0.99]" range:"[0,1)" length:"[2,2]" doc:"share of the momentum in the step's direction, and share of it that is kept"`
	WeightDecay  float64           `default:"0" range:"[0,)" doc:"share of each weight, times the learning rate, that every update takes off"`
	Exclude      `spec:",inline"`
}

// Cases are examples of it.
func (*Lion) Cases() []Case {
	return []Case{{
		Spec:     "lion",
		Resolved: "{type: lion, learning_rate: 0.0001, betas: [0.9, 0.99], weight_decay: 0, decay_exclude: []}",
		Weights:  []float64{0.9999, -1.9999, 0.4997},
	}}
}

// Learning is the learning rate.
func (s *Lion) Learning() schedule.Schedule { return s.LearningRate }

// Update adds the update.
func (s *Lion) Update(u *Update) *graph.Value {
	return apply(u, op.LionAttrs{Beta1: s.Betas[0], Beta2: s.Betas[1], Segments: u.Segments(s.WeightDecay, s.DecayExclude)}, op.LionUpdate)
}
