// Package time is "dnn time".
package time

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/flags"
	"dnn/cmd/internal/cli/models"
	"dnn/cmd/internal/cli/output"
	"dnn/cmd/internal/cli/term"
	"dnn/pkg/graph"
	"dnn/pkg/graph/plan"
	"dnn/pkg/model"
	"dnn/pkg/train"
)

type options struct {
	term  *term.Terminal
	spec  flags.Spec
	batch int
	steps int
	use   string
	fold  bool
	json  bool

	given func(flag string) bool
}

// NewCmd makes the command.
func NewCmd(terminal *term.Terminal) *cobra.Command {
	t := &options{term: terminal}
	cmd := &cobra.Command{
		Use:   "time SPEC | MODEL",
		Short: "Measure where the time of a training step, or of a prediction, goes",
		Long: `Run training steps on the first rows of the data, and print the time of each layer and each op, forward, backward and in
the update; floating-point operations per second, and their share of the processor's peak, which a kernel of its own
measures; the memory of a step and the rows per second. With --for predict, a step is the prediction of a batch.
Of a MODEL, a model file or the folder of a run, predictions are measured, of generated rows: its data is not needed.

Nothing is trained or written. Measuring adds some 50 ns per node, so for very small nets the sum of the parts exceeds
the step, which is measured as a whole.`,
		Example: `  dnn time -c penguins.yaml
  dnn time -c penguins.yaml --threads 1 --batch 256 --json
  dnn time -c resnet.yaml --for predict --fold-norms
  dnn time best.int8.safetensors --batch 1`,
		Args: flags.Arguments(0, 1, "one SPEC or MODEL"),
		RunE: flags.Run(terminal, t.run),
	}
	t.spec.Add(terminal, cmd)
	t.given = cmd.Flags().Changed
	cmd.Flags().IntVar(&t.batch, "batch", 0, "batch size (default train.batch_size)")
	cmd.Flags().IntVar(&t.steps, "steps", 100, "steps to measure")
	flags.AddUse(cmd, &t.use, "what to measure: training steps (train) or predictions (predict)")
	flags.AddFoldNorms(cmd, &t.fold)
	cmd.Flags().BoolVar(&t.json, "json", false, "print one JSON object")
	flags.AddDevice(cmd)
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

func (t *options) run(args []string) error {
	if err := t.spec.Take(args); err != nil {
		return err
	}
	if t.batch < 0 || t.steps < 1 {
		return exit.Usagef("--batch and --steps must be 1 or more")
	}
	if err := flags.CheckUse(t.use); err != nil {
		return err
	}
	name, m, footprint, err := t.measure()
	if err != nil {
		return err
	}
	if t.fold {
		flags.NoteFolded(t.term, m.Folded, m.Left)
	}
	layers := sumTimes(m, func(n train.NodeTime) string { return n.Layer })
	ops := sumTimes(m, func(n train.NodeTime) string { return n.Op })
	slices.SortStableFunc(ops, func(a, b partTime) int { return -compareFloat(a.total(), b.total()) })
	step := m.Step.Seconds()
	share := 0.0
	if m.Peak > 0 {
		share = m.Flops / step / m.Peak
	}
	if t.json {
		return t.term.WriteJSON(struct {
			Name       string       `json:"name"`
			For        string       `json:"for"`
			Batch      int          `json:"batch"`
			Threads    int          `json:"threads"`
			Device     string       `json:"device,omitempty"`
			Kernels    string       `json:"kernels"`
			Step       float64      `json:"step_us"`
			Rows       float64      `json:"rows_per_second"`
			Speed      float64      `json:"gflops_per_second"`
			Peak       float64      `json:"peak_gflops_per_second"`
			Share      float64      `json:"share_of_peak"`
			Arena      int          `json:"arena_bytes"`
			Memory     plan.Memory  `json:"memory"`
			KeptAll    *plan.Memory `json:"memory_kept_all,omitempty"`
			Parameters int          `json:"parameters"`
			Layers     []partTime   `json:"layers"`
			Ops        []partTime   `json:"ops"`
		}{name, t.use, m.Batch, m.Threads, m.Device, m.Kernels, step * 1e6, float64(m.Batch) / step, m.Flops / step / 1e9, m.Peak / 1e9, share, m.Memory.Values, m.Memory, footprint.KeptAll, m.Parameters, layers, ops})
	}
	if m.Device == "" {
		t.tell(layers, "layer")
		fmt.Fprintln(t.term.Out)
		t.tell(ops, "op")
		fmt.Fprintln(t.term.Out)
	}
	fmt.Fprintf(t.term.Out, "step    %v with %s, %s rows per second\n", round(m.Step), output.Plural(m.Batch, "row"), output.Count(int(float64(m.Batch)/step)))
	if m.Device != "" {
		fmt.Fprintf(t.term.Out, "speed   %.1f GFLOP/s on %s, with the copies to it and back\n", m.Flops/step/1e9, m.Device)
	} else {
		fmt.Fprintf(t.term.Out, "speed   %.1f GFLOP/s, %.0f %% of the peak of %.0f on %s (%s kernels)\n",
			m.Flops/step/1e9, 100*share, m.Peak/1e9, output.Plural(m.Threads, "thread"), m.Kernels)
	}
	fmt.Fprintf(t.term.Out, "memory  %s for values, %s for %s parameters", output.Memory(m.Memory.Values), output.Memory(m.Memory.Weights), output.Count(m.Parameters))
	if m.Memory.Optimizer > 0 {
		fmt.Fprintf(t.term.Out, ", %s for the optimizer", output.Memory(m.Memory.Optimizer))
	}
	if footprint.KeptAll != nil {
		fmt.Fprintf(t.term.Out, "; without recompute %s for values", output.Memory(footprint.KeptAll.Values))
	}
	fmt.Fprintln(t.term.Out)
	return nil
}

// measure measures steps of what is given, and returns the net's name and, of a training, the memory.
func (t *options) measure() (name string, m *train.Timing, f model.Footprint, err error) {
	engine, err := flags.Engine(t.term)
	if err != nil {
		return "", nil, f, err
	}
	o := train.TimingOptions{Threads: t.term.Threads, Engine: engine, Batch: t.batch, Steps: t.steps, FoldNorms: t.fold}
	if info, err := os.Stat(t.spec.File); filepath.Ext(t.spec.File) == ".safetensors" || err == nil && info.IsDir() {
		return t.measureModel(o)
	}
	if t.fold && t.use != "predict" {
		return "", nil, f, exit.Usagef("--fold-norms changes predictions only; add --for predict")
	}
	job, err := t.spec.Open()
	if err != nil {
		return "", nil, f, err
	}
	o.Predict = t.use == "predict"
	if m, err = train.Time(job, o); err == nil && !o.Predict {
		f, err = model.FootprintOf(&job.Network, m.Batch)
	}
	return job.Config.Name, m, f, err
}

// measureModel measures predictions of a model.
func (t *options) measureModel(o train.TimingOptions) (name string, m *train.Timing, f model.Footprint, err error) {
	switch {
	case t.given("for") && t.use == "train":
		return "", nil, f, exit.Usagef("of a model, predictions are measured; name its spec for training steps")
	case len(t.spec.Sets) > 0:
		return "", nil, f, exit.Usagef("--set works with a spec; a MODEL cannot be changed: name its spec in place of it")
	}
	t.use = "predict"
	file, err := models.Load(t.spec.File)
	if err != nil {
		return "", nil, f, err
	}
	m, err = train.TimeModel(file, o)
	return file.Net.Config.Name, m, f, err
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

func (t *options) tell(list []partTime, head string) {
	all := 0.0
	for _, p := range list {
		all += p.total()
	}
	out := output.Table{Head: []string{head, "nodes", "forward µs", "backward µs", "update µs", "share", "GFLOP/s", "of peak"}, Left: 1}
	for _, p := range list {
		out.Add(p.Name, output.Count(p.Nodes), us(p.Forward), us(p.Backward), us(p.Update),
			fmt.Sprintf("%.0f %%", 100*p.total()/all), fmt.Sprintf("%.1f", p.Speed), fmt.Sprintf("%.0f %%", 100*p.Share))
	}
	out.Write(t.term.Out, t.term.Bold)
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
