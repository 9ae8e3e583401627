package flags

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"github.com/spf13/viper"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/term"
	"dnn/internal/kernel/cpu"
	"dnn/pkg/spec"
)

var settingNames = []string{"threads", "color", "quiet", "device", "plugin"}

// AddSettings declares the flags that every command takes.
func AddSettings(root *cobra.Command) {
	f := root.PersistentFlags()
	f.Int("threads", 0, "number of threads; 0 uses all that the machine has (results do not depend on it)")
	f.String("color", "auto", "color on a terminal: auto, always or never (NO_COLOR is honored)")
	f.BoolP("quiet", "q", false, "print only errors and warnings, no progress")
	root.RegisterFlagCompletionFunc("color", cobra.FixedCompletions([]string{"auto", "always", "never"}, cobra.ShellCompDirectiveNoFileComp))
}

// readSettings finds each setting: its flag, else its DNN_ variable, else the settings file, else its default.
func readSettings(flags *pflag.FlagSet) (s term.Settings, err error) {
	if err := CheckKernels(); err != nil {
		return s, err
	}
	v := viper.New()
	v.SetEnvPrefix("dnn")
	v.AutomaticEnv()
	for _, name := range settingNames {
		f := flags.Lookup(name)
		if f == nil { // device, of a command that runs on the processor
			continue
		}
		if err := v.BindPFlag(name, f); err != nil {
			return s, err
		}
	}
	if err := readSettingsFile(v); err != nil {
		return s, err
	}
	if s.Threads, err = strconv.Atoi(v.GetString("threads")); err != nil {
		return s, exit.Usagef("threads: expected a whole number, got %q", v.GetString("threads"))
	}
	if s.Quiet, err = strconv.ParseBool(v.GetString("quiet")); err != nil {
		return s, exit.Usagef("quiet: expected true or false, got %q", v.GetString("quiet"))
	}
	s.Color = v.GetString("color")
	if flags.Lookup("device") != nil {
		s.Device, s.Plugin = v.GetString("device"), v.GetString("plugin")
	}
	if s.Threads < 0 || s.Threads > 1024 {
		return s, exit.Usagef("threads: %d is out of range: must be in [0,1024]", s.Threads)
	}
	if words := []string{"auto", "always", "never"}; !slices.Contains(words, s.Color) {
		return s, exit.Usagef("color: expected auto, always or never, got %q%s", s.Color, spec.DidYouMean(s.Color, words))
	}
	return s, nil
}

// CheckKernels returns an error if DNN_CPU names no kernels. A name of kernels that this machine does not have takes the best below them.
func CheckKernels() error {
	name := os.Getenv("DNN_CPU")
	if names := cpu.Names(); name != "" && !slices.Contains(names, name) {
		return exit.Usagef("DNN_CPU: there are no kernels called %q%s", name, spec.DidYouMean(name, names))
	}
	return nil
}

func readSettingsFile(v *viper.Viper) error {
	file, named := settingsFile()
	if _, err := os.Stat(file); err != nil {
		if named || !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission) && file != "" {
			return exit.Bad(err)
		}
		return nil
	}
	v.SetConfigFile(file)
	v.SetConfigType("yaml")
	if err := v.ReadInConfig(); err != nil {
		return exit.Usagef("%s: %v", file, err)
	}
	for _, key := range v.AllKeys() {
		if !slices.Contains(settingNames, key) {
			return exit.Usagef("%s: unknown setting %q%s", file, key, spec.DidYouMean(key, settingNames))
		}
	}
	return nil
}

// settingsFile returns the path of the settings file, and whether the user named it.
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
