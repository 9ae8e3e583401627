package optim

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/train/schedule"
)

func init() {
	Registry.Register("adagrad", "steps get smaller where gradients were large, for sparse inputs", &Adagrad{})
}

// Adagrad divides each weight's step by the root of all its squared gradients. With g the gradient + weight_decay·w and t
// counting updates from 1
//
//	h = h + g²      h = initial_accumulator in the beginning
//	w = w - rate/(1 + (t-1)·rate_decay)·g/(√h + epsilon)
//
// Source: Duchi et al. 2011; PyTorch, Adagrad.
type Adagrad struct {
	LearningRate       schedule.Schedule `default:"0.01" doc:"a number or a schedule" also:"lr|eta|rate|step_size"`
	RateDecay          float64           `default:"0" range:"[0,)" doc:"makes the rate fall with the number of updates (PyTorch: lr_decay)"`
	InitialAccumulator float64           `default:"0" range:"[0,)" doc:"first value of the sum of squares"`
	Epsilon            float64           `default:"1e-10" range:"(0,)" doc:"keeps the divisor from zero"`
	Decay              `spec:",inline"`
}

// Cases are examples of it.
func (*Adagrad) Cases() []Case {
	return []Case{{
		Spec:     "adagrad",
		Resolved: "{type: adagrad, learning_rate: 0.01, rate_decay: 0, initial_accumulator: 0, epsilon: 1e-10, weight_decay: 0, decay_exclude: []}",
		Weights:  []float64{0.987817053, -1.98323791, 0.477510027},
	}}
}

// Learning is the learning rate.
func (s *Adagrad) Learning() schedule.Schedule { return s.LearningRate }

// Update adds the update.
func (s *Adagrad) Update(u *Update) *graph.Value {
	return apply(u, op.AdagradAttrs{LRDecay: s.RateDecay, Initial: s.InitialAccumulator, Eps: s.Epsilon, Segments: s.segments(u)}, op.AdagradUpdate)
}
