// Package summary is "dnn summary".
package summary

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/flags"
	"dnn/cmd/internal/cli/models"
	"dnn/cmd/internal/cli/output"
	"dnn/cmd/internal/cli/term"
	"dnn/pkg/graph"
	"dnn/pkg/layers"
	"dnn/pkg/model"
)

type options struct {
	term  *term.Terminal
	spec  flags.Spec
	batch int
	json  bool
}

// NewCmd makes the command.
func NewCmd(terminal *term.Terminal) *cobra.Command {
	s := &options{term: terminal}
	cmd := &cobra.Command{
		Use:   "summary -c SPEC | MODEL",
		Short: "Print the layers of a net with shapes, parameters and cost",
		Long: `Print the layers of a net: name, type, output shape (without the batch), parameters, floating-point operations of a
forward pass for one row (a multiply-add counts as two), and memory of its values for one batch. A block includes the
layers in it. Sequences have the length of the longest in the training split; a line below the table shows how longer
ones are handled.`,
		Example: `  dnn summary -c penguins.yaml
  dnn summary runs/penguins/0001 --batch 1 --json`,
		Args: flags.Arguments(0, 1, "a spec with -c FILE, or one MODEL"),
		RunE: flags.Run(terminal, s.run),
	}
	s.spec.Add(terminal, cmd)
	cmd.Flags().IntVar(&s.batch, "batch", 0, "batch size (default train.batch_size)")
	cmd.Flags().BoolVar(&s.json, "json", false, "print one JSON object")
	return cmd
}

// layerResult is a row of "dnn summary --json".
type layerResult struct {
	Name    string  `json:"name,omitempty"`
	Kind    string  `json:"type,omitempty"`
	Path    string  `json:"path,omitempty"`
	Shape   []int   `json:"shape,omitempty"`
	Params  int     `json:"parameters"`
	Trained int     `json:"trainable"`
	State   int     `json:"state,omitempty"`
	Flops   float64 `json:"flops"`
	Bytes   int     `json:"bytes"`

	depth int
}

func (s *options) run(args []string) error {
	if s.batch < 0 {
		return exit.Usagef("--batch: %d is out of range: must be in [1,)", s.batch)
	}
	n, err := models.Network(&s.spec, args)
	if err != nil {
		return err
	}
	batch := s.batch
	if batch == 0 {
		batch = n.Config.Train.BatchSize
	}
	rows, total, err := n.Summarize(batch)
	if err != nil {
		return err
	}
	var list []layerResult
	for _, r := range rows {
		list = append(list, newLayerResult(r, batch))
	}
	all := newLayerResult(total, batch)
	if s.json {
		return s.term.WriteJSON(struct {
			Name   string        `json:"name"`
			Batch  int           `json:"batch"`
			Layers []layerResult `json:"layers"`
			Total  layerResult   `json:"total"`
			Notes  []string      `json:"notes,omitempty"`
		}{n.Config.Name, batch, list, all, n.LengthNotes().Texts()})
	}
	s.tell(list, all, batch)
	if n.Forms.Any() {
		kept, err := model.KeptBytes(n)
		if err != nil {
			return err
		}
		fmt.Fprintf(s.term.Out, "parameters take %s as they are kept: %s\n", output.Memory(kept), strings.Join(n.Forms.Kinds(), ", "))
	}
	for _, note := range n.LengthNotes() {
		fmt.Fprintln(s.term.Out, note)
	}
	return nil
}

func newLayerResult(r layers.Row, batch int) layerResult {
	l := layerResult{
		Name: r.Name, Kind: r.Kind, Path: r.Path, Params: r.Trained + r.Frozen, Trained: r.Trained, State: r.State,
		Flops: r.Flops / float64(batch), Bytes: r.Bytes, depth: r.Depth,
	}
	if r.Out.Shape.Rank() > 0 {
		l.Shape = append([]int{}, r.Out.Shape[1:]...)
	}
	return l
}

func (s *options) tell(list []layerResult, all layerResult, batch int) {
	t := output.Table{Head: []string{"layer", "type", "output", "parameters", "flops/row", "memory"}, Left: 3}
	for _, l := range list {
		t.Add(strings.Repeat("  ", l.depth)+l.Name, l.Kind, graph.Shape(l.Shape).String(), output.Count(l.Params), output.Amount(l.Flops), output.Memory(l.Bytes))
	}
	t.Add("total", "", "", output.Count(all.Params), output.Amount(all.Flops), output.Memory(all.Bytes))
	t.Write(s.term.Out, s.term.Bold)
	fmt.Fprintf(s.term.Out, "\n%s parameters (%s), %s of them trained", output.Count(all.Params), output.Memory(4*all.Params), output.Count(all.Trained))
	if all.State > 0 {
		fmt.Fprintf(s.term.Out, "; %s values of state", output.Count(all.State))
	}
	fmt.Fprintf(s.term.Out, "; memory of the values for a batch of %s\n", output.Plural(batch, "row"))
}
