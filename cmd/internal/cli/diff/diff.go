// Package diff is "dnn diff".
package diff

import (
	"fmt"
	"math"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/flags"
	"dnn/cmd/internal/cli/history"
	"dnn/cmd/internal/cli/output"
	"dnn/cmd/internal/cli/term"
	"dnn/pkg/spec"
)

type options struct {
	term *term.Terminal
	json bool
}

// NewCmd makes the command.
func NewCmd(terminal *term.Terminal) *cobra.Command {
	d := &options{term: terminal}
	cmd := &cobra.Command{
		Use:   "diff RUN RUN",
		Short: "Compare two runs: their specs and what they achieved",
		Long: `Compare two runs: the keys of their specs that differ, and their figures side by side.

RUN is the folder of a run, such as runs/NAME/0001, or that of several runs (train --seeds, --folds), whose means are shown. A
folder such as runs/NAME stands for the newest run in it. Paths in specs are the same where they lead to the same file.`,
		Example: `  dnn diff runs/penguins/0001 runs/penguins/0002
  dnn diff runs/small runs/large --json`,
		Args: flags.Arguments(2, 2, "two RUNs: folders such as runs/NAME/0001"),
		RunE: flags.Run(terminal, func(args []string) error { return d.run(args[0], args[1]) }),
	}
	cmd.Flags().BoolVar(&d.json, "json", false, "print the differences as one JSON object")
	return cmd
}

// change is a key of the specs whose values differ; nil where a spec has none.
type change struct {
	Key  string  `json:"key"`
	From *string `json:"from"`
	To   *string `json:"to"`
}

// pair is a figure of both runs; nil where one has none.
type pair struct {
	Name string   `json:"name"`
	From *float64 `json:"from"`
	To   *float64 `json:"to"`
}

func (d *options) run(from, to string) error {
	a, err := open(from)
	if err != nil {
		return err
	}
	b, err := open(to)
	if err != nil {
		return err
	}
	spec, figures := changes(a, b), pairs(a, b)
	if d.json {
		return d.term.WriteJSON(map[string]any{"runs": []*history.Run{a, b}, "spec": spec, "figures": figures})
	}
	d.print(a, b, spec, figures)
	return nil
}

// open reads the run that an argument names.
func open(arg string) (*history.Run, error) {
	dir, err := history.Folder(arg)
	if err != nil {
		return nil, exit.Bad(err)
	}
	r, err := history.Read(dir)
	if err != nil {
		return nil, exit.Bad(err)
	}
	return r, nil
}

// changes lists the keys that differ, in the order of the first spec.
func changes(a, b *history.Run) (list []change) {
	list = []change{}
	from, to := a.Spec.Leaves(), b.Spec.Leaves()
	find := func(leaves []spec.Leaf, path string) *string {
		if i := slices.IndexFunc(leaves, func(l spec.Leaf) bool { return l.Path == path }); i >= 0 {
			return &leaves[i].Text
		}
		return nil
	}
	for i, leaf := range from {
		other := find(to, leaf.Path)
		if other == nil || *other != leaf.Text && filepath.Join(a.Dir, leaf.Text) != filepath.Join(b.Dir, *other) {
			list = append(list, change{leaf.Path, &from[i].Text, other})
		}
	}
	for i, leaf := range to {
		if find(from, leaf.Path) == nil {
			list = append(list, change{leaf.Path, nil, &to[i].Text})
		}
	}
	return list
}

// pairs lists the figures of both.
func pairs(a, b *history.Run) (list []pair) {
	list = []pair{}
	for i, f := range a.Figures {
		one := pair{f.Name, &a.Figures[i].Value, nil}
		if x, ok := b.Figures.Get(f.Name); ok {
			one.To = &x
		}
		list = append(list, one)
	}
	for i, f := range b.Figures {
		if _, ok := a.Figures.Get(f.Name); !ok {
			list = append(list, pair{f.Name, nil, &b.Figures[i].Value})
		}
	}
	return list
}

func (d *options) print(a, b *history.Run, spec []change, figures []pair) {
	text := func(s *string) string {
		if s == nil {
			return "-"
		}
		return output.Short(*s)
	}
	if len(spec) == 0 {
		fmt.Fprintln(d.term.Out, "the specs are the same")
	} else {
		t := output.Table{Head: []string{"spec", a.Dir, b.Dir}, Left: 3}
		for _, c := range spec {
			t.Add(c.Key, text(c.From), text(c.To))
		}
		t.Write(d.term.Out, d.term.Bold)
	}
	fmt.Fprintln(d.term.Out)
	t := output.Table{Head: []string{"figure", a.Dir, b.Dir, "difference"}, Left: 1}
	t.Add("epochs", output.Count(a.Epochs), output.Count(b.Epochs), "")
	t.Add("best_epoch", output.Count(a.BestEpoch), output.Count(b.BestEpoch), "")
	figure := func(x *float64) float64 {
		if x == nil {
			return math.NaN()
		}
		return *x
	}
	for _, p := range figures {
		from, to := figure(p.From), figure(p.To)
		t.Add(p.Name, output.Figure(from), output.Figure(to), output.Signed(to-from))
	}
	t.Write(d.term.Out, d.term.Bold)
}
