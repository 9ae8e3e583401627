// Package initialize is "dnn init".
package initialize

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/flags"
	"dnn/cmd/internal/cli/term"
	"dnn/internal/newfile"
	"dnn/pkg/draft"
	"dnn/pkg/spec"
)

type options struct {
	term  *term.Terminal
	draft draft.Request
	out   string
}

// NewCmd makes the command.
func NewCmd(terminal *term.Terminal) *cobra.Command {
	o := &options{term: terminal}
	cmd := &cobra.Command{
		Use:   "init DATA --target COLUMN",
		Short: "Write a spec from data",
		Long: `Write a spec from data.

Look at a table, a folder of images, a text or a series, and write a commented spec that trains well as it is: types and scaling
of the columns, splits, a net, and how long to train. What was seen goes to standard error, warnings included.

DATA is a CSV, TSV or JSON Lines file, a folder with a folder of images for each class, a file of images in the format of MNIST
(IDX), arrays of NumPy (.npz; --target names the array to predict), or a .txt file to learn to write from. Official splits next to a file whose name says train are found by their names
(test, val, dev); --validation and --test name others.

A number that follows in time, with a column of evenly spaced dates, is forecast.`,
		Example: `  dnn init titanic.csv --target Survived | dnn train -c -
  dnn init titanic.csv --target Survived -o titanic.yaml
  dnn init photos/ -o photos.yaml
  dnn init sales.csv --target sales --horizon 7`,
		Args: flags.Arguments(1, 1, "a file or folder of data"),
	}
	cmd.RunE = flags.Run(terminal, func(args []string) error {
		o.draft.Data = args[0]
		return o.run()
	})
	f := cmd.Flags()
	f.StringVarP(&o.draft.Target, "target", "t", "", "the column to predict")
	f.StringVarP(&o.out, "out", "o", "", "file of the spec, which must not exist (default, and -: standard output)")
	f.StringVar(&o.draft.Validation, "validation", "", "the official validation split")
	f.StringVar(&o.draft.Test, "test", "", "the official test split")
	f.IntVar(&o.draft.Horizon, "horizon", 0, "steps to forecast at once (default 1)")
	f.StringVar(&o.draft.Name, "name", "", "name of the spec (default: that of the data)")
	cmd.MarkFlagFilename("out", "yaml", "yml")
	return cmd
}

func (o *options) run() error {
	if o.draft.Horizon < 0 {
		return exit.Usagef("--horizon: %d is out of range: must be at least 1", o.draft.Horizon)
	}
	o.draft.Folder = "."
	if o.out == "-" {
		o.out = ""
	}
	if o.out != "" {
		o.draft.Folder = filepath.Dir(o.out)
		if _, err := os.Lstat(o.out); err == nil {
			return exit.Usagef("%s exists already; name another file with -o", o.out)
		}
	}
	d, err := draft.Make(o.draft)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return exit.Usagef("%s: no such file or folder", o.draft.Data)
		}
		return exit.Bad(err)
	}
	for _, n := range d.Notes {
		if n.Severity == spec.Warning {
			o.term.Warn("%s", n.Text)
		} else {
			o.term.Note("%s", n.Text)
		}
	}
	if o.out == "" {
		_, err = o.term.Out.Write(d.Spec)
		return err
	}
	if err := newfile.Write(o.out, d.Spec); err != nil {
		return exit.Written(err)
	}
	o.term.Note("spec     %s", o.out)
	o.term.Note("next     dnn train -c %s", o.out)
	return nil
}
