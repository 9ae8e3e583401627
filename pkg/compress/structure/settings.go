// Package structure makes models smaller by removing units, filters, attention heads and whole blocks. The model stays an ordinary one,
// with a spec that says the smaller sizes. Before it is trained on, it predicts what the large one would predict with all weights of
// what is removed set to zero.
package structure

import (
	"dnn/pkg/layers"
	"dnn/pkg/spec"
)

// Settings say how much goes, and what goes first.
type Settings struct {
	Remove     float64         `default:"0" range:"[0,1)" doc:"share that is removed; 0: only blocks are"`
	Of         string          `default:"units" oneof:"units|multiplications|parameters" doc:"what that is a share of: the units, filters and heads of the layers that can do with fewer, or the multiplications or parameters of the whole net"`
	Importance string          `default:"magnitude" oneof:"magnitude|norm|taylor" doc:"which units go first: those with the smallest weights (magnitude), with the smallest factors in batch norms (norm), or without which the loss over some batches would change least, to first order (taylor)"`
	Scope      string          `default:"layer" oneof:"layer|global" doc:"remove the same share of each layer, or the least important units of all layers"`
	Multiple   int             `default:"1" range:"[1,1024]" doc:"what the numbers of units that are left are multiples of; 8 and 16 suit the processor's vectors"`
	Most       float64         `default:"0.9" range:"(0,1]" doc:"share of its units that a layer can lose at most; one is always left"`
	Blocks     int             `default:"0" range:"[0,10000]" doc:"whole blocks that are removed before units are: residual blocks, repetitions of them, and blocks of transformers with norm: before; those first whose weights matter least"`
	Batches    int             `default:"16" range:"[1,10000]" doc:"batches of the training split that taylor looks at"`
	Layers     layers.Freezing `default:"[]" doc:"names of layers that lose units, as dnn summary lists them, or patterns such as \"conv*\"; a block stands for all within it, \"!NAME\" takes layers out again (default: all)"`
}

// CheckSpec expects something to remove.
func (s *Settings) CheckSpec(path string, p *spec.Problems) {
	if s.Remove == 0 && s.Blocks == 0 && !p.Under(path) {
		p.Add(path, "removes nothing: give remove, the share of the units that goes, such as 0.5, or blocks, how many of these do")
	}
}
