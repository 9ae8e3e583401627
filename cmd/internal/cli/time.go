package cli

import (
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"dnn/pkg/graph"
	"dnn/pkg/spec"
	"dnn/pkg/train"
)

type timeCommand struct {
	app   *app
	spec  specFlags
	batch int
	steps int
	use   string
	fold  bool
	json  bool
}

func (a *app) time() *cobra.Command {
	t := &timeCommand{app: a}
	cmd := &cobra.Command{
		Use:   "time -c SPEC",
		Short: "Measure where the time of a training step goes",
		Long: `Run training steps on the first rows of the data and print the time of each layer and of each op, forward, backward and
in the update; floating-point operations a second, and their share of what the processor can do at most, which is measured
by a kernel of its own; the memory that a step needs and the rows a second. With --for predict, a step is the prediction of
a batch.

Nothing is trained or written. Measuring adds some 50 ns to each node, so the sum of a very small net's parts is more than
its step, which is measured as a whole.`,
		Example: `  dnn time -c penguins.yaml
  dnn time -c penguins.yaml --threads 1 --batch 256 --json
  dnn time -c resnet.yaml --for predict --fold-norms`,
		Args: arguments(0, 0, "a spec with -c FILE"),
		RunE: a.run(t.run),
	}
	t.spec.add(a, cmd)
	cmd.Flags().IntVar(&t.batch, "batch", 0, "rows of a batch (default train.batch_size)")
	cmd.Flags().IntVar(&t.steps, "steps", 100, "steps to measure")
	cmd.Flags().StringVar(&t.use, "for", "train", "what is measured: steps of training (train), or predictions (predict)")
	addFoldNorms(cmd, &t.fold)
	cmd.RegisterFlagCompletionFunc("for", cobra.FixedCompletions(uses, cobra.ShellCompDirectiveNoFileComp))
	cmd.Flags().BoolVar(&t.json, "json", false, "print one JSON object")
	return cmd
}

// partTime is the time of a layer or an op in one step, in microseconds.
type partTime struct {
	Name     string  `json:"name"`
	Nodes    int     `json:"nodes"`
	Forward  float64 `json:"forward_us"`
	Backward float64 `json:"backward_us"`
	Update   float64 `json:"update_us"`
	Flops    float64 `json:"flops"`
	Speed    float64 `json:"gflops_per_second"`
	Share    float64 `json:"share_of_peak"`
}

func (p *partTime) total() float64 { return p.Forward + p.Backward + p.Update }

func (t *timeCommand) run([]string) error {
	if t.batch < 0 || t.steps < 1 {
		return usagef("--batch and --steps must be 1 or more")
	}
	if !slices.Contains(uses, t.use) {
		return usagef("--for: want train or predict, got %q%s", t.use, spec.DidYouMean(t.use, uses))
	}
	if t.fold && t.use != "predict" {
		return usagef("--fold-norms changes predictions only; add --for predict")
	}
	job, err := t.spec.open()
	if err != nil {
		return err
	}
	m, err := train.Time(job, train.TimingOptions{Threads: t.app.settings.Threads, Batch: t.batch, Steps: t.steps, Predict: t.use == "predict", FoldNorms: t.fold})
	if err != nil {
		return err
	}
	if t.fold {
		t.app.tellFolded(m.Folded, m.Left)
	}
	layers := sumTimes(m, func(n train.NodeTime) string { return n.Layer })
	ops := sumTimes(m, func(n train.NodeTime) string { return n.Op })
	slices.SortStableFunc(ops, func(a, b partTime) int { return -compareFloat(a.total(), b.total()) })
	step := m.Step.Seconds()
	if t.json {
		return t.app.writeJSON(struct {
			Name       string     `json:"name"`
			For        string     `json:"for"`
			Batch      int        `json:"batch"`
			Threads    int        `json:"threads"`
			Kernels    string     `json:"kernels"`
			Step       float64    `json:"step_us"`
			Rows       float64    `json:"rows_per_second"`
			Speed      float64    `json:"gflops_per_second"`
			Peak       float64    `json:"peak_gflops_per_second"`
			Share      float64    `json:"share_of_peak"`
			Arena      int        `json:"arena_bytes"`
			Parameters int        `json:"parameters"`
			Layers     []partTime `json:"layers"`
			Ops        []partTime `json:"ops"`
		}{job.Config.Name, t.use, m.Batch, m.Threads, m.Kernels, step * 1e6, float64(m.Batch) / step, m.Flops / step / 1e9, m.Peak / 1e9, m.Flops / step / m.Peak, m.Arena, m.Parameters, layers, ops})
	}
	t.tell(layers, "layer")
	fmt.Fprintln(t.app.out)
	t.tell(ops, "op")
	fmt.Fprintf(t.app.out, "\nstep    %v with %s, %s rows a second\n", round(m.Step), plural(m.Batch, "row"), count(int(float64(m.Batch)/step)))
	fmt.Fprintf(t.app.out, "speed   %.1f GFLOP/s, %.0f %% of the %.0f that %s reached at most (%s kernels)\n",
		m.Flops/step/1e9, 100*m.Flops/step/m.Peak, m.Peak/1e9, plural(m.Threads, "thread"), m.Kernels)
	fmt.Fprintf(t.app.out, "memory  %s for values, %s for %s parameters\n", memory(m.Arena), memory(4*m.Parameters), count(m.Parameters))
	return nil
}

// sumTimes adds up the nodes that share a name, in order of their first appearance.
func sumTimes(m *train.Timing, name func(train.NodeTime) string) []partTime {
	var list []partTime
	at := map[string]int{}
	for _, n := range m.Nodes {
		key := name(n)
		i, ok := at[key]
		if !ok {
			i = len(list)
			at[key] = i
			list = append(list, partTime{Name: key})
		}
		p, us := &list[i], float64(n.Time)/float64(time.Microsecond)
		switch n.Stage {
		case graph.Forward:
			p.Forward += us
		case graph.Backward:
			p.Backward += us
		case graph.Update:
			p.Update += us
		}
		p.Nodes++
		p.Flops += n.Flops
	}
	for i := range list {
		p := &list[i]
		if seconds := p.total() / 1e6; seconds > 0 {
			p.Speed = p.Flops / seconds / 1e9
			p.Share = p.Flops / seconds / m.Peak
		}
	}
	return list
}

func (t *timeCommand) tell(list []partTime, head string) {
	all := 0.0
	for _, p := range list {
		all += p.total()
	}
	out := table{head: []string{head, "nodes", "forward µs", "backward µs", "update µs", "share", "GFLOP/s", "of peak"}, left: 1}
	for _, p := range list {
		out.add(p.Name, count(p.Nodes), us(p.Forward), us(p.Backward), us(p.Update),
			fmt.Sprintf("%.0f %%", 100*p.total()/all), fmt.Sprintf("%.1f", p.Speed), fmt.Sprintf("%.0f %%", 100*p.Share))
	}
	out.write(t.app.out, t.app.bold)
}

func us(x float64) string {
	if x == 0 {
		return ""
	}
	return fmt.Sprintf("%.1f", x)
}

// round keeps three digits of a duration.
func round(d time.Duration) time.Duration {
	unit := time.Nanosecond
	for d/unit >= 1000 {
		unit *= 10
	}
	return d.Round(unit)
}

func compareFloat(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
