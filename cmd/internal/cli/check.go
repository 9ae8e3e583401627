package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"dnn/pkg/dataset"
	"dnn/pkg/model"
	"dnn/pkg/spec"
)

type checkCommand struct {
	app      *app
	spec     specFlags
	resolved bool
	schema   bool
	json     bool
}

func (a *app) check() *cobra.Command {
	c := &checkCommand{app: a}
	cmd := &cobra.Command{
		Use:   "check -c SPEC",
		Short: "Find every mistake in a spec, without training",
		Long: `Find every mistake in a spec, without training.

The data is read, the net is built and held against it, and all that is wrong is told at once: a line for each mistake,
"file:line:column: key: what is wrong". A sound spec is summed up: rows of each part, inputs with what was inferred and
why, target, layers and parameters. Nothing is written.

--resolved prints the spec with every default instead, fit to be used as a spec itself. --schema prints the JSON Schema
of the spec language, for editors that complete and check as you type.`,
		Example: `  dnn check -c penguins.yaml
  dnn check -c penguins.yaml --set optimizer=sgd --resolved
  dnn check --schema > dnn.schema.json`,
		Args: arguments(0, 0, "its spec with -c FILE"),
		RunE: a.run(func([]string) error { return c.run() }),
	}
	c.spec.add(a, cmd)
	f := cmd.Flags()
	f.BoolVar(&c.resolved, "resolved", false, "print the spec with every default")
	f.BoolVar(&c.schema, "schema", false, "print the JSON Schema of specs")
	f.BoolVar(&c.json, "json", false, "print one JSON object, also about mistakes")
	cmd.MarkFlagsMutuallyExclusive("resolved", "schema", "json")
	return cmd
}

func (c *checkCommand) run() error {
	if c.schema {
		return c.printSchema()
	}
	job, err := c.spec.open()
	if err != nil {
		return c.failed(err)
	}
	if c.resolved {
		text, err := job.SpecFor("")
		if err != nil {
			return err
		}
		_, err = c.app.out.Write(text)
		return err
	}
	layers, total, err := job.Summarize(job.Config.Train.BatchSize)
	if err != nil {
		return err
	}
	r := describe(job)
	r.Layers, r.Parameters = len(layers), total.Trained+total.Frozen
	if c.json {
		return c.app.writeJSON(r)
	}
	c.tell(r)
	return nil
}

// failed prints the mistakes as JSON too, when that is wanted.
func (c *checkCommand) failed(err error) error {
	if !c.json {
		return err
	}
	list := []spec.Mistake{{File: c.spec.file, Message: err.Error()}}
	var mistakes *spec.Error
	if errors.As(err, &mistakes) {
		list = mistakes.Mistakes
	}
	c.app.writeJSON(struct {
		OK       bool           `json:"ok"`
		Spec     string         `json:"spec"`
		Mistakes []spec.Mistake `json:"mistakes"`
	}{false, c.spec.file, list})
	return err
}

// checkResult is what "dnn check --json" prints of a sound spec.
type checkResult struct {
	OK         bool           `json:"ok"`
	Name       string         `json:"name"`
	Rows       map[string]int `json:"rows"`
	Inputs     []inputResult  `json:"inputs"`
	Target     targetResult   `json:"target"`
	Loss       string         `json:"loss"`
	Layers     int            `json:"layers"`
	Parameters int            `json:"parameters"`
	Notes      []string       `json:"notes,omitempty"`

	notes spec.Notes
}

type inputResult struct {
	Name       string   `json:"name"`
	Type       string   `json:"type"`
	Columns    []string `json:"columns"`
	Shape      []int    `json:"shape"`
	Vocabulary int      `json:"vocabulary,omitempty"`
}

type targetResult struct {
	Names   []string `json:"names"`
	Kind    string   `json:"kind"`
	Classes []string `json:"classes,omitempty"`
	StepsOf string   `json:"steps_of,omitempty"` // the input for each step of which there is an answer
}

func describe(job *model.Job) *checkResult {
	t := &job.Schema.Target
	r := &checkResult{
		OK: true, Name: job.Config.Name, Rows: map[string]int{}, Loss: spec.KeyOf(job.Config.Loss),
		Target: targetResult{t.Names, t.Kind, t.Classes, t.StepsOf},
	}
	r.notes = slices.Clip(job.Data.Notes)
	for _, text := range job.LengthNotes() {
		r.notes.Add("dataset", "%s", text)
	}
	r.Notes = r.notes.Texts()
	for _, name := range parts {
		if p := job.Data.Part(name); p != nil {
			r.Rows[name] = p.Rows()
		}
	}
	for i := range job.Schema.Inputs {
		in := &job.Schema.Inputs[i]
		r.Inputs = append(r.Inputs, inputResult{in.Name, typeOfInput(in), in.Columns, append([]int{}, in.Shape...), in.Vocabulary})
	}
	return r
}

// typeOfInput is the type that was settled for an input, as its JSON says.
func typeOfInput(in *dataset.Input) string {
	var typed struct{ Fitted struct{ Type string } }
	if data, err := json.Marshal(in); err == nil {
		json.Unmarshal(data, &typed)
	}
	return typed.Fitted.Type
}

// maxInputs is how many inputs are told one by one.
const maxInputs = 40

func (c *checkCommand) tell(r *checkResult) {
	out := c.app.out
	fmt.Fprintf(out, "%s: ok\n\n", c.spec.file)
	rest := table{left: 2}
	var rows []string
	for _, name := range parts {
		if n, ok := r.Rows[name]; ok {
			rows = append(rows, name+" "+count(n))
		}
	}
	rest.add("rows", strings.Join(rows, ", "))
	rest.add("target", r.Target.text())
	rest.add("net", fmt.Sprintf("%s, %s, loss %s", plural(r.Layers, "layer"), plural(r.Parameters, "parameter"), r.Loss))
	rest.write(out, nil)

	fmt.Fprintln(out)
	inputs := table{head: []string{"input", "type", "shape", "columns"}, left: 4}
	for i, in := range r.Inputs {
		if i == maxInputs {
			inputs.add(fmt.Sprintf("… (%d more)", len(r.Inputs)-i))
			break
		}
		inputs.add(short(in.Name), in.Type, in.shape(), listShort(in.Columns, 6))
	}
	inputs.write(out, c.app.bold)
	notes := r.notes
	if c.app.settings.Quiet {
		notes = notes.Warnings()
	}
	if len(notes) > 0 {
		fmt.Fprintln(out)
	}
	for _, n := range notes {
		fmt.Fprintln(out, n)
	}
}

func (t *targetResult) text() string {
	of := ""
	if t.StepsOf != "" {
		of = " for each step of " + t.StepsOf
	}
	switch {
	case t.Kind == "category":
		return fmt.Sprintf("%s%s, one of %d classes: %s", listShort(t.Names, 6), of, len(t.Classes), listShort(t.Classes, 12))
	case len(t.Classes) == 2:
		return fmt.Sprintf("%s%s, %s or %s", t.Names[0], of, t.Classes[0], t.Classes[1])
	}
	return fmt.Sprintf("%s%s, %s", listShort(t.Names, 6), of, t.Kind)
}

func (in *inputResult) shape() string {
	text := "1"
	if len(in.Shape) > 0 {
		text = strings.Trim(strings.ReplaceAll(fmt.Sprint(in.Shape), " ", "×"), "[]")
	}
	if in.Vocabulary > 0 {
		text += fmt.Sprintf(" of 0…%d", in.Vocabulary-1)
	}
	return text
}

// listShort joins words, the first few of them.
func listShort(words []string, most int) string {
	if len(words) > most {
		return strings.Join(words[:most-1], ", ") + fmt.Sprintf(", … (%d more)", len(words)-most+1)
	}
	return strings.Join(words, ", ")
}

func (c *checkCommand) printSchema() error {
	_, err := c.app.out.Write(spec.Schema(&model.Config{}, "dnn spec"))
	return err
}
