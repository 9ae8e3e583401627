package cli

import (
	"github.com/spf13/cobra"

	"dnn/pkg/graph/exec"
	"dnn/pkg/model"
)

// addFoldNorms adds the flag --fold-norms.
func addFoldNorms(cmd *cobra.Command, fold *bool) {
	cmd.Flags().BoolVar(fold, "fold-norms", false, "fold batch norms into the weights before them: faster, but other last bits")
}

// foldNorms folds the batch norms of a net and says so.
func (a *app) foldNorms(n *model.Network, state *exec.State) (*model.Network, error) {
	net, folded, left, err := n.Folded(state)
	if err != nil {
		return nil, err
	}
	a.tellFolded(folded, left)
	return net, nil
}

// tellFolded tells what --fold-norms did.
func (a *app) tellFolded(folded, left int) {
	stay := ""
	if left > 0 {
		stay = " (" + count(left) + " do not stand right behind a convolution or a dense layer, and stay)"
	}
	switch {
	case folded+left == 0:
		a.note("--fold-norms: the net has no batch norms")
	case folded == 0:
		a.note("--fold-norms: none of the %s is folded%s", plural(left, "batch norm"), stay)
	default:
		a.note("--fold-norms: %s folded into the weights before them%s; the answers differ from those without in their last bits", plural(folded, "batch norm"), stay)
	}
}
