package optim

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/train/schedule"
)

func init() { Registry.Register("rmsprop", "steps divided by the gradient's recent size", &RMSprop{}) }

// RMSprop divides each weight's step by the root of a running mean of its squared gradients. With g the gradient +
// weight_decay·w
//
//	v = alpha·v + (1-alpha)·g²
//	a = alpha·a + (1-alpha)·g                               if centered
//	d = g/(√v + epsilon), or g/(√(v - a²) + epsilon)        if centered
//	m = momentum·m + d                                      if there is momentum
//	w = w - rate·(m or d)
//
// Source: Tieleman & Hinton 2012; Graves 2013, section 4.2 (centered); PyTorch, RMSprop.
type RMSprop struct {
	LearningRate schedule.Schedule `default:"0.01" doc:"a number or a schedule" also:"lr|eta|rate|step_size"`
	Alpha        float64           `default:"0.99" range:"[0,1)" doc:"share that the running means keep at each step (Keras: rho)"`
	Epsilon      float64           `default:"1e-8" range:"(0,)" doc:"keeps the divisor from zero"`
	Momentum     float64           `default:"0" range:"[0,1)" doc:"share of the step before that is added to the next"`
	Centered     bool              `default:"false" doc:"divide by the gradient's spread around its mean instead of its size"`
	Decay        `spec:",inline"`
}

// Cases are examples of it.
func (*RMSprop) Cases() []Case {
	return []Case{{
		Spec:     "rmsprop",
		Resolved: "{type: rmsprop, learning_rate: 0.01, alpha: 0.99, epsilon: 1e-08, momentum: 0, centered: false, weight_decay: 0, decay_exclude: []}",
		Weights:  []float64{0.877949144, -1.83241507, 0.27466341},
	}}
}

// Learning is the learning rate.
func (s *RMSprop) Learning() schedule.Schedule { return s.LearningRate }

// Update adds the update.
func (s *RMSprop) Update(u *Update) *graph.Value {
	return apply(u, op.RMSpropAttrs{Alpha: s.Alpha, Eps: s.Epsilon, Momentum: s.Momentum, Centered: s.Centered, Segments: s.segments(u)}, op.RMSpropUpdate)
}
