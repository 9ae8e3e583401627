package explain

import (
	"cmp"
	"errors"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/flags"
	"dnn/cmd/internal/cli/output"
	"dnn/pkg/dataset"
	"dnn/pkg/explain"
	"dnn/pkg/graph/exec"
	"dnn/pkg/infer"
	"dnn/pkg/spec"
)

// attentionFlags choose what is looked at of a net that attends.
type attentionFlags struct {
	attention bool
	layer     string
	reference bool
}

func (a *attentionFlags) add(cmd *cobra.Command) {
	f := cmd.Flags()
	f.BoolVar(&a.attention, "attention", false, "explain by attention: which steps of a sequence looked at which (default: for models that write texts)")
	f.StringVar(&a.layer, "layer", "", "layer whose attention is explained (default: the last that looks from the written text at another, else the last)")
	f.BoolVar(&a.reference, "reference", false, "explain the attention over the text that FILE has for the target, not over the one that the model writes")
	flags.Exclusive(cmd, "attention", "method")
}

// unused refuses flags for attention where something else explains.
func (a *attentionFlags) unused() error {
	switch {
	case a.reference:
		return exit.Usagef("--reference is for models that write texts")
	case a.layer != "":
		return exit.Usagef("--layer is for attention; say --attention too")
	}
	return nil
}

// attended is a row with what an attention of the net looks at.
type attended struct {
	*explained
	asked         *options
	got           *explain.Attention
	said          []int32 // the tokens of the target, with its end: those that the net writes, or those of the row
	written       *string // nil where the net writes nothing
	queries, keys attendedAxis
}

// attendedAxis are the steps of a sequence.
type attendedAxis struct {
	Column string   `json:"column,omitempty"` // "" where layers made the steps
	Steps  []string `json:"steps"`            // tokens, or numbers from 1
}

// explain explains the row.
func (a *attended) explain(arg string, state *exec.State, pool *exec.Pool) error {
	e := a.asked
	if err := a.check(arg); err != nil {
		return err
	}
	var err error
	switch {
	case e.reference:
		err = a.takeReference()
	case a.net.Writes(a.head):
		err = a.write(state, pool)
	}
	if err != nil {
		return err
	}
	var none *explain.NoAttentionError
	a.got, err = a.explainer.Attention(a.x, a.head, e.layer)
	switch {
	case errors.As(err, &none) && len(none.Names) == 0:
		return exit.Usagef("%v: it has none of the layers attention, multi_head_attention, transformer_encoder, transformer_decoder, attention_pool and copy_output", err)
	case errors.As(err, &none):
		hint := spec.DidYouMean(e.layer, none.Names)
		return exit.Usagef("--layer: %v%s", err, cmp.Or(hint, "; there are "+output.List(none.Names, 20)))
	case err != nil:
		return err
	}
	a.queries, a.keys = a.axis(a.got.Queries, true), a.axis(a.got.Keys, false)
	if err := a.draw(); err != nil {
		return err
	}
	if e.json {
		return e.term.WriteJSON(a.result())
	}
	a.tell()
	return nil
}

// check refuses flags of other explanations, and files that must not be replaced.
func (a *attended) check(arg string) error {
	e := a.asked
	if e.reference && !a.net.Writes(a.head) {
		return exit.Usagef("--reference is for models that write texts")
	}
	for _, f := range []struct {
		name  string
		given bool
	}{{"method", e.method != ""}, {"class", e.class != ""}, {"baseline", e.base != "mean"}, {"step", e.step > 0}, {"steps", e.steps > 0}, {"csv", e.csv != ""}} {
		if f.given {
			return exit.Usagef("--%s is not for attention%s", f.name, output.Choose(e.attention, "", ", which explains models that write texts"))
		}
	}
	return e.checkFiles(a.explained, arg)
}

// write lets the net write its text.
func (a *attended) write(state *exec.State, pool *exec.Pool) error {
	how := infer.Writing(a.net)
	d, err := infer.NewDecoder(a.net, state, pool, a.head, how.MaxLength)
	if err != nil {
		return err
	}
	list, err := d.Search(a.x, []int{0}, how)
	if err != nil {
		return err
	}
	text := a.target().Generated().Text(list[0].Tokens)
	a.written = &text
	a.say(append(slices.Clone(list[0].Tokens), int32(a.task.Width-1)))
	return nil
}

// target is the column whose texts the net writes.
func (a *attended) target() *dataset.LabelColumn {
	s := a.net.Schema
	return &s.LabelColumns[s.Heads[a.head].First]
}

// takeReference takes the text of the row.
func (a *attended) takeReference() error {
	text, ok := a.fields[a.target().Name]
	if !ok {
		return exit.Usagef("--reference: %s has no column %s", a.file, a.target().Name)
	}
	a.say(a.target().WrittenTokens(text))
	return nil
}

// say makes tokens the text of the target so far, each one place behind.
func (a *attended) say(tokens []int32) {
	a.said = tokens
	block, b := a.net.Prefix(a.head), a.x
	b.Steps[block] = max(1, a.net.Schema.Bucket(block, len(tokens)))
	b.Grow()
	ints := b.Ints[block][:b.Steps[block]]
	clear(ints)
	ints[0] = int32(a.task.Width - 1)
	copy(ints[1:], tokens[:len(tokens)-1])
	b.Lengths[block][0] = int32(len(tokens))
}

// axis names the steps of an axis. A step that looks from the target writes a token; one that is looked at is the token read.
func (a *attended) axis(of explain.Axis, writes bool) attendedAxis {
	x := attendedAxis{Steps: []string{}}
	schema := a.net.Schema
	for i := range schema.Inputs {
		in := &schema.Inputs[i]
		switch {
		case in.Block != of.Block:
		case in.Head == a.head && a.net.Writes(a.head):
			x.Column = in.Name
			names := a.target().TokenNames(a.said)
			if !writes {
				names = append([]string{"<begin>"}, names[:len(names)-1]...)
			}
			x.Steps = append(x.Steps, names...)
		case in.IsText():
			x.Column = in.Columns[0]
			for _, t := range in.Tokens(a.fields[in.Columns[0]], a.x, 0) {
				x.Steps = append(x.Steps, t.Text)
			}
		case in.IsSeries():
			x.Column = in.Name
		}
	}
	for i := len(x.Steps); i < of.Steps; i++ {
		x.Steps = append(x.Steps, strconv.Itoa(i+1))
	}
	x.Steps = x.Steps[:of.Steps]
	return x
}
