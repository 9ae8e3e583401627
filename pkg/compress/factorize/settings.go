// Package factorize makes models smaller by giving dense and convolution layers a rank: it cuts the singular value decomposition of
// their weights. The model stays an ordinary one, with a spec that says rank.
package factorize

import (
	"dnn/pkg/layers"
	"dnn/pkg/spec"
)

// Settings say how small the ranks are. Exactly one of Energy, Parameters and Multiplications is set.
type Settings struct {
	Energy          float64         `default:"0" range:"[0,1]" doc:"share of the squared singular values that each layer keeps (default: 0.9, where neither parameters nor multiplications is given)"`
	Parameters      float64         `default:"0" range:"[0,1)" doc:"share of the net's parameters that is left; ranks are shared out so that the layers keep the most energy"`
	Multiplications float64         `default:"0" range:"[0,1)" doc:"share of the net's multiplications that is left; ranks are shared out so that the layers keep the most energy"`
	Multiple        int             `default:"1" range:"[1,1024]" doc:"what ranks are multiples of; 8 and 16 suit the processor's vectors"`
	Layers          layers.Freezing `default:"[]" doc:"names of layers, as dnn summary lists them, or patterns such as \"block*\"; a block stands for all within it, \"!NAME\" takes layers out again (default: all)"`
}

// CheckSpec expects one way to choose ranks, and settles the default.
func (s *Settings) CheckSpec(path string, p *spec.Problems) {
	ways := 0
	for _, share := range []float64{s.Energy, s.Parameters, s.Multiplications} {
		if share > 0 {
			ways++
		}
	}
	switch {
	case ways == 0:
		s.Energy = defaultEnergy
	case ways > 1:
		p.Add(path, "give one of energy, parameters and multiplications")
	}
}

const defaultEnergy = 0.9
