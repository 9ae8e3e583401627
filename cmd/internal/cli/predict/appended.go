package predict

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/flags"
	"dnn/cmd/internal/cli/models"
	"dnn/cmd/internal/cli/output"
	"dnn/cmd/internal/cli/term"
	"dnn/pkg/dataset/column"
	"dnn/pkg/model"
)

// NewAppendedCmd makes the command of a program with a model appended to it: "dnn predict" with that model. program is its path.
func NewAppendedCmd(terminal *term.Terminal, program string) *cobra.Command {
	cmd := NewCmd(terminal)
	name := filepath.Base(os.Args[0])
	cmd.Use = name + " [FILE|-|IMAGE|SEQUENCE|FOLDER]..."
	cmd.Short = "Predict new rows or images with the model in this program"
	cmd.Long = "Predict new rows or images with the model in this program, made by 'dnn export --exe'.\n\n" + cmd.Long[strings.Index(cmd.Long, "Rows come from FILE"):]
	cmd.Example = fmt.Sprintf("  %[1]s < new.csv\n  %[1]s new.csv --keep all --out predictions.csv\n  %[1]s --info", name)
	cmd.Args = flags.Arguments(0, math.MaxInt, "a FILE, or any number of images and folders")
	var info, asJSON bool
	f := cmd.Flags()
	f.BoolVar(&info, "info", false, "print what the model reads and predicts, and end")
	f.BoolVar(&asJSON, "json", false, "print JSON Lines, as --format jsonl does; with --info one JSON object")
	work := cmd.RunE
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if info {
			return flags.Run(terminal, func([]string) error { return tellModel(terminal, program, asJSON) })(cmd, args)
		}
		if asJSON {
			if f.Changed("format") {
				return exit.Usagef("--format and --json cannot be used together")
			}
			if err := f.Set("format", "jsonl"); err != nil {
				return err
			}
		}
		return work(cmd, append([]string{program}, args...))
	}
	return cmd
}

// described is what --info prints about a model.
type described struct {
	Name       string       `json:"name"`
	Inputs     []inputInfo  `json:"inputs"`
	Targets    []targetInfo `json:"targets"`
	Parameters int          `json:"parameters"`
	Notes      []string     `json:"notes,omitempty"`
}

type inputInfo struct {
	Name    string   `json:"name"`
	Type    string   `json:"type"`
	Columns []string `json:"columns"`
}

type targetInfo struct {
	Name      string   `json:"name"`
	Kind      string   `json:"kind"`
	Classes   []string `json:"classes,omitempty"`
	Columns   []string `json:"columns,omitempty"`
	Threshold float64  `json:"threshold,omitempty"`
}

// tellModel prints what a model reads and predicts.
func tellModel(t *term.Terminal, path string, asJSON bool) error {
	file, err := models.Load(path)
	if err != nil {
		return err
	}
	d, err := describe(file.Net)
	if err != nil {
		return err
	}
	if asJSON {
		return t.WriteJSON(d)
	}
	fmt.Fprintf(t.Out, "%s: %s parameters\n\n", d.Name, output.Count(d.Parameters))
	table := output.Table{Head: []string{"", "name", "type", "columns, classes"}, Left: 4}
	for _, in := range d.Inputs {
		table.Add("input", in.Name, in.Type, output.List(in.Columns, 6))
	}
	for _, target := range d.Targets {
		words := target.Classes
		if len(words) == 0 {
			words = target.Columns
		}
		table.Add("target", target.Name, target.Kind, output.List(words, 6))
	}
	table.Write(t.Out, t.Bold)
	for _, note := range d.Notes {
		fmt.Fprintln(t.Out, note)
	}
	return nil
}

// describe collects it.
func describe(n *model.Network) (*described, error) {
	_, total, err := n.Summarize(1)
	if err != nil {
		return nil, err
	}
	d := &described{Name: n.Config.Name, Parameters: total.Trained + total.Frozen, Notes: n.LengthNotes().Texts()}
	for i := range n.Schema.Inputs {
		in := &n.Schema.Inputs[i]
		if in.Head < 0 {
			d.Inputs = append(d.Inputs, inputInfo{in.Name, column.TypeOfEncoder(in.Encoder), in.Columns})
		}
	}
	for _, h := range n.Heads {
		target := targetInfo{Name: h.Name, Kind: string(h.Kind), Classes: h.Classes, Threshold: h.Threshold}
		if len(h.Classes) == 0 {
			target.Columns = h.Columns
		}
		d.Targets = append(d.Targets, target)
	}
	return d, nil
}
