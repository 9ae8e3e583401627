// Package list is "dnn list".
package list

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/flags"
	"dnn/cmd/internal/cli/output"
	"dnn/cmd/internal/cli/term"
	"dnn/internal/kernel/cpu"
	"dnn/internal/registry"
	"dnn/pkg/compress/quantize"
	"dnn/pkg/compress/recipe"
	"dnn/pkg/dataset/augment"
	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/format"
	"dnn/pkg/dataset/synthetic"
	"dnn/pkg/dataset/tokenizer"
	"dnn/pkg/graph"
	"dnn/pkg/graph/pass"
	"dnn/pkg/layers"
	"dnn/pkg/layers/activation"
	"dnn/pkg/layers/initializer"
	"dnn/pkg/metrics"
	"dnn/pkg/model"
	"dnn/pkg/spec"
	"dnn/pkg/train/loss"
	"dnn/pkg/train/optim"
	"dnn/pkg/train/schedule"
)

// kind is one thing that can be listed.
type kind struct {
	Key      string `json:"key"`
	Summary  string `json:"summary"`
	settings reflect.Type
	common   reflect.Type // settings that all of its sort have
}

// sorts are all sorts of kinds, each with its members.
var sorts = []struct {
	name, what string
	members    func() []kind
}{
	{"layers", "layers: type", func() []kind { return with(kinds(layers.Registry), reflect.TypeFor[layers.Entry]()) }},
	{"activations", "layers: activation, and function", func() []kind { return kinds(activation.Registry) }},
	{"initializers", "first values of parameters", func() []kind { return kinds(initializer.Registry) }},
	{"losses", "loss: type", func() []kind { return kinds(loss.Registry) }},
	{"optimizers", "optimizer: type", func() []kind { return kinds(optim.Registry) }},
	{"schedules", "optimizer: learning_rate: type", func() []kind { return kinds(schedule.Registry) }},
	{"metrics", "metrics: type", func() []kind { return kinds(metrics.Registry) }},
	{"formats", "dataset: format", func() []kind { return kinds(format.Formats) }},
	{"inputs", "dataset: inputs: type", func() []kind { return kinds(column.Types) }},
	{"targets", "dataset: target: type", func() []kind { return kinds(column.TargetTypes) }},
	{"generators", "dataset: generator, of the format synthetic", func() []kind { return kinds(synthetic.Generators) }},
	{"tokenizers", "dataset: inputs: tokenizer", func() []kind { return kinds(tokenizer.Registry) }},
	{"steps", "compress: type", func() []kind { return kinds(recipe.Registry) }},
	{"methods", "compress: method of the step quantize", func() []kind { return kinds(quantize.Methods) }},
	{"augmentations", "dataset: augment: type", func() []kind { return kinds(augment.Registry) }},
	{"sections", "the sections of a spec", sections},
	{"ops", "what layers are made of", ops},
	{"passes", "rewrites of the graph; --off switches one off", passes},
	{"kernels", "variants of the kernels on this machine; DNN_CPU chooses one", variants},
}

func kinds[T any](r *registry.Registry[T]) []kind {
	var list []kind
	for _, k := range r.Kinds() {
		list = append(list, kind{Key: k.Key, Summary: k.Summary, settings: reflect.TypeOf(k.Value)})
	}
	return list
}

func with(list []kind, common reflect.Type) []kind {
	for i := range list {
		list[i].common = common
	}
	return list
}

func sections() []kind {
	var list []kind
	for _, f := range spec.Fields(reflect.TypeFor[model.Config]()) {
		k := kind{Key: f.Key, Summary: f.Doc}
		if f.Type.Kind() == reflect.Struct {
			k.settings = f.Type
		}
		list = append(list, k)
	}
	return list
}

func ops() []kind {
	var list []kind
	for _, k := range graph.Ops.Kinds() {
		list = append(list, kind{Key: k.Key, Summary: k.Value.Doc})
	}
	return list
}

func passes() []kind {
	var list []kind
	for _, p := range pass.Table() {
		note := ""
		if p.Always {
			note = " (always on)"
		}
		list = append(list, kind{Key: p.Name, Summary: p.Doc + note})
	}
	return list
}

func variants() []kind {
	var list []kind
	for _, v := range cpu.Variants() {
		note := ""
		if v == cpu.Variant() {
			note = "in use"
		}
		list = append(list, kind{Key: v, Summary: note})
	}
	return list
}

type options struct {
	term *term.Terminal
	json bool
}

// NewCmd makes the command.
func NewCmd(terminal *term.Terminal) *cobra.Command {
	l := &options{term: terminal}
	var names []string
	for _, s := range sorts {
		names = append(names, s.name)
	}
	cmd := &cobra.Command{
		Use:   "list [KIND] [NAME]",
		Short: "List the layers, losses, optimizers, … that a spec can name",
		Long: `List what a spec can name: ` + strings.Join(names, ", ") + `.

Without an argument, list these kinds; with a KIND, its members; with a NAME, the settings of what is called so: key, values,
default and meaning. KIND and NAME together choose where several kinds have the name.`,
		Example: `  dnn list
  dnn list layers
  dnn list dense
  dnn list metrics mae
  dnn list optimizers adamw --json`,
		Args: flags.Arguments(0, 2, "at most a KIND and a NAME"),
		RunE: flags.Run(terminal, l.run),
		ValidArgsFunction: func(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			var words []string
			switch len(args) {
			case 0:
				words = names
			case 1:
				for _, k := range membersOf(args[0]) {
					words = append(words, k.Key)
				}
			}
			return words, cobra.ShellCompDirectiveNoFileComp
		},
	}
	cmd.Flags().BoolVar(&l.json, "json", false, "print JSON")
	return cmd
}

func membersOf(name string) []kind {
	for _, s := range sorts {
		if s.name == name || strings.TrimSuffix(s.name, "s") == name || s.name == "losses" && name == "loss" {
			return s.members()
		}
	}
	return nil
}

// member is a kind, and the list that it is in.
type member struct {
	list string
	kind
}

// find returns what bears a name, of every list that has it; ops only when nothing else bears the name.
func find(key string) (all []member) {
	for _, s := range sorts {
		members := s.members()
		i := slices.IndexFunc(members, func(k kind) bool { return k.Key == key })
		if i >= 0 && (s.name != "ops" || all == nil) {
			all = append(all, member{s.name, members[i]})
		}
	}
	return all
}

func (l *options) run(args []string) error {
	if len(args) == 0 {
		return l.sorts()
	}
	members := membersOf(args[0])
	if members == nil {
		return l.named(args)
	}
	if len(args) == 1 {
		if l.json {
			return l.term.WriteJSON(members)
		}
		t := output.Table{Left: 2}
		for _, k := range members {
			t.Add(k.Key, k.Summary)
		}
		t.Write(l.term.Out, nil)
		return nil
	}
	var keys []string
	for _, k := range members {
		keys = append(keys, k.Key)
	}
	i := slices.Index(keys, args[1])
	if i < 0 {
		return exit.Usagef("%s: there is no %q%s", args[0], args[1], spec.DidYouMean(args[1], keys))
	}
	return l.one(members[i])
}

// named prints what the only argument names, of every list.
func (l *options) named(args []string) error {
	var names, known []string
	for _, s := range sorts {
		names = append(names, s.name)
		for _, k := range s.members() {
			known = append(known, k.Key)
		}
	}
	found := find(args[0])
	if len(found) == 0 || len(args) > 1 {
		return exit.Usagef("there is no list of %q%s; there are %s", args[0], spec.DidYouMean(args[0], slices.Concat(names, known)), strings.Join(names, ", "))
	}
	if l.json && len(found) > 1 {
		var all []described
		for _, m := range found {
			all = append(all, describe(m.kind))
		}
		return l.term.WriteJSON(all)
	}
	for i, m := range found {
		if i > 0 {
			fmt.Fprintln(l.term.Out)
		}
		if !l.json {
			fmt.Fprintf(l.term.Out, "%s: ", m.list)
		}
		if err := l.one(m.kind); err != nil {
			return err
		}
	}
	return nil
}

func (l *options) sorts() error {
	type sort struct {
		Key     string `json:"key"`
		Where   string `json:"where"`
		Members int    `json:"members"`
	}
	var all []sort
	t := output.Table{Left: 2}
	for _, s := range sorts {
		n := len(s.members())
		all = append(all, sort{s.name, s.what, n})
		t.Add(s.name, s.what, output.Count(n))
	}
	if l.json {
		return l.term.WriteJSON(all)
	}
	t.Write(l.term.Out, nil)
	return nil
}

// setting is one row of the table of a kind's settings.
type setting struct {
	Key      string `json:"key"`
	Takes    string `json:"takes"`
	Default  string `json:"default,omitempty"`
	Required bool   `json:"required,omitempty"`
	Doc      string `json:"doc"`
}

// described is a kind with its settings.
type described struct {
	kind
	Settings []setting `json:"settings"`
}

func describe(k kind) described {
	return described{k, append(settingsOf(k.settings), settingsOf(k.common)...)}
}

// one prints a kind with its settings.
func (l *options) one(k kind) error {
	if l.json {
		return l.term.WriteJSON(describe(k))
	}
	own, common := settingsOf(k.settings), settingsOf(k.common)
	fmt.Fprintf(l.term.Out, "%s: %s\n", k.Key, k.Summary)
	l.settings("settings", own)
	l.settings("and, as all of them", common)
	return nil
}

func (l *options) settings(title string, list []setting) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(l.term.Out, "\n%s:\n", title)
	t := output.Table{Left: 4}
	for _, s := range list {
		def := s.Default
		if s.Required {
			def = "required"
		}
		t.Add("  "+s.Key, s.Takes, def, s.Doc)
	}
	t.Write(l.term.Out, nil)
}

func settingsOf(t reflect.Type) []setting {
	if t == nil {
		return nil
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return nil
	}
	var list []setting
	for _, f := range spec.Fields(t) {
		if f.Inline() {
			continue
		}
		def := f.Default
		if f.Unset() { // it stands for what the meaning says
			def = ""
		}
		list = append(list, setting{f.Key, takes(f), def, f.Required && f.Unless == "", f.Doc})
		if sub := f.Type; typeText(sub) == "mapping" {
			for _, within := range settingsOf(sub) {
				within.Key = f.Key + "." + within.Key
				list = append(list, within)
			}
		}
	}
	return list
}

// takes says what a setting takes, with its bounds.
func takes(f spec.Field) string {
	if len(f.OneOf) > 0 {
		return strings.Join(f.OneOf, " | ")
	}
	text := typeText(f.Type)
	if r := f.Range.Words(); r != "" {
		text += ", " + r
	}
	return text
}

func typeText(t reflect.Type) string {
	if d, ok := reflect.New(t).Interface().(interface{ DescribeSpec() string }); ok {
		return d.DescribeSpec()
	}
	switch t.Kind() {
	case reflect.Pointer:
		return typeText(t.Elem())
	case reflect.Slice:
		return "list of " + typeText(t.Elem())
	case reflect.Int, reflect.Int64, reflect.Uint64:
		return "whole number"
	case reflect.Float64:
		return "number"
	case reflect.Bool:
		return "true | false"
	case reflect.String:
		return "text"
	case reflect.Interface:
		return strings.ToLower(t.Name())
	}
	return "mapping"
}
