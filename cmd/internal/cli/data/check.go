package data

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/flags"
	"dnn/cmd/internal/cli/output"
	"dnn/cmd/internal/cli/term"
	"dnn/pkg/dataset"
	"dnn/pkg/draft"
	"dnn/pkg/model"
	"dnn/pkg/spec"
	"dnn/pkg/survey"
	"dnn/pkg/task"
)

// checking are the options of "dnn data check".
type checking struct {
	term  *term.Terminal
	spec  flags.Spec
	draft draft.Request
	json  bool
}

func newCheck(terminal *term.Terminal) *cobra.Command {
	c := &checking{term: terminal}
	cmd := &cobra.Command{
		Use:   "check SPEC|DATA",
		Short: "Find what is wrong with data before a net learns from it",
		Long: `Find what is wrong with data before a net learns from it.

Warnings come first: columns that give the target away, that are constant, or that name rows (ids, names, row numbers); rows of
validation or test that are in the training split too; classes with too few rows; rows that cannot be read. Columns of one kind
are in one line.

Name a spec (.yaml) to check the columns and splits that it uses, or a file of data: then the columns and splits are those that
'dnn init' would choose, and columns that it leaves out are no warnings.

Exit codes: 0 nothing to act on, 1 warnings, 2 the data or the spec cannot be used.`,
		Example: `  dnn data check penguins.yaml
  dnn data check titanic.csv --target Survived
  dnn data check penguins.yaml --json | jq '.findings[] | select(.severity == "warning")'`,
		Args: flags.Arguments(0, 1, "a spec or a file of data"),
	}
	cmd.RunE = flags.Run(terminal, func(args []string) error { return c.run(args) })
	c.spec.Add(terminal, cmd)
	f := cmd.Flags()
	f.StringVarP(&c.draft.Target, "target", "t", "", "the column to predict, of a file of data")
	f.BoolVar(&c.json, "json", false, "print one JSON object")
	return cmd
}

// checked is what "dnn data check --json" prints.
type checked struct {
	OK       bool             `json:"ok"`
	Data     string           `json:"data"`
	Rows     map[string]int   `json:"rows"`
	Classes  []classCount     `json:"classes,omitempty"`
	Findings []survey.Finding `json:"findings"`
}

// classCount is how many rows of the splits are of a class.
type classCount struct {
	Target string         `json:"target"`
	Class  string         `json:"class"`
	Rows   map[string]int `json:"rows"`
}

func (c *checking) run(args []string) error {
	named := c.spec.File
	if len(args) > 0 {
		if named != "" {
			return exit.Usagef("name the spec with -c or as an argument, not both")
		}
		named = args[0]
	}
	if named == "" {
		return exit.Usagef("expected a spec or a file of data")
	}
	r := checked{Data: named, Rows: map[string]int{}, Findings: []survey.Finding{}}
	var job *model.Job
	var err error
	if ext := filepath.Ext(named); c.spec.File != "" || ext == ".yaml" || ext == ".yml" {
		c.spec.File = named
		job, err = c.openSpec(&r)
	} else {
		c.draft.Data = named
		job, err = c.openData(&r)
	}
	if err != nil {
		return err
	}
	r.describe(job)
	warnings := 0
	for _, f := range r.Findings {
		if f.Severity == spec.Warning {
			warnings++
		}
	}
	r.OK = warnings == 0
	slices.SortStableFunc(r.Findings, func(a, b survey.Finding) int { return int(b.Severity) - int(a.Severity) })
	if c.json {
		err = c.term.WriteJSON(r)
	} else {
		c.tell(&r, warnings)
	}
	if err == nil && warnings > 0 {
		err = &exit.Error{Code: exit.Failed}
	}
	return err
}

// openSpec loads the data of a spec and looks at the columns of its training split.
func (c *checking) openSpec(r *checked) (*model.Job, error) {
	doc, err := c.spec.Document()
	if err != nil {
		return nil, err
	}
	job, err := model.OpenData(doc, dataset.KeepFields(), flags.TellEarly(c.term))
	if err != nil {
		return nil, bad(err)
	}
	target := ""
	if sources := job.Schema.LabelColumns.Sources(); len(sources) == 1 {
		target = sources[0]
	}
	if t := job.Data.Train.Cells.Table; t != nil && job.Schema.Ordering == nil {
		for _, f := range survey.Of(t, target).Faults(true) {
			f.Columns = slices.DeleteFunc(f.Columns, func(name string) bool { return !slices.Contains(job.Schema.Columns(), name) })
			if f.Kind == string(survey.Constant) && !slices.ContainsFunc(f.Columns, func(name string) bool { return !among(job.Schema, name) }) {
				f.Severity = spec.Info
			}
			if len(f.Columns) > 0 {
				r.Findings = append(r.Findings, f)
			}
		}
	}
	return job, nil
}

// manyColumns is how many columns of an input may be constant here and there, as the pixels of an image are.
const manyColumns = 8

// among reports whether a column is one of many of an input.
func among(s *dataset.Schema, name string) bool {
	return slices.ContainsFunc(s.Inputs, func(in dataset.Input) bool { return len(in.Columns) > manyColumns && slices.Contains(in.Columns, name) })
}

// openData drafts a spec for data and loads it.
func (c *checking) openData(r *checked) (*model.Job, error) {
	c.draft.Folder = "."
	d, err := draft.Make(c.draft)
	if err != nil {
		return nil, exit.Bad(err)
	}
	doc, err := spec.Parse("draft.yaml", d.Spec, nil)
	if err != nil {
		return nil, err
	}
	if d.Seen != nil {
		r.Findings = append(r.Findings, d.Seen.Faults(false)...)
	}
	job, err := model.OpenData(doc, flags.TellEarly(c.term))
	return job, bad(err)
}

// bad marks an error that does not come from a spec.
func bad(err error) error {
	var mistakes *spec.Error
	if err == nil || errors.As(err, &mistakes) {
		return err
	}
	return exit.Bad(err)
}

// describe adds rows, classes and what is wrong with the splits.
func (r *checked) describe(job *model.Job) {
	r.Findings = append(r.Findings, survey.Splits(job.Data)...)
	for _, n := range job.Data.Notes.Warnings() {
		if n.Path == "dataset" { // of the rows as a whole; columns were looked at
			r.Findings = append(r.Findings, survey.Finding{Severity: n.Severity, Kind: "splits", Text: n.Text})
		}
	}
	for _, split := range flags.Splits {
		if p := job.Data.Part(split); p != nil {
			r.Rows[split] = p.Rows()
			r.count(job.Data, split, p)
		}
	}
}

// count adds the classes of a split.
func (r *checked) count(d *dataset.Data, split string, p *dataset.Part) {
	counts := p.LabelCounts()
	for k := range d.Schema.Heads {
		h := &d.Schema.Heads[k]
		if h.Kind != task.Category && h.Kind != task.Binary || h.Text() {
			continue
		}
		for i, class := range h.Classes {
			at := slices.IndexFunc(r.Classes, func(c classCount) bool { return c.Target == h.Name && c.Class == class })
			if at < 0 {
				at = len(r.Classes)
				r.Classes = append(r.Classes, classCount{h.Name, class, map[string]int{}})
			}
			if i < len(counts[k]) {
				r.Classes[at].Rows[split] = counts[k][i]
			}
		}
	}
}

// maxClassLines is how many classes are listed one by one.
const maxClassLines = 20

func (c *checking) tell(r *checked, warnings int) {
	out := c.term.Out
	fmt.Fprintf(out, "%s: %s\n", r.Data, output.Choose(warnings == 0, "nothing to act on", output.Plural(warnings, "warning")))
	if len(r.Findings) > 0 {
		fmt.Fprintln(out)
	}
	for _, f := range r.Findings {
		if f.Severity != spec.Warning && c.term.Quiet {
			continue
		}
		text := output.Choose(f.Severity == spec.Warning, "warning", "note") + ": " + strings.ReplaceAll(f.Kind, "_", " ") + ": "
		if len(f.Columns) > 0 && f.Kind != "classes" {
			text += output.List(f.Columns, 12) + ": "
		}
		fmt.Fprintln(out, text+f.Text)
	}
	fmt.Fprintln(out)
	t := output.Table{Head: []string{"rows"}, Left: 1}
	all := []string{""}
	for _, split := range flags.Splits {
		if n, ok := r.Rows[split]; ok {
			t.Head, all = append(t.Head, split), append(all, output.Count(n))
		}
	}
	t.Add(all...)
	for i, class := range r.Classes {
		if i == maxClassLines {
			t.Add(fmt.Sprintf("… (%d more)", len(r.Classes)-i))
			break
		}
		line := []string{output.Short(class.Class)}
		for _, split := range flags.Splits {
			if _, ok := r.Rows[split]; ok {
				line = append(line, output.Count(class.Rows[split]))
			}
		}
		t.Add(line...)
	}
	t.Write(out, c.term.Bold)
}
