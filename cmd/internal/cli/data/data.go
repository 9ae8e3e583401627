// Package data is "dnn data".
package data

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/flags"
	"dnn/cmd/internal/cli/input"
	"dnn/cmd/internal/cli/output"
	"dnn/cmd/internal/cli/term"
	"dnn/pkg/dataset"
	"dnn/pkg/model"
	"dnn/pkg/spec"
	"dnn/pkg/task"
)

type options struct {
	term  *term.Terminal
	spec  flags.Spec
	split string
	rows  int
	epoch int
	out   string
	json  bool
}

// NewCmd makes the command.
func NewCmd(terminal *term.Terminal) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "data",
		Short: "Check data, and show it as a net sees it",
		Long: `Check data, and show it as a net sees it. See 'dnn data check --help' and 'dnn data show --help'.

'dnn check' prints what was inferred of the columns, 'dnn list augmentations' what can be done to images.`,
		Example: `  dnn data check penguins.csv --target species
  dnn data show -c penguins.yaml
  dnn data show -c digits.yaml --out page.png`,
		Args: flags.Arguments(0, 0, "a command: check or show"),
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(newCheck(terminal), newShow(terminal))
	return cmd
}

func newShow(terminal *term.Terminal) *cobra.Command {
	d := &options{term: terminal}
	cmd := &cobra.Command{
		Use:   "show SPEC",
		Short: "Draw images, or print rows, as the net sees them",
		Long: `Show data as it is in the files and as the net sees it.

Images are drawn on a sheet, a PNG file, with their classes. For a training split with augmentation, each line shows an
image as it is and then as several epochs see it; mixed rows name both classes and their shares. The images are those of
the first batch of the epoch, so the sheet shows what training will use. For other splits, and without augmentation, they
are spread over the split.

For data without images, the first rows are printed: each input with the fields it reads and the numbers it becomes.

Only the spec's dataset section must be valid; layers and all else may be missing.`,
		Example: `  dnn data show -c digits.yaml --out page.png
  dnn data show -c digits.yaml --set 'dataset.augment=[{type: rotate, degrees: 30}]' --rows 4
  dnn data show -c digits.yaml --split test
  dnn data show -c penguins.yaml --rows 2
  dnn data show -c penguins.yaml --json`,
		Args: flags.Arguments(0, 1, "one SPEC"),
	}
	cmd.RunE = flags.Run(terminal, func(args []string) error {
		if err := d.spec.Take(args); err != nil {
			return err
		}
		if d.rows == 0 && cmd.Flags().Changed("rows") {
			return exit.Usagef("--rows: 0 is out of range: must be in [1,%d]", maxShown)
		}
		return d.run()
	})
	d.spec.Add(terminal, cmd)
	d.spec.AddSeed(cmd)
	f := cmd.Flags()
	flags.AddSplit(cmd, &d.split, "train", "split to show: train, validation or test")
	f.IntVar(&d.rows, "rows", 0, "number of rows (default: 3 rows of a table, 8 lines or 40 images of a sheet)")
	f.IntVar(&d.epoch, "epoch", 1, "first epoch to show, from 1")
	f.StringVarP(&d.out, "out", "o", "", "file of the sheet (default NAME-SPLIT.png); only a sheet is ever replaced")
	f.BoolVar(&d.json, "json", false, "print one JSON object")
	cmd.MarkFlagFilename("out", "png")
	return cmd
}

// maxShown is the most rows that can be asked for.
const maxShown = 200

func (d *options) run() error {
	if err := flags.CheckSplit(d.split); err != nil {
		return err
	}
	switch {
	case d.rows < 0 || d.rows > maxShown:
		return exit.Usagef("--rows: %d is out of range: must be in [1,%d]", d.rows, maxShown)
	case d.epoch < 1:
		return exit.Usagef("--epoch: %d is out of range: epochs count from 1", d.epoch)
	case d.out != "" && !input.HasExt(d.out, "png"):
		return exit.Usagef("--out %s: the sheet is a PNG file; its name must end in .png", d.out)
	}
	job, err := d.open()
	if err != nil {
		return err
	}
	part := job.Data.Part(d.split)
	if part == nil || part.Rows() == 0 {
		return exit.Usagef("the data has no %s split", d.split)
	}
	if len(job.Schema.Images()) > 0 {
		return d.showImages(job, part)
	}
	if d.out != "" {
		return exit.Usagef("--out: there are no images to draw; leave it out to print rows")
	}
	return d.showRows(job, part)
}

// open reads the data. The net need not be there yet.
func (d *options) open() (*model.Job, error) {
	doc, err := d.spec.Document()
	if err != nil {
		return nil, err
	}
	job, err := model.OpenData(doc, flags.TellEarly(d.term), dataset.KeepFields())
	var mistakes *spec.Error
	if err != nil && !errors.As(err, &mistakes) {
		err = exit.Bad(err)
	}
	return job, err
}

// count is how many rows are shown of a part.
func (d *options) count(part *dataset.Part, usual int) int {
	if d.rows > 0 {
		usual = d.rows
	}
	return min(usual, part.Rows())
}

// shownRow is a row of "dnn data show --json".
type shownRow struct {
	Place   string       `json:"place"`
	Inputs  []shownInput `json:"inputs"`
	Targets []shownInput `json:"targets"`
}

// shownInput is an input or a target. What was read of an image, and its thousands of numbers, are left out.
type shownInput struct {
	Name    string    `json:"name"`
	Shape   []int     `json:"shape"`
	Read    []string  `json:"read,omitempty"`
	Encoded []float64 `json:"encoded,omitempty"`
}

// splitResult names a split and says how many rows it has.
type splitResult struct {
	Split    string `json:"split"`
	Of       int    `json:"split_rows"`
	Part     string `json:"part"`      // the former name of split
	PartRows int    `json:"part_rows"` // the former name of split_rows
}

func newSplitResult(split string, rows int) splitResult { return splitResult{split, rows, split, rows} }

// maxEncoded is the most numbers of an input that are printed.
const maxEncoded = 1000

func (d *options) showRows(job *model.Job, part *dataset.Part) error {
	rows := make([]int, d.count(part, 3))
	for i := range rows {
		rows[i] = i
	}
	shown, err := part.Show(rows)
	if err != nil {
		return err
	}
	if !d.json {
		d.tell(job, part, shown)
		return nil
	}
	list := make([]shownRow, len(shown))
	for i, row := range shown {
		list[i].Place = row.Place
		for k, v := range row.Values {
			one := shownInput{v.Name, []int{}, v.Read, v.Encoded}
			if len(one.Encoded) > maxEncoded {
				one.Encoded = nil
			}
			if k < len(job.Schema.Inputs) {
				one.Shape = append(one.Shape, job.Schema.Inputs[k].Shape...)
				list[i].Inputs = append(list[i].Inputs, one)
			} else {
				list[i].Targets = append(list[i].Targets, one)
			}
		}
	}
	return d.term.WriteJSON(struct {
		Name string `json:"name"`
		splitResult
		Rows []shownRow `json:"rows"`
	}{job.Config.Name, newSplitResult(d.split, part.Rows()), list})
}

// tell prints a block for each row.
func (d *options) tell(job *model.Job, part *dataset.Part, shown []dataset.Shown) {
	out := d.term.Out
	fmt.Fprintf(out, "%s: %s split, %s of %s\n", job.Config.Name, d.split, output.Count(len(shown)), output.Plural(part.Rows(), "row"))
	for _, row := range shown {
		fmt.Fprintf(out, "\n%s\n", row.Place)
		t := output.Table{Head: []string{"  input", "shape", "as read", "as the net gets it"}, Left: 4}
		for k, v := range row.Values {
			if k < len(job.Schema.Inputs) {
				in := &job.Schema.Inputs[k]
				shape := output.Shape(in.Shape, in.Vocabulary)
				t.Add("  "+output.Short(v.Name), shape, readText(v.Read), numbersText(v.Encoded))
				continue
			}
			t.Add("  "+output.Short(v.Name), "target", readText(v.Read), targetText(job.Heads, v.Name, v.Encoded))
		}
		t.Write(out, d.term.Bold)
	}
}

// lineEnds keeps a field on its line.
var lineEnds = strings.NewReplacer("\r", `\r`, "\n", `\n`, "\t", `\t`)

// readText is what was read of the columns of an input.
func readText(fields []string) string {
	words := make([]string, len(fields))
	for i, f := range fields {
		if words[i] = output.Short(lineEnds.Replace(f)); f == "" {
			words[i] = "(gap)"
		}
	}
	return output.List(words, 6)
}

// numbersText prints the first few numbers of an input. Of many zeros and a few ones the places of the ones tell more.
func numbersText(x []float64) string {
	const most = 10
	if len(x) > most && !slices.ContainsFunc(x, func(v float64) bool { return v != 0 && v != 1 }) {
		var ones []string
		for i, v := range x {
			if v == 1 {
				ones = append(ones, strconv.Itoa(i))
			}
		}
		if len(ones) == 0 {
			return "all 0"
		}
		return "1 at " + output.List(ones, most) + ", else 0"
	}
	var words []string
	for i, v := range x {
		if i == most {
			words = append(words, fmt.Sprintf("… (%s more)", output.Count(len(x)-i)))
			break
		}
		if word := output.Figure(v); v == math.Trunc(v) && math.Abs(v) < 1e6 {
			words = append(words, strconv.Itoa(int(v)))
		} else {
			words = append(words, word)
		}
	}
	return strings.Join(words, " ")
}

// targetText prints what is to be predicted of a column.
func targetText(heads []task.Head, column string, x []float64) string {
	for _, h := range heads {
		if h.Kind == task.Category && !h.Sequence() && h.Columns[0] == column {
			return fmt.Sprintf("class %d of %d (from 0)", int(x[0]), h.Width)
		}
	}
	return numbersText(x)
}
