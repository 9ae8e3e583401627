package flags

import (
	"github.com/spf13/cobra"

	"dnn/cmd/internal/cli/output"
	"dnn/cmd/internal/cli/term"
)

// AddFoldNorms adds --fold-norms.
func AddFoldNorms(cmd *cobra.Command, fold *bool) {
	cmd.Flags().BoolVar(fold, "fold-norms", false, "fold batch norms into the weights before them: faster, but the last bits differ")
}

// NoteFolded says what --fold-norms did: how many batch norms were folded, and how many were left.
func NoteFolded(t *term.Terminal, folded, left int) {
	rest := ""
	if left > 0 {
		rest = " (" + output.Count(left) + " left: only those right after a convolution or dense layer can be folded)"
	}
	switch {
	case folded+left == 0:
		t.Note("--fold-norms: the net has no batch norms")
	case folded == 0:
		t.Note("--fold-norms: none of the %s folded%s", output.Plural(left, "batch norm"), rest)
	default:
		t.Note("--fold-norms: folded %s into the weights before them%s; predictions differ in their last bits", output.Plural(folded, "batch norm"), rest)
	}
}
