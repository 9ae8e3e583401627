package optim

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/train/schedule"
)

func init() { Registry.Register("nadam", "adam with Nesterov's momentum", &NAdam{}) }

// NAdam is adam that looks one step of its momentum ahead, with a momentum that grows over the first updates. With g, m
// and v as in adam,
//
//	μₜ = β₁·(1 - 0.96^(t·momentum_decay)/2),  Πₜ = μ₁·…·μₜ
//	w  = w - rate·(μₜ₊₁·m/(1-Πₜ₊₁) + (1-μₜ)·g/(1-Πₜ)) / (√(v/(1-β₂ᵗ)) + epsilon)
//
// Source: Dozat 2016; PyTorch 2, NAdam (1.13 counts μ twice unless its foreach is set).
type NAdam struct {
	LearningRate  schedule.Schedule `default:"0.002" doc:"a number or a schedule" also:"lr|eta|rate|step_size"`
	Betas         `spec:",inline"`
	Epsilon       float64 `default:"1e-8" range:"(0,)" doc:"keeps the divisor from zero"`
	MomentumDecay float64 `default:"0.004" range:"[0,1]" doc:"how fast the momentum grows to its full size"`
	Decay         `spec:",inline"`
}

// Cases are examples of it.
func (*NAdam) Cases() []Case {
	return []Case{{
		Spec:     "nadam",
		Resolved: "{type: nadam, learning_rate: 0.002, betas: [0.9, 0.999], epsilon: 1e-08, momentum_decay: 0.004, weight_decay: 0, decay_exclude: []}",
		Weights:  []float64{0.997154772, -1.99626873, 0.494919361},
	}}
}

// Learning is the learning rate.
func (s *NAdam) Learning() schedule.Schedule { return s.LearningRate }

// Update adds the update.
func (s *NAdam) Update(u *Update) *graph.Value {
	return apply(u, op.NAdamAttrs{
		Beta1: s.first(), Beta2: s.second(), Eps: s.Epsilon, MomentumDecay: s.MomentumDecay, Segments: s.segments(u),
	}, op.NAdamUpdate)
}
