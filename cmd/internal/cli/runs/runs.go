// Package runs is "dnn runs".
package runs

import (
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/flags"
	"dnn/cmd/internal/cli/history"
	"dnn/cmd/internal/cli/output"
	"dnn/cmd/internal/cli/term"
	"dnn/pkg/spec"
)

type options struct {
	term    *term.Terminal
	sort    string
	filters []string
	all     bool
	json    bool
}

// NewCmd makes the command.
func NewCmd(terminal *term.Terminal) *cobra.Command {
	r := &options{term: terminal}
	cmd := &cobra.Command{
		Use:   "runs [FOLDER]",
		Short: "List runs and what they achieved",
		Long: `List the runs in a folder: name, date, epochs, the epoch of the best weights, the figure that chose them, and the figures of
the test split.

FOLDER is searched with all folders below; the default is runs. Several runs of one spec (train --seeds, --folds) are one line
with their mean; --all lists them one by one, and trials (train --fast), too. A run that did not come to its end is marked with
a *, and has the figures of its best validation.

--sort takes date (the default), run, name, epochs, best_epoch, any figure, or a key of the spec; the best come first, or the
newest. --filter takes a name as of --sort, one of = != < <= > >=, and a value; of several, all must hold.`,
		Example: `  dnn runs
  dnn runs runs/penguins --sort test_accuracy
  dnn runs --filter name=penguins --filter 'optimizer.learning_rate<0.01'
  dnn runs --json | jq -r .[0].run`,
		Args: flags.Arguments(0, 1, "at most one FOLDER"),
		RunE: flags.Run(terminal, func(args []string) error {
			if len(args) == 0 {
				return r.run("runs")
			}
			return r.run(args[0])
		}),
	}
	f := cmd.Flags()
	f.StringVar(&r.sort, "sort", "date", "what to sort by: date, run, name, epochs, best_epoch, a figure such as test_loss, or a key of the spec")
	f.StringArrayVar(&r.filters, "filter", nil, "list only runs of which this holds, such as name=penguins or 'test_accuracy>0.9'; may be repeated")
	f.BoolVar(&r.all, "all", false, "list the runs of --seeds and --folds one by one, and trials (--fast), too")
	f.BoolVar(&r.json, "json", false, "print the runs as one JSON list")
	return cmd
}

func (r *options) run(folder string) error {
	if _, err := os.Stat(folder); err != nil {
		return exit.Bad(err)
	}
	list, err := r.read(folder)
	if err != nil {
		return err
	}
	if err := r.order(list); err != nil {
		return err
	}
	if r.json {
		if list == nil {
			list = []*history.Run{}
		}
		return r.term.WriteJSON(list)
	}
	if len(list) == 0 {
		r.term.Note("no run in %s%s", folder, output.Choose(len(r.filters) > 0, " is as --filter says", ""))
		return nil
	}
	r.print(list)
	return nil
}

// read reads the runs that are to be listed.
func (r *options) read(folder string) (list []*history.Run, err error) {
	var filters []history.Filter
	for _, text := range r.filters {
		f, ok := history.ParseFilter(text)
		if !ok {
			return nil, exit.Usagef("--filter %s: expected a name, one of = != < <= > >=, and a value, such as 'test_accuracy>0.9'", text)
		}
		filters = append(filters, f)
	}
	dirs, err := history.Find(folder)
	if err != nil {
		return nil, exit.Bad(err)
	}
	within, seen := "", []*history.Run(nil)
	for _, dir := range dirs {
		if within != "" && strings.HasPrefix(dir, within+string(os.PathSeparator)) && !r.all {
			continue
		}
		one, err := history.Read(dir)
		if err != nil { // a folder that something else wrote must not hide the others
			r.term.Warn("%s is left out: %v", dir, err)
			continue
		}
		if one.Several {
			within = dir
		}
		seen = append(seen, one)
		holds := func(f history.Filter) bool { return f.Holds(one) }
		if (one.Fast && !r.all) || slices.ContainsFunc(filters, func(f history.Filter) bool { return !holds(f) }) {
			continue
		}
		list = append(list, one)
	}
	for _, f := range filters {
		if err := checkName("--filter", f.Name, seen); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// checkName refuses a name that no run has.
func checkName(flag, name string, list []*history.Run) error {
	known := []string{"date", "run", "name", "epochs", "best_epoch", "monitor"}
	add := func(one string) {
		if !slices.Contains(known, one) {
			known = append(known, one)
		}
	}
	for _, one := range list {
		if _, ok := one.Value(name); ok {
			return nil
		}
		for _, f := range one.Figures {
			add(f.Name)
		}
		for _, leaf := range one.Spec.Leaves() {
			add(leaf.Path)
		}
	}
	if len(list) == 0 {
		return nil
	}
	return exit.Usagef("%s: no run has %s%s", flag, name, spec.DidYouMean(name, known))
}

// order sorts the runs: the best, or the newest, come first, and those without what they are sorted by last.
func (r *options) order(list []*history.Run) error {
	figure, descending := false, r.sort == "date"
	for _, one := range list {
		for _, f := range one.Figures {
			figure = figure || f.Name == r.sort
		}
	}
	if err := checkName("--sort", r.sort, list); err != nil {
		return err
	}
	if figure {
		descending = history.HigherIsBetter(r.sort)
	}
	slices.SortStableFunc(list, func(a, b *history.Run) int {
		x, hasX := a.Value(r.sort)
		y, hasY := b.Value(r.sort)
		switch order := history.Compare(x, y); {
		case hasX != hasY:
			return map[bool]int{true: -1, false: 1}[hasX]
		case descending:
			return -order
		default:
			return order
		}
	})
	return nil
}

// print prints a line for each run. A figure that some run has is a column.
func (r *options) print(list []*history.Run) {
	var columns []string
	add := func(name string) {
		if !slices.Contains(columns, name) {
			columns = append(columns, name)
		}
	}
	for _, one := range list {
		add(one.Monitor)
	}
	for _, one := range list {
		for _, f := range one.Figures {
			if strings.HasPrefix(f.Name, "test_") {
				add(f.Name)
			}
		}
	}
	if !slices.Contains([]string{"date", "run", "name", "epochs", "best_epoch"}, r.sort) {
		add(r.sort)
	}
	columns = slices.DeleteFunc(columns, func(name string) bool {
		return !slices.ContainsFunc(list, func(one *history.Run) bool { _, ok := one.Value(name); return ok })
	})
	t := output.Table{Head: append([]string{"run", "date", "epochs", "best"}, columns...), Left: 2}
	for _, one := range list {
		epochs, best := output.Count(one.Epochs), output.Count(one.BestEpoch)
		if one.Several {
			epochs, best = output.Plural(one.Runs, "run"), ""
		}
		row := []string{one.Dir + output.Choose(one.Done, "", "*"), one.Date.Format("2006-01-02 15:04"), epochs, best}
		for _, name := range columns {
			cell := "-"
			if x, ok := one.Figures.Get(name); ok {
				cell = output.Figure(x)
			} else if text, ok := one.Value(name); ok {
				cell = text
			}
			row = append(row, cell)
		}
		t.Add(row...)
	}
	t.Write(r.term.Out, r.term.Bold)
}
