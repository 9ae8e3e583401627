package cli

import (
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"dnn/pkg/model"
	"dnn/pkg/spec"
	"dnn/pkg/train/optim"
)

// unknownCommand says which command was probably meant.
func unknownCommand(root *cobra.Command, word string) error {
	var names []string
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() {
			names = append(names, c.Name())
		}
	}
	return usagef("unknown command %q%s", word, spec.DidYouMean(word, names))
}

// oneName lets flags be called by the name that they have in other programs.
func oneName(_ *pflag.FlagSet, name string) pflag.NormalizedName {
	if name == "output" {
		name = "out"
	}
	return pflag.NormalizedName(name)
}

// flagError says in plain words what is wrong with a flag, and what was probably meant.
func (a *app) flagError(cmd *cobra.Command, err error) error {
	if words := cmd.Flags().Args(); !cmd.HasParent() && len(words) > 0 { // dnn trian -c x: the command is wrong, not the flag
		return unknownCommand(cmd, words[0])
	}
	var unknown *pflag.NotExistError
	var value *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown):
		return a.unknownFlag(cmd, unknown.GetSpecifiedName(), err)
	case errors.As(err, &value):
		if want := wanted[value.GetFlag().Value.Type()]; want != "" {
			return usagef("--%s: want %s, got %q", value.GetFlag().Name, want, value.GetValue())
		}
	}
	return err
}

// wanted are the values that flags take, by their type.
var wanted = map[string]string{
	"int": "a whole number", "uint64": "a whole number of 0 or more", "bool": "true or false", "float64": "a number",
}

// unknownFlag knows two ways astray: a spec where a model is wanted, and a key of the spec as a flag.
func (a *app) unknownFlag(cmd *cobra.Command, name string, err error) error {
	if (name == "c" || name == "config") && strings.Contains(cmd.Use, " MODEL") {
		return usagef("%s takes no spec: name a MODEL, a model file or the folder of a run, for example runs/NAME/0001", cmd.CommandPath())
	}
	if len(name) == 1 {
		return err
	}
	near := spec.Suggest(name, flagNames(cmd))
	if cmd.Flags().Lookup("set") != nil && near == "" {
		if key := specKey(name); key != "" {
			return usagef("unknown flag: --%s; a key of the spec is changed with --set %s=%s", name, key, a.valueOf(name))
		}
	}
	return errors.New(err.Error() + spec.DidYouMean(name, flagNames(cmd)))
}

// specKey returns the key of the spec that a word names at its end: train.epochs for epochs; "" when there is none.
func specKey(word string) string {
	word = strings.ReplaceAll(word, "-", "_")
	if word == "lr" {
		word = "learning_rate"
	}
	for _, top := range spec.Fields(reflect.TypeFor[model.Config]()) {
		if top.Key == word {
			return word
		}
		if top.Type.Kind() != reflect.Struct {
			continue
		}
		for _, f := range spec.Fields(top.Type) {
			if f.Key == word {
				return top.Key + "." + word
			}
		}
	}
	for _, k := range optim.Registry.Kinds() {
		has := func(f spec.Field) bool { return f.Key == word }
		if slices.ContainsFunc(spec.Fields(reflect.TypeOf(k.Value).Elem()), has) {
			return "optimizer." + word
		}
	}
	return ""
}

// valueOf returns the value that a flag was given, or what stands for one.
func (a *app) valueOf(name string) string {
	for i, arg := range a.args {
		if value, ok := strings.CutPrefix(arg, "--"+name+"="); ok {
			return value
		}
		if arg == "--"+name && i+1 < len(a.args) && !strings.HasPrefix(a.args[i+1], "-") {
			return a.args[i+1]
		}
	}
	return "…"
}

var exclusive = regexp.MustCompile(`^if any flags in the group .*; \[(.*)\] were all set$`)

// plainly says in plain words that flags exclude each other.
func plainly(err error) error {
	m := exclusive.FindStringSubmatch(err.Error())
	if m == nil {
		return err
	}
	return fmt.Errorf("--%s exclude each other", strings.Join(strings.Fields(m[1]), " and --"))
}
