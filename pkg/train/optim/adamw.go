package optim

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/train/schedule"
)

func init() { Registry.Register("adamw", "adam with weight decay beside the gradient", &AdamW{}) }

// AdamW is adam with decoupled weight decay: it does not go through the running means, so it is the same for every
// weight. Before adam's step, with the gradient alone as g,
//
//	w = w·(1 - rate·weight_decay)
//
// Source: Loshchilov & Hutter 2019, algorithm 2; PyTorch, AdamW.
type AdamW struct {
	LearningRate schedule.Schedule `default:"0.001" doc:"a number or a schedule" also:"lr|eta|rate|step_size"`
	Betas        `spec:",inline"`
	Epsilon      float64 `default:"1e-8" range:"(0,)" doc:"keeps the divisor from zero"`
	WeightDecay  float64 `default:"0.01" range:"[0,)" doc:"share of each weight, times the learning rate, that every update takes off"`
	Exclude      `spec:",inline"`
}

// Cases are examples of it.
func (*AdamW) Cases() []Case {
	return []Case{{
		Spec:     "adamw",
		Resolved: "{type: adamw, learning_rate: 0.001, betas: [0.9, 0.999], epsilon: 1e-08, weight_decay: 0.01, decay_exclude: []}",
		Weights:  []float64{0.997966719, -1.99738624, 0.497110118},
	}}
}

// Learning is the learning rate.
func (s *AdamW) Learning() schedule.Schedule { return s.LearningRate }

// Update adds the update.
func (s *AdamW) Update(u *Update) *graph.Value {
	return apply(u, op.AdamAttrs{
		Beta1: s.first(), Beta2: s.second(), Eps: s.Epsilon, Decoupled: true, Segments: u.Segments(s.WeightDecay, s.DecayExclude),
	}, op.AdamUpdate)
}
