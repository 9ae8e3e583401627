package optim

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/spec"
	"dnn/pkg/train/schedule"
)

func init() { Registry.Register("sgd", "stochastic gradient descent, with momentum if wanted", &SGD{}) }

// SGD follows the gradient, or with momentum a velocity v that it pushes. With g the gradient + weight_decay·w
//
//	v = g at the first update, then momentum·v + (1 - dampening)·g
//	w = w - rate·v, or with nesterov w - rate·(g + momentum·v)
//
// Source: Sutskever et al. 2013; PyTorch, SGD (in which the rate multiplies the velocity where it is used).
type SGD struct {
	LearningRate schedule.Schedule `default:"0.001" doc:"a number or a schedule" also:"lr|eta|rate|step_size"`
	Momentum     float64           `default:"0" range:"[0,1)" doc:"share of the velocity that is kept; 0.9 is common"`
	Dampening    float64           `default:"0" range:"[0,1)" doc:"share of the gradient that the velocity does not take up"`
	Nesterov     bool              `default:"false" doc:"look one step of the velocity ahead; needs momentum without dampening"`
	Decay        `spec:",inline"`
}

// Cases are examples of it.
func (*SGD) Cases() []Case {
	return []Case{{
		Spec:     "sgd",
		Resolved: "{type: sgd, learning_rate: 0.001, momentum: 0, dampening: 0, nesterov: false, weight_decay: 0, decay_exclude: []}",
		Weights:  []float64{0.9996, -1.9975, 0.49994},
	}}
}

// CheckSpec refuses nesterov where PyTorch does.
func (s *SGD) CheckSpec(path string, p *spec.Problems) {
	if s.Nesterov && (s.Momentum == 0 || s.Dampening != 0) && !p.Under(path+".momentum") {
		p.Add(path+".nesterov", "needs a momentum above 0 (such as 0.9) and no dampening")
	}
}

// Learning is the learning rate.
func (s *SGD) Learning() schedule.Schedule { return s.LearningRate }

// Update adds the update.
func (s *SGD) Update(u *Update) *graph.Value {
	return apply(u, op.SGDAttrs{Momentum: s.Momentum, Dampening: s.Dampening, Nesterov: s.Nesterov, Segments: s.segments(u)}, op.SGDUpdate)
}
