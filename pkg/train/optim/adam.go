package optim

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/train/schedule"
)

func init() {
	Registry.Register("adam", "momentum, with steps divided by the gradient's recent size", &Adam{})
}

// Adam follows a running mean of the gradient, divided by the root of a running mean of its square. With g the gradient +
// weight_decay·w, betas β₁ and β₂, and t counting updates from 1
//
//	m = β₁·m + (1-β₁)·g
//	v = β₂·v + (1-β₂)·g²
//	w = w - rate·(m/(1-β₁ᵗ)) / (√(v/(1-β₂ᵗ)) + epsilon)
//
// Source: Kingma & Ba 2015, algorithm 1; PyTorch, Adam. For weight decay take adamw.
type Adam struct {
	LearningRate schedule.Schedule `default:"0.001" doc:"a number or a schedule" also:"lr|eta|rate|step_size"`
	Betas        `spec:",inline"`
	Epsilon      float64 `default:"1e-8" range:"(0,)" doc:"keeps the divisor from zero"`
	Decay        `spec:",inline"`
}

// Cases are examples of it.
func (*Adam) Cases() []Case {
	return []Case{{
		Spec:     "adam",
		Resolved: "{type: adam, learning_rate: 0.001, betas: [0.9, 0.999], epsilon: 1e-08, weight_decay: 0, decay_exclude: []}",
		Weights:  []float64{0.997996695, -1.99744621, 0.497125089},
	}}
}

// Learning is the learning rate.
func (s *Adam) Learning() schedule.Schedule { return s.LearningRate }

// Update adds the update.
func (s *Adam) Update(u *Update) *graph.Value {
	return apply(u, op.AdamAttrs{Beta1: s.first(), Beta2: s.second(), Eps: s.Epsilon, Segments: s.segments(u)}, op.AdamUpdate)
}
