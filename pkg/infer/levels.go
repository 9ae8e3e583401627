package infer

import (
	"dnn/pkg/graph/exec"
	"dnn/pkg/model"
)

// Levels runs a net for all levels of its only head but the one that it predicts.
type Levels struct {
	Shares  []float64 // of labels below the numbers
	runners []*Runner
	values  [][]float64
}

// NewLevels prepares to predict the levels of the batches of a runner of the net; there are none where the net has no levels.
func NewLevels(r *Runner, n *model.Network, state *exec.State, pool *exec.Pool) *Levels {
	l := &Levels{}
	for i, share := range model.Levels(n) {
		if i == model.CentralLevel(n) {
			continue
		}
		one := NewRunner(model.AtLevel(n, i), state, pool, false)
		one.batch = r.batch
		l.Shares, l.runners, l.values = append(l.Shares, share), append(l.runners, one), append(l.values, nil)
	}
	return l
}

// Run computes the batch that lies in the runner's buffer: by level the numbers of all rows in the target's unit, which lie as those
// of the runner's first head do.
func (l *Levels) Run() ([][]float64, error) {
	for i, r := range l.runners {
		outs, err := r.Run()
		if err != nil {
			return nil, err
		}
		l.values[i] = Denormalize(&r.net.Heads[0], l.values[i], outs[0].Prediction)
	}
	return l.values, nil
}
