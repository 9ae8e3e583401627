package train

import (
	"fmt"

	"dnn/cmd/internal/cli/output"
	"dnn/cmd/internal/cli/term"
	"dnn/pkg/pruning"
)

// tellPruned prints how many weights are left, and of which parameters; nothing where none were to go.
func tellPruned(on *term.Terminal, list []pruning.Figures) {
	if len(list) == 0 {
		return
	}
	t := output.Table{Head: []string{"pruned", "weights", "non-zeros", "sparsity"}, Left: 1}
	add := func(name string, f pruning.Figures) {
		t.Add(name, output.Count(f.Weights), output.Count(f.NonZeros), fmt.Sprintf("%.1f%%", 100*f.Sparsity()))
	}
	for _, f := range list {
		add(f.Name, f)
	}
	if len(list) > 1 {
		add("total", pruning.Total(list))
	}
	t.Write(on.Out, on.Bold)
	fmt.Fprintln(on.Out)
}

// warnOfEmptied warns of parameters of which nothing is left: what they compute is the same for all rows.
func warnOfEmptied(on *term.Terminal, list []pruning.Figures) {
	for _, f := range list {
		if f.NonZeros == 0 {
			on.Warn("train.prune left none of the %s weights of %s, so the layer passes nothing on; take less sparsity, scope: layer, or exclude: [%s]",
				output.Count(f.Weights), f.Name, f.Layer)
		}
	}
}
