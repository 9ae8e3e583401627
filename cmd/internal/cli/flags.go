package cli

import (
	"errors"
	"reflect"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/flags"
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
	return exit.Usagef("unknown command %q%s", word, spec.DidYouMean(word, names))
}

// oneName lets flags be called by the name that they have in other programs.
func oneName(_ *pflag.FlagSet, name string) pflag.NormalizedName {
	if name == "output" {
		name = "out"
	}
	return pflag.NormalizedName(name)
}

// flagError says what is wrong with a flag, and what was probably meant. args are those of the whole command line.
func flagError(cmd *cobra.Command, err error, args []string) error {
	if words := cmd.Flags().Args(); !cmd.HasParent() && len(words) > 0 { // dnn trian -c x: the command is wrong, not the flag
		return unknownCommand(cmd, words[0])
	}
	var unknown *pflag.NotExistError
	var value *pflag.InvalidValueError
	switch {
	case errors.As(err, &unknown):
		return unknownFlag(cmd, unknown.GetSpecifiedName(), err, args)
	case errors.As(err, &value):
		if kind := valueKinds[value.GetFlag().Value.Type()]; kind != "" {
			return exit.Usagef("--%s: expected %s, got %q", value.GetFlag().Name, kind, value.GetValue())
		}
	}
	return err
}

// valueKinds are the values that flags take, by their type.
var valueKinds = map[string]string{
	"int": "a whole number", "uint64": "a whole number of 0 or more", "bool": "true or false", "float64": "a number",
}

// unknownFlag recognizes two slips: a spec in place of a model, and a key of the spec as a flag.
func unknownFlag(cmd *cobra.Command, name string, err error, args []string) error {
	if (name == "c" || name == "config") && strings.Contains(cmd.Use, " MODEL") {
		return exit.Usagef("%s takes a MODEL, not a spec: a model file or the folder of a run, such as runs/NAME/0001", cmd.CommandPath())
	}
	if len(name) == 1 {
		return err
	}
	near := spec.Suggest(name, flags.Names(cmd))
	if cmd.Flags().Lookup("set") != nil && near == "" {
		if key := specKey(name); key != "" {
			return exit.Usagef("unknown flag: --%s; to change a key of the spec, use --set %s=%s", name, key, valueOf(name, args))
		}
	}
	return errors.New(err.Error() + spec.DidYouMean(name, flags.Names(cmd)))
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

// valueOf returns the value that a flag was given, or a placeholder.
func valueOf(name string, args []string) string {
	for i, arg := range args {
		if value, ok := strings.CutPrefix(arg, "--"+name+"="); ok {
			return value
		}
		if arg == "--"+name && i+1 < len(args) && !strings.HasPrefix(args[i+1], "-") {
			return args[i+1]
		}
	}
	return "…"
}
