package model

import (
	"dnn/pkg/graph/exec"
	"dnn/pkg/graph/pass"
)

// Folded is the net for prediction and scoring with the weights and statistics in state, its batch norms folded into the
// weights of the layers before them as far as they can be. folded and left tell how many were and were not. Its predictions
// differ from the net's own in the last bits. The state must not change while the net is in use, and the net cannot be
// trained.
func (n *Network) Folded(state *exec.State) (net *Network, folded, left int, err error) {
	c := *n
	c.folder = &pass.NormFolder{Data: func(name string) []float32 {
		if average := state.Data(VarAverage); name == VarWeights && average != nil {
			return average
		}
		return state.Data(name)
	}}
	if _, err := c.PredictGraph(Rows(1)); err != nil {
		return nil, 0, 0, err
	}
	return &c, c.folder.Folded, c.folder.Left, nil
}
