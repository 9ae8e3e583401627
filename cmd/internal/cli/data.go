package cli

import (
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"dnn/pkg/dataset"
	"dnn/pkg/model"
	"dnn/pkg/spec"
)

type dataCommand struct {
	app   *app
	spec  specFlags
	part  string
	rows  int
	epoch int
	out   string
	json  bool
}

func (a *app) data() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "data",
		Short: "Show what a net gets to see of its data",
		Long: `Show what a net gets to see of its data. See 'dnn data show --help'.

'dnn check' tells what was inferred of the columns, and 'dnn list augmentations' what can be done to pictures.`,
		Example: `  dnn data show -c penguins.yaml
  dnn data show -c digits.yaml --out page.png`,
		Args: arguments(0, 0, "a command: show"),
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(a.dataShow())
	return cmd
}

func (a *app) dataShow() *cobra.Command {
	d := &dataCommand{app: a}
	cmd := &cobra.Command{
		Use:   "show -c SPEC",
		Short: "Draw the pictures, or print the rows, as the net sees them",
		Long: `Show what a net gets to see of its data: as it stands in the files, and as the net gets it.

Pictures are drawn on a page, a PNG file, with their classes. Of a training part with augmentation each line shows a
picture as it is and then as several epochs see it; rows that are mixed with another name both classes and their shares.
The pictures are those of the first batch of the epoch, so that the page shows what training will do. Of other parts and
without augmentation they are spread over the part.

Of data without pictures the first rows are printed: each input with the fields it reads and the numbers it becomes.

Only the spec's dataset section must be right; layers and all else may be missing yet.`,
		Example: `  dnn data show -c digits.yaml --out page.png
  dnn data show -c digits.yaml --set 'dataset.augment=[{type: rotate, degrees: 30}]' --rows 4
  dnn data show -c digits.yaml --part test
  dnn data show -c penguins.yaml --rows 2
  dnn data show -c penguins.yaml --json`,
		Args: arguments(0, 0, "its spec with -c FILE"),
	}
	cmd.RunE = a.run(func([]string) error {
		if d.rows == 0 && cmd.Flags().Changed("rows") {
			return usagef("--rows: 0 is out of range: want a value in [1,%d]", maxShown)
		}
		return d.run()
	})
	d.spec.add(a, cmd)
	d.spec.addSeed(cmd)
	f := cmd.Flags()
	f.StringVar(&d.part, "part", "train", "part of the data: train, validation or test")
	f.IntVar(&d.rows, "rows", 0, "how many rows (default 3 rows of a table, 8 lines or 40 pictures of a page)")
	f.IntVar(&d.epoch, "epoch", 1, "the first epoch that is shown, from 1")
	f.StringVarP(&d.out, "out", "o", "", "the page of pictures (default NAME-PART.png); a file that is no such page is never replaced")
	f.BoolVar(&d.json, "json", false, "print one JSON object")
	cmd.MarkFlagFilename("out", "png")
	cmd.RegisterFlagCompletionFunc("part", cobra.FixedCompletions(parts, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

// maxShown is the most rows that can be asked for.
const maxShown = 200

func (d *dataCommand) run() error {
	switch {
	case !slices.Contains(parts, d.part):
		return usagef("--part: want train, validation or test, got %q%s", d.part, spec.DidYouMean(d.part, parts))
	case d.rows < 0 || d.rows > maxShown:
		return usagef("--rows: %d is out of range: want a value in [1,%d]", d.rows, maxShown)
	case d.epoch < 1:
		return usagef("--epoch: %d is out of range: epochs count from 1", d.epoch)
	case d.out != "" && !endsIn(d.out, "png"):
		return usagef("--out %s: the page is a PNG file; its name must end in .png", d.out)
	}
	job, err := d.open()
	if err != nil {
		return err
	}
	part := job.Data.Part(d.part)
	if part == nil || part.Rows() == 0 {
		return usagef("the data has no %s part", d.part)
	}
	if len(job.Schema.Pictures()) > 0 {
		return d.showPictures(job, part)
	}
	if d.out != "" {
		return usagef("--out: there are no pictures to draw; without it the rows are printed")
	}
	return d.showRows(job, part)
}

// open reads the data. The net need not be there yet.
func (d *dataCommand) open() (*model.Job, error) {
	doc, err := d.spec.document()
	if err != nil {
		return nil, err
	}
	job, err := model.OpenData(doc, d.app.tellEarly())
	var mistakes *spec.Error
	if err != nil && !errors.As(err, &mistakes) {
		err = bad(err)
	}
	return job, err
}

// count is how many rows are shown of a part.
func (d *dataCommand) count(part *dataset.Part, usual int) int {
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

// shownInput is an input or a target. What was read of a picture, and its thousands of numbers, are left out.
type shownInput struct {
	Name    string    `json:"name"`
	Shape   []int     `json:"shape"`
	Read    []string  `json:"read,omitempty"`
	Encoded []float64 `json:"encoded,omitempty"`
}

// maxEncoded is the most numbers of an input that are printed.
const maxEncoded = 1000

func (d *dataCommand) showRows(job *model.Job, part *dataset.Part) error {
	rows := make([]int, d.count(part, 3))
	for i := range rows {
		rows[i] = i
	}
	shown, err := job.Config.Dataset.Show(part, job.Dir, job.Config.Seed, rows)
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
	return d.app.writeJSON(struct {
		Name string     `json:"name"`
		Part string     `json:"part"`
		Of   int        `json:"part_rows"`
		Rows []shownRow `json:"rows"`
	}{job.Config.Name, d.part, part.Rows(), list})
}

// tell prints a block for each row.
func (d *dataCommand) tell(job *model.Job, part *dataset.Part, shown []dataset.Shown) {
	out := d.app.out
	fmt.Fprintf(out, "%s: %s part, %s of %s\n", job.Config.Name, d.part, count(len(shown)), plural(part.Rows(), "row"))
	for _, row := range shown {
		fmt.Fprintf(out, "\n%s\n", row.Place)
		t := table{head: []string{"  input", "shape", "as read", "as the net gets it"}, left: 4}
		for k, v := range row.Values {
			if k < len(job.Schema.Inputs) {
				in := &job.Schema.Inputs[k]
				shape := (&inputResult{Shape: in.Shape, Vocabulary: in.Vocabulary}).shape()
				t.add("  "+short(v.Name), shape, readText(v.Read), numbersText(v.Encoded))
				continue
			}
			t.add("  "+short(v.Name), "target", readText(v.Read), targetText(&job.Schema.Target, v.Encoded))
		}
		t.write(out, d.app.bold)
	}
}

// readText is what was read of the columns of an input.
func readText(fields []string) string {
	words := make([]string, len(fields))
	for i, f := range fields {
		if words[i] = short(f); f == "" {
			words[i] = "(gap)"
		}
	}
	return listShort(words, 6)
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
		return "1 at " + listShort(ones, most) + ", else 0"
	}
	var words []string
	for i, v := range x {
		if i == most {
			words = append(words, fmt.Sprintf("… (%s more)", count(len(x)-i)))
			break
		}
		if word := figure(v); v == math.Trunc(v) && math.Abs(v) < 1e6 {
			words = append(words, strconv.Itoa(int(v)))
		} else {
			words = append(words, word)
		}
	}
	return strings.Join(words, " ")
}

// targetText prints what is to be predicted.
func targetText(t *dataset.Target, x []float64) string {
	if t.Kind == "category" && t.StepsOf == "" {
		return fmt.Sprintf("class %d of %d (from 0)", int(x[0]), t.Width)
	}
	return numbersText(x)
}

// within reports whether a file lies in one of the folders, or is one of the files.
func within(file string, places []string) bool {
	full, err := filepath.Abs(file)
	if err != nil {
		return false
	}
	if dir, err := filepath.EvalSymlinks(filepath.Dir(full)); err == nil {
		full = filepath.Join(dir, filepath.Base(full))
	}
	return slices.ContainsFunc(places, func(place string) bool {
		place, err := filepath.Abs(place)
		if err != nil {
			return false
		}
		if real, err := filepath.EvalSymlinks(place); err == nil {
			place = real
		}
		rel, err := filepath.Rel(place, full)
		return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
	})
}
