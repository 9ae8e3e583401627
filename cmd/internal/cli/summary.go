package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"dnn/pkg/graph"
	"dnn/pkg/layers"
)

type summaryCommand struct {
	app   *app
	spec  specFlags
	batch int
	json  bool
}

func (a *app) summary() *cobra.Command {
	s := &summaryCommand{app: a}
	cmd := &cobra.Command{
		Use:   "summary -c SPEC | MODEL",
		Short: "Print the layers of a net with shapes, parameters and work",
		Long: `Print the layers of a net: name, kind, shape of the output (without the rows of the batch), parameters, floating-point
operations of a forward pass for one row (a multiply-add counts two), and memory of its values for one batch. What a block
needs includes the layers within it. Of sequences it is shown for rows as long as the longest of the training part; a line
behind the table tells what becomes of longer ones.`,
		Example: `  dnn summary -c penguins.yaml
  dnn summary runs/penguins/0001 --batch 1 --json`,
		Args: arguments(0, 1, "a spec with -c FILE, or one MODEL"),
		RunE: a.run(s.run),
	}
	s.spec.add(a, cmd)
	cmd.Flags().IntVar(&s.batch, "batch", 0, "rows of a batch (default train.batch_size)")
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

func (s *summaryCommand) run(args []string) error {
	if s.batch < 0 {
		return usagef("--batch: %d is out of range: want a value in [1,)", s.batch)
	}
	n, err := network(&s.spec, args)
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
		return s.app.writeJSON(struct {
			Name   string        `json:"name"`
			Batch  int           `json:"batch"`
			Layers []layerResult `json:"layers"`
			Total  layerResult   `json:"total"`
			Notes  []string      `json:"notes,omitempty"`
		}{n.Config.Name, batch, list, all, n.LengthNotes()})
	}
	s.tell(list, all, batch)
	for _, note := range n.LengthNotes() {
		fmt.Fprintln(s.app.out, note)
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

func (s *summaryCommand) tell(list []layerResult, all layerResult, batch int) {
	t := table{head: []string{"layer", "type", "output", "parameters", "flops/row", "memory"}, left: 3}
	for _, l := range list {
		t.add(strings.Repeat("  ", l.depth)+l.Name, l.Kind, graph.Shape(l.Shape).String(), count(l.Params), amount(l.Flops), memory(l.Bytes))
	}
	t.add("total", "", "", count(all.Params), amount(all.Flops), memory(all.Bytes))
	t.write(s.app.out, s.app.bold)
	fmt.Fprintf(s.app.out, "\n%s parameters (%s), %s of them trained", count(all.Params), memory(4*all.Params), count(all.Trained))
	if all.State > 0 {
		fmt.Fprintf(s.app.out, "; %s numbers of state", count(all.State))
	}
	fmt.Fprintf(s.app.out, "; memory of the values for a batch of %s\n", plural(batch, "row"))
}

// amount writes a large number with its unit: 1.2 M.
func amount(x float64) string {
	units := []string{"", " k", " M", " G", " T"}
	i := 0
	for x >= 1000 && i < len(units)-1 {
		x /= 1000
		i++
	}
	if i == 0 {
		return fmt.Sprintf("%.0f", x)
	}
	return fmt.Sprintf("%.1f%s", x, units[i])
}

// memory writes a number of bytes.
func memory(n int) string {
	units := []string{"B", "KiB", "MiB", "GiB", "TiB"}
	x, i := float64(n), 0
	for x >= 1024 && i < len(units)-1 {
		x /= 1024
		i++
	}
	if i == 0 {
		return fmt.Sprintf("%d B", n)
	}
	return fmt.Sprintf("%.1f %s", x, units[i])
}
