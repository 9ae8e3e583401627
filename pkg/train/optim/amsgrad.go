package optim

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/train/schedule"
)

func init() { Registry.Register("amsgrad", "adam whose divisor never shrinks", &AMSGrad{}) }

// AMSGrad is adam with the largest mean square so far in place of the present one:
//
//	s = max(s, v)
//	w = w - rate·(m/(1-β₁ᵗ)) / (√(s/(1-β₂ᵗ)) + epsilon)
//
// Source: Reddi et al. 2018, algorithm 2; PyTorch, Adam with amsgrad=True (which corrects the bias of s, as here).
type AMSGrad struct {
	LearningRate schedule.Schedule `default:"0.001" doc:"a number or a schedule" also:"lr|eta|rate|step_size"`
	Betas        `spec:",inline"`
	Epsilon      float64 `default:"1e-8" range:"(0,)" doc:"keeps the divisor from zero"`
	Decay        `spec:",inline"`
}

// Cases are examples of it.
func (*AMSGrad) Cases() []Case {
	return []Case{{
		Spec:     "amsgrad",
		Resolved: "{type: amsgrad, learning_rate: 0.001, betas: [0.9, 0.999], epsilon: 1e-08, weight_decay: 0, decay_exclude: []}",
		Weights:  []float64{0.997996695, -1.99744621, 0.497125089},
	}}
}

// Learning is the learning rate.
func (s *AMSGrad) Learning() schedule.Schedule { return s.LearningRate }

// Update adds the update.
func (s *AMSGrad) Update(u *Update) *graph.Value {
	return apply(u, op.AdamAttrs{Beta1: s.first(), Beta2: s.second(), Eps: s.Epsilon, AMSGrad: true, Segments: s.segments(u)}, op.AdamUpdate)
}
