package cli

import (
	"slices"

	"github.com/spf13/cobra"

	"dnn/pkg/graph"
	"dnn/pkg/graph/pass"
	"dnn/pkg/graph/plan"
	"dnn/pkg/model"
	"dnn/pkg/spec"
)

type graphCommand struct {
	app   *app
	spec  specFlags
	stage string
	use   string
	batch int
	dot   bool
	off   []string
}

// uses are what a net is compiled for.
var uses = []string{"train", "predict"}

var stages = []string{"spec", "graph", "optimized", "plan"}

func (a *app) graph() *cobra.Command {
	g := &graphCommand{app: a}
	cmd := &cobra.Command{
		Use:   "graph -c SPEC | MODEL",
		Short: "Print what a net is compiled to, stage by stage",
		Long: `Print what a net is compiled to, stage by stage:

  spec         the spec with every default
  graph        the graph as it is built: forward pass, gradients and update, one node a line
  optimized    the graph after the passes that rewrite it (see 'dnn list passes')
  plan         the order in which nodes run, and where each value lies in memory

Sequences have the length of the longest of the training part; other lengths are programs of their own ('dnn summary' tells
what becomes of longer rows).

A line reads "%7 = op(%3, %5) {settings} : type # stage layer". --dot prints graph or optimized for Graphviz.`,
		Example: `  dnn graph -c penguins.yaml --stage optimized
  dnn graph runs/penguins/0001 --for predict --stage plan
  dnn graph -c penguins.yaml --for predict --dot | dot -Tsvg > net.svg`,
		Args: arguments(0, 1, "a spec with -c FILE, or one MODEL"),
		RunE: a.run(g.run),
	}
	g.spec.add(a, cmd)
	f := cmd.Flags()
	f.StringVar(&g.stage, "stage", "graph", "spec, graph, optimized or plan")
	f.StringVar(&g.use, "for", "train", "what is compiled: a step of training (train), or prediction (predict)")
	f.IntVar(&g.batch, "batch", 0, "rows of a batch (default train.batch_size)")
	f.BoolVar(&g.dot, "dot", false, "print for Graphviz")
	f.StringArrayVar(&g.off, "off", nil, "switch a pass off; may be repeated")
	cmd.RegisterFlagCompletionFunc("stage", cobra.FixedCompletions(stages, cobra.ShellCompDirectiveNoFileComp))
	cmd.RegisterFlagCompletionFunc("for", cobra.FixedCompletions(uses, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func (g *graphCommand) run(args []string) error {
	switch {
	case !slices.Contains(stages, g.stage):
		return usagef("--stage: want spec, graph, optimized or plan, got %q%s", g.stage, spec.DidYouMean(g.stage, stages))
	case !slices.Contains(uses, g.use):
		return usagef("--for: want train or predict, got %q%s", g.use, spec.DidYouMean(g.use, uses))
	case g.dot && g.stage != "graph" && g.stage != "optimized":
		return usagef("--dot prints the stages graph and optimized only")
	case g.batch < 0:
		return usagef("--batch: %d is out of range: want a value in [1,)", g.batch)
	}
	if err := checkOff(g.off); err != nil {
		return err
	}
	n, err := network(&g.spec, args)
	if err != nil {
		return err
	}
	if g.stage == "spec" {
		text, err := n.SpecFor("")
		if err != nil {
			return err
		}
		_, err = g.app.out.Write(text)
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
		return p.WriteText(g.app.out)
	}
	if g.dot {
		return built.WriteDOT(g.app.out)
	}
	return built.WriteText(g.app.out)
}

func (g *graphCommand) build(n *model.Network) (*graph.Graph, error) {
	n.Off = g.off
	if g.stage == "graph" {
		n.Off = pass.Names()
	}
	batch := g.batch
	if batch == 0 {
		batch = n.Config.Train.BatchSize
	}
	if g.use == "predict" {
		return n.PredictGraph(n.Usual(batch))
	}
	role := model.Alone
	if n.Config.Train.Accumulate > 1 {
		role = model.Ending
	}
	return n.TrainGraph(n.Usual(batch), role)
}

// network returns the net of a spec, or of a model file.
func network(s *specFlags, args []string) (*model.Network, error) {
	switch {
	case len(args) > 0 && s.file != "":
		return nil, usagef("either a spec with -c FILE or a MODEL, not both")
	case len(args) > 0 && len(s.sets) > 0:
		return nil, usagef("--set changes a spec; a MODEL is as it is")
	case len(args) > 0:
		f, err := loadModel(args[0])
		if err != nil {
			return nil, err
		}
		return f.Net, nil
	}
	job, err := s.open()
	if err != nil {
		return nil, err
	}
	return &job.Network, nil
}
