package optim

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/train/schedule"
)

func init() { Registry.Register("adadelta", "finds the size of its steps itself", &Adadelta{}) }

// Adadelta measures steps by the steps before, so that they have the unit of the weights. With g the gradient +
// weight_decay·w
//
//	v = rho·v + (1-rho)·g²
//	d = √(u + epsilon)/√(v + epsilon)·g
//	u = rho·u + (1-rho)·d²
//	w = w - rate·d
//
// Source: Zeiler 2012, algorithm 1; PyTorch, Adadelta.
type Adadelta struct {
	LearningRate schedule.Schedule `default:"1" doc:"a number or a schedule; multiplies the steps" also:"lr|eta|rate|step_size"`
	Rho          float64           `default:"0.9" range:"[0,1)" doc:"share that both running means keep at each step"`
	Epsilon      float64           `default:"1e-6" range:"(0,)" doc:"under both roots: lets the first steps begin"`
	Decay        `spec:",inline"`
}

// Cases are examples of it.
func (*Adadelta) Cases() []Case {
	return []Case{{
		Spec:     "adadelta",
		Resolved: "{type: adadelta, learning_rate: 1, rho: 0.9, epsilon: 1e-06, weight_decay: 0, decay_exclude: []}",
		Weights:  []float64{0.995683082, -1.9941738, 0.490873641},
	}}
}

// Learning is the learning rate.
func (s *Adadelta) Learning() schedule.Schedule { return s.LearningRate }

// Update adds the update.
func (s *Adadelta) Update(u *Update) *graph.Value {
	return apply(u, op.AdadeltaAttrs{Rho: s.Rho, Eps: s.Epsilon, Segments: s.segments(u)}, op.AdadeltaUpdate)
}
