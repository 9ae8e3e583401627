// Package graph is "dnn graph".
package graph

import (
	"slices"

	"github.com/spf13/cobra"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/flags"
	"dnn/cmd/internal/cli/models"
	"dnn/cmd/internal/cli/term"
	"dnn/pkg/graph"
	"dnn/pkg/graph/pass"
	"dnn/pkg/graph/plan"
	"dnn/pkg/model"
	"dnn/pkg/spec"
)

type options struct {
	term  *term.Terminal
	spec  flags.Spec
	stage string
	use   string
	batch int
	dot   bool
	off   []string

	given func(flag string) bool
}

var stages = []string{"spec", "graph", "optimized", "plan"}

// NewCmd makes the command.
func NewCmd(terminal *term.Terminal) *cobra.Command {
	g := &options{term: terminal}
	cmd := &cobra.Command{
		Use:   "graph -c SPEC | MODEL",
		Short: "Print what a net compiles to, stage by stage",
		Long: `Print what a net compiles to, stage by stage:

  spec         the spec with every default
  graph        the graph as built: forward pass, gradients and update, one node per line
  optimized    the graph after the compiler passes (see 'dnn list passes')
  plan         the order in which nodes run, and where each value lies in memory

Sequences have the length of the longest in the training split; other lengths are separate programs ('dnn summary' shows
how longer rows are handled). A quantized model cannot be trained: it is compiled for prediction.

A line reads "%7 = op(%3, %5) {settings} : type # stage layer". --dot prints graph or optimized for Graphviz.`,
		Example: `  dnn graph -c penguins.yaml --stage optimized
  dnn graph runs/penguins/0001 --for predict --stage plan
  dnn graph -c penguins.yaml --for predict --dot | dot -Tsvg > net.svg`,
		Args: flags.Arguments(0, 1, "a spec with -c FILE, or one MODEL"),
		RunE: flags.Run(terminal, g.run),
	}
	g.spec.Add(terminal, cmd)
	f := cmd.Flags()
	g.given = f.Changed
	f.StringVar(&g.stage, "stage", "graph", "spec, graph, optimized or plan")
	flags.AddUse(cmd, &g.use, "what to compile for: a training step (train) or prediction (predict)")
	f.IntVar(&g.batch, "batch", 0, "batch size (default train.batch_size)")
	f.BoolVar(&g.dot, "dot", false, "print in the format of Graphviz")
	flags.AddOff(cmd, &g.off)
	flags.Complete(cmd, "stage", stages)
	return cmd
}

func (g *options) run(args []string) error {
	switch {
	case !slices.Contains(stages, g.stage):
		return exit.Usagef("--stage: expected spec, graph, optimized or plan, got %q%s", g.stage, spec.DidYouMean(g.stage, stages))
	case g.dot && g.stage != "graph" && g.stage != "optimized":
		return exit.Usagef("--dot prints the stages graph and optimized only")
	case g.batch < 0:
		return exit.Usagef("--batch: %d is out of range: must be in [1,)", g.batch)
	}
	if err := flags.CheckUse(g.use); err != nil {
		return err
	}
	if err := flags.CheckOff(g.off); err != nil {
		return err
	}
	n, err := models.Network(&g.spec, args)
	if err != nil {
		return err
	}
	if n.Forms.Any() && !g.given("for") {
		g.use = "predict"
	}
	if g.stage == "spec" {
		text, err := n.SpecFor("")
		if err != nil {
			return err
		}
		_, err = g.term.Out.Write(text)
		return err
	}
	built, err := g.build(n)
	if err != nil {
		return err
	}
	if g.stage == "plan" {
		p, err := plan.Make(built, plan.Options{})
		if err != nil {
			return err
		}
		return p.WriteText(g.term.Out)
	}
	if g.dot {
		return built.WriteDOT(g.term.Out)
	}
	return built.WriteText(g.term.Out)
}

func (g *options) build(n *model.Network) (*graph.Graph, error) {
	n.Off = g.off
	if g.stage == "graph" {
		n.Off = pass.Names()
	}
	batch := g.batch
	if batch == 0 {
		batch = n.Config.Train.BatchSize
	}
	if g.use == "predict" {
		return n.PredictGraph(n.TrainingShape(batch))
	}
	role := model.Alone
	if n.Config.Train.Accumulate > 1 {
		role = model.Ending
	}
	return n.TrainGraph(n.TrainingShape(batch), role)
}
