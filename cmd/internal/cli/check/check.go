// Package check is "dnn check".
package check

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"dnn/cmd/internal/cli/flags"
	"dnn/cmd/internal/cli/output"
	"dnn/cmd/internal/cli/term"
	"dnn/pkg/dataset"
	"dnn/pkg/dataset/column"
	"dnn/pkg/model"
	"dnn/pkg/spec"
	"dnn/pkg/task"
)

type options struct {
	term     *term.Terminal
	spec     flags.Spec
	resolved bool
	schema   bool
	json     bool
}

// NewCmd makes the command.
func NewCmd(terminal *term.Terminal) *cobra.Command {
	c := &options{term: terminal}
	cmd := &cobra.Command{
		Use:   "check SPEC",
		Short: "Find every mistake in a spec, without training",
		Long: `Find every mistake in a spec, without training.

Read the data, build the net and check one against the other. All mistakes are reported at once, one per line:
"file:line:column: key: what is wrong". Of more than 20, the first 20 are shown; --json has all of them. For a valid
spec, print a summary: rows of each split, inputs with what was inferred and why, target, layers and parameters, and the
memory of a training step. Nothing is written.

--resolved prints the spec with every default instead, itself a valid spec. --schema prints the JSON Schema of the spec
language, for editors that complete and validate.`,
		Example: `  dnn check -c penguins.yaml
  dnn check -c penguins.yaml --set optimizer=sgd --resolved
  dnn check --schema > dnn.schema.json`,
		Args: flags.Arguments(0, 1, "one SPEC"),
		RunE: flags.Run(terminal, func(args []string) error {
			if err := c.spec.Take(args); err != nil {
				return err
			}
			return c.run()
		}),
	}
	c.spec.Add(terminal, cmd)
	f := cmd.Flags()
	f.BoolVar(&c.resolved, "resolved", false, "print the spec with every default")
	f.BoolVar(&c.schema, "schema", false, "print the JSON Schema of specs")
	f.BoolVar(&c.json, "json", false, "print one JSON object, also for mistakes")
	flags.Exclusive(cmd, "resolved", "schema", "json")
	return cmd
}

func (c *options) run() error {
	if c.schema {
		return c.printSchema()
	}
	job, err := c.spec.Open()
	if err != nil {
		return c.failed(err)
	}
	if err := c.spec.CheckSteps(job, &job.Network, 0); err != nil {
		return c.failed(err)
	}
	if c.resolved {
		text, err := job.SpecFor("")
		if err != nil {
			return err
		}
		_, err = c.term.Out.Write(text)
		return err
	}
	layers, total, err := job.Summarize(job.Config.Train.BatchSize)
	if err != nil {
		return err
	}
	r := describe(job)
	r.Layers, r.Parameters = len(layers), total.Trained+total.Frozen
	if r.Memory, err = model.FootprintOf(&job.Network, job.Config.Train.BatchSize); err != nil {
		return err
	}
	if c.json {
		return c.term.WriteJSON(r)
	}
	c.tell(r)
	return nil
}

// failed prints the mistakes as JSON too, when that is wanted.
func (c *options) failed(err error) error {
	if !c.json {
		return err
	}
	list := []spec.Mistake{{File: c.spec.File, Message: err.Error()}}
	var mistakes *spec.Error
	if errors.As(err, &mistakes) {
		list = mistakes.Mistakes
	}
	c.term.WriteJSON(struct {
		OK       bool           `json:"ok"`
		Spec     string         `json:"spec"`
		Mistakes []spec.Mistake `json:"mistakes"`
	}{false, c.spec.File, list})
	return err
}

// checkResult is what "dnn check --json" prints of a sound spec.
type checkResult struct {
	OK         bool           `json:"ok"`
	Name       string         `json:"name"`
	Rows       map[string]int `json:"rows"`
	Inputs     []inputResult  `json:"inputs"`
	Target     targets        `json:"target"`
	Loss       losses         `json:"loss"`
	Layers     int            `json:"layers"`
	Parameters int            `json:"parameters"`
	// Memory is that of a training step, in bytes.
	Memory model.Footprint `json:"memory"`
	Notes  []string        `json:"notes,omitempty"`

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
	Tokens  int      `json:"tokens,omitempty"`   // of the vocabulary of a text that the net writes
	StepsOf string   `json:"steps_of,omitempty"` // the input for each step of which there is an answer
}

// targets are one, or in a net with several heads a list.
type targets []targetResult

func (t targets) MarshalJSON() ([]byte, error) {
	if len(t) == 1 {
		return json.Marshal(t[0])
	}
	return json.Marshal([]targetResult(t))
}

// losses are those of the targets: one, or by the targets' names.
type losses struct{ names, kinds []string }

func (l losses) MarshalJSON() ([]byte, error) {
	if len(l.kinds) == 1 {
		return json.Marshal(l.kinds[0])
	}
	by := map[string]string{}
	for i, name := range l.names {
		by[name] = l.kinds[i]
	}
	return json.Marshal(by)
}

func (l losses) String() string { return strings.Join(l.kinds, " + ") }

func describe(job *model.Job) *checkResult {
	r := &checkResult{OK: true, Name: job.Config.Name, Rows: map[string]int{}}
	for k, h := range job.Heads {
		one := targetResult{Names: h.Columns, Kind: string(h.Kind)}
		switch h.Kind {
		case task.Labels:
			if one.Kind = string(task.Binary); h.Separator != "" {
				one.Names, one.Kind, one.Classes = []string{h.Name}, string(task.Labels), h.Classes
			}
		case task.Binary, task.Category:
			one.Classes = h.Classes
		}
		if h.Text() {
			one.Kind, one.Classes, one.Tokens = "text", nil, h.Width
		} else if h.Sequence() {
			one.StepsOf = h.Axis.Of
		}
		loss, _ := job.Loss(k)
		r.Target = append(r.Target, one)
		r.Loss.names, r.Loss.kinds = append(r.Loss.names, h.Name), append(r.Loss.kinds, spec.KeyOf(loss))
	}
	r.notes = slices.Concat(job.Notes, job.LengthNotes())
	r.Notes = r.notes.Texts()
	for _, name := range flags.Splits {
		if p := job.Data.Part(name); p != nil {
			r.Rows[name] = p.Rows()
		}
	}
	for i := range job.Schema.Inputs {
		in := &job.Schema.Inputs[i]
		if in.Head >= 0 && job.Heads[in.Head].Aligned() { // no layer sees it
			continue
		}
		r.Inputs = append(r.Inputs, inputResult{in.Name, typeOfInput(in), in.Columns, append([]int{}, in.Shape...), in.Vocabulary})
	}
	return r
}

// typeOfInput is the type that was settled for an input.
func typeOfInput(in *dataset.Input) string {
	if in.Head >= 0 { // what the target makes
		return "prefix"
	}
	return column.TypeOfEncoder(in.Encoder)
}

// maxInputs is how many inputs are told one by one.
const maxInputs = 40

func (c *options) tell(r *checkResult) {
	out := c.term.Out
	fmt.Fprintf(out, "%s: ok\n\n", c.spec.File)
	rest := output.Table{Left: 2}
	var rows []string
	for _, name := range flags.Splits {
		if n, ok := r.Rows[name]; ok {
			rows = append(rows, name+" "+output.Count(n))
		}
	}
	rest.Add("rows", strings.Join(rows, ", "))
	for i := range r.Target {
		rest.Add([]string{"target", ""}[min(i, 1)], r.Target[i].text())
	}
	rest.Add("net", fmt.Sprintf("%s, %s, loss %s", output.Plural(r.Layers, "layer"), output.Plural(r.Parameters, "parameter"), r.Loss))
	for i, line := range output.Footprint(r.Memory) {
		rest.Add([]string{"memory", ""}[min(i, 1)], line)
	}
	rest.Write(out, nil)

	fmt.Fprintln(out)
	inputs := output.Table{Head: []string{"input", "type", "shape", "columns"}, Left: 4}
	for i, in := range r.Inputs {
		if i == maxInputs {
			inputs.Add(fmt.Sprintf("… (%d more)", len(r.Inputs)-i))
			break
		}
		inputs.Add(output.Short(in.Name), in.Type, output.Shape(in.Shape, in.Vocabulary), output.List(in.Columns, 6))
	}
	inputs.Write(out, c.term.Bold)
	notes := r.notes
	if c.term.Quiet {
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
	case t.Tokens > 0:
		return fmt.Sprintf("%s, a text of %d different tokens", t.Names[0], t.Tokens)
	case t.Kind == "category":
		return fmt.Sprintf("%s%s, one of %d classes: %s", output.List(t.Names, 6), of, len(t.Classes), output.List(t.Classes, 12))
	case t.Kind == string(task.Labels):
		return fmt.Sprintf("%s%s, any of %d labels: %s", t.Names[0], of, len(t.Classes), output.List(t.Classes, 12))
	case len(t.Classes) == 2:
		return fmt.Sprintf("%s%s, %s or %s", t.Names[0], of, t.Classes[0], t.Classes[1])
	}
	return fmt.Sprintf("%s%s, %s", output.List(t.Names, 6), of, t.Kind)
}

func (c *options) printSchema() error {
	_, err := c.term.Out.Write(spec.Schema(&model.Config{}, "dnn spec"))
	return err
}
