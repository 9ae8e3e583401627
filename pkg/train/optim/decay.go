package optim

import "dnn/pkg/graph/op"

// Decay is the weight decay of most optimizers: it goes through the gradient, g + weight_decay·w, as that of the penalty
// weight_decay/2·Σw² would.
type Decay struct {
	WeightDecay float64 `default:"0" range:"[0,)" doc:"how much of each weight is added to its gradient"`
	Exclude     `spec:",inline"`
}

// Exclude leaves parameters out of the weight decay. None is by default, as in PyTorch; common is [bias, gamma, beta].
type Exclude struct {
	DecayExclude []string `default:"[]" scalar:"any" doc:"parameters without weight decay: by role (bias, gamma, beta, table), by layer (with all that lies in it), or by name (dense_1.weight)"`
}

func (e Exclude) excluded() []string { return e.DecayExclude }

// segments are those of the update with this weight decay.
func (d Decay) segments(u *Update) []op.Segment { return u.Segments(d.WeightDecay, d.DecayExclude) }

// Betas are the decay rates of the running means of the gradient and of its square.
type Betas struct {
	Betas []float64 `default:"[0.9, 0.999]" range:"[0,1)" length:"[2,2]" doc:"share that the running means of the gradient and of its square keep at each step"`
}

func (b Betas) first() float64  { return b.Betas[0] }
func (b Betas) second() float64 { return b.Betas[1] }
