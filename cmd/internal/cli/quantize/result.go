package quantize

import (
	"errors"
	"fmt"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/output"
	"dnn/cmd/internal/cli/term"
	"dnn/pkg/compress/quantize"
	"dnn/pkg/graph/exec"
	"dnn/pkg/infer"
	"dnn/pkg/model"
)

// result is what --json prints.
type result struct {
	Model      string           `json:"model"`
	Output     string           `json:"output"`
	SizeBefore int64            `json:"size_before"`
	SizeAfter  int64            `json:"size_after"`
	Report     *quantize.Report `json:"quantized"`
	Split      string           `json:"split"` // that was scored
	Before     *infer.Scores    `json:"before"`
	After      *infer.Scores    `json:"after"`
}

// measure scores both models, and takes the sizes of their files.
func (r *result) measure(f, made *model.File, rows quantize.Rows, pool *exec.Pool) (err error) {
	if r.Before, err = quantize.Score(f, rows, pool); err != nil {
		return err
	}
	if r.After, err = quantize.Score(made, rows, pool); err != nil {
		return err
	}
	if r.SizeBefore, err = size(r.Model); err != nil {
		return err
	}
	r.SizeAfter, err = size(r.Output)
	return err
}

// tellScores prints each figure before and after.
func (r *result) tellScores(on *term.Terminal) {
	t := output.Table{Head: []string{r.Split, "before", "after", "change"}, Left: 1}
	add := func(name string) {
		before, after := r.Before.Get(name), r.After.Get(name)
		t.Add(name, output.Figure(before), output.Figure(after), output.Signed(after-before))
	}
	add("loss")
	for i := range r.Before.Heads {
		h := &r.Before.Heads[i]
		if len(r.Before.Heads) > 1 {
			add(h.Figure("loss"))
		}
		for _, m := range h.Metrics {
			if m.Name != "confusion_matrix" {
				add(h.Figure(m.Name))
			}
		}
	}
	fmt.Fprintln(on.Out)
	t.Write(on.Out, on.Bold)
	fmt.Fprintln(on.Out)
	if n := r.Report.Folded; n > 0 {
		fmt.Fprintf(on.Out, "%s folded into the layers before them\n", output.Plural(n, "batch norm"))
	}
	fmt.Fprintf(on.Out, "model  %s, %.0f %% of the size of %s\n", r.Output, 100*float64(r.SizeAfter)/float64(r.SizeBefore), r.Model)
}

// quantizeError is the error of a model that cannot be quantized as one of usage.
func quantizeError(path string, err error) error {
	var refused *quantize.Refused
	if errors.As(err, &refused) {
		return exit.Usagef("%s: %w", path, err)
	}
	return err
}
