package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/spf13/viper"
	"golang.org/x/term"

	"dnn/pkg/spec"
)

// settings are those of the tool itself; none of them changes a result.
type settings struct {
	Threads int
	Color   string
	Quiet   bool
}

var settingNames = []string{"threads", "color", "quiet"}

// addSettings declares the flags that every command takes.
func addSettings(root *cobra.Command) {
	f := root.PersistentFlags()
	f.Int("threads", 0, "number of threads; 0 takes as many as the machine gives (results do not depend on it)")
	f.String("color", "auto", "colour on a terminal: auto, always or never (NO_COLOR is honoured)")
	f.BoolP("quiet", "q", false, "no progress, only errors and warnings")
	root.RegisterFlagCompletionFunc("color", cobra.FixedCompletions([]string{"auto", "always", "never"}, cobra.ShellCompDirectiveNoFileComp))
}

// readSettings settles each setting: its flag, else its DNN_ variable, else the file of settings, else its default.
func (a *app) readSettings(flags *pflag.FlagSet) error {
	v := viper.New()
	v.SetEnvPrefix("dnn")
	v.AutomaticEnv()
	for _, name := range settingNames {
		if err := v.BindPFlag(name, flags.Lookup(name)); err != nil {
			return err
		}
	}
	file, named := settingsFile()
	if _, err := os.Stat(file); err == nil {
		v.SetConfigFile(file)
		v.SetConfigType("yaml")
		if err := v.ReadInConfig(); err != nil {
			return usagef("%s: %v", file, err)
		}
		for _, key := range v.AllKeys() {
			if !slices.Contains(settingNames, key) {
				return usagef("%s: unknown setting %q%s", file, key, spec.DidYouMean(key, settingNames))
			}
		}
	} else if named || !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission) && file != "" {
		return bad(err)
	}
	s, err := &a.settings, error(nil)
	if s.Threads, err = strconv.Atoi(v.GetString("threads")); err != nil {
		return usagef("threads: want a whole number, got %q", v.GetString("threads"))
	}
	if s.Quiet, err = strconv.ParseBool(v.GetString("quiet")); err != nil {
		return usagef("quiet: want true or false, got %q", v.GetString("quiet"))
	}
	s.Color = v.GetString("color")
	if s.Threads < 0 || s.Threads > 1024 {
		return usagef("threads: %d is out of range: want a value in [0,1024]", s.Threads)
	}
	if words := []string{"auto", "always", "never"}; !slices.Contains(words, s.Color) {
		return usagef("color: want auto, always or never, got %q%s", s.Color, spec.DidYouMean(s.Color, words))
	}
	return nil
}

// settingsFile returns where the file of settings would be, and whether the user named it.
func settingsFile() (file string, named bool) {
	if file = os.Getenv("DNN_CONFIG"); file != "" {
		return file, true
	}
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", false
	}
	return filepath.Join(dir, "dnn", "config.yaml"), false
}

// flagNames lists the flags of a command.
func flagNames(cmd *cobra.Command) []string {
	var names []string
	add := func(f *pflag.Flag) { names = append(names, f.Name) }
	cmd.LocalFlags().VisitAll(add)
	cmd.InheritedFlags().VisitAll(add)
	return names
}

// isTerminal reports whether w is a terminal.
func isTerminal(w any) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// coloured reports whether w gets colours.
func (a *app) coloured(w io.Writer) bool {
	switch a.settings.Color {
	case "always":
		return true
	case "never":
		return false
	}
	return os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb" && isTerminal(w)
}

// bold marks text where colours are wanted.
func (a *app) bold(text string) string {
	if a.coloured(a.out.w) {
		return "\x1b[1m" + text + "\x1b[0m"
	}
	return text
}

// note tells something on standard error, unless the user wants quiet.
func (a *app) note(format string, args ...any) {
	if !a.settings.Quiet {
		fmt.Fprintf(a.err, format+"\n", args...)
	}
}
