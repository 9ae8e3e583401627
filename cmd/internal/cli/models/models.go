// Package models opens what the argument MODEL names.
package models

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/flags"
	"dnn/cmd/internal/cli/history"
	"dnn/pkg/model"
	"dnn/pkg/train"
)

// Path returns the file that a MODEL argument means: the file itself, or in a run folder the refitted model, if there is one, or
// the best weights. A folder of runs stands for the newest run in it.
func Path(arg string) (string, error) {
	info, err := os.Stat(arg)
	if errors.Is(err, fs.ErrNotExist) {
		return "", &exit.Error{Code: exit.Usage, Err: exit.Bad(err), Hint: "MODEL is a model file or the folder of a run"}
	}
	if err != nil {
		return "", exit.Bad(err)
	}
	if !info.IsDir() {
		return arg, nil
	}
	if file := model.InFolder(arg); file != "" {
		return file, nil
	}
	if !history.Has(arg) { // a folder of runs
		if dir, err := history.Newest(arg, func(dir string) bool { return numbered(dir) && model.InFolder(dir) != "" }); err != nil {
			return "", exit.Bad(err)
		} else if dir != "" {
			return model.InFolder(dir), nil
		}
	}
	return "", exit.Usagef("the folder %s has no %s: name a model file or the folder of a run", arg, train.BestFile)
}

// numbered reports whether the folder of a run was named by train itself, as 0001, seed-7 or fold-1: others are named to be named.
func numbered(dir string) bool {
	name := filepath.Base(dir)
	for _, prefix := range []string{"seed-", "fold-"} {
		name = strings.TrimPrefix(name, prefix)
	}
	_, err := strconv.ParseUint(name, 10, 64)
	return err == nil
}

// Load reads the model that a MODEL argument means.
func Load(arg string) (*model.File, error) {
	path, err := Path(arg)
	if err != nil {
		return nil, err
	}
	f, err := model.Load(path)
	if err != nil {
		return nil, exit.Bad(err)
	}
	return f, nil
}

// Network returns the net of a spec, or of a MODEL argument.
func Network(s *flags.Spec, args []string) (*model.Network, error) {
	switch {
	case len(args) > 0 && s.File != "":
		return nil, exit.Usagef("name a spec with -c FILE or a MODEL, not both")
	case len(args) > 0 && len(s.Sets) > 0:
		return nil, exit.Usagef("--set works with -c FILE; a MODEL cannot be changed: name its spec with -c in place of it")
	case len(args) > 0:
		f, err := Load(args[0])
		if err != nil {
			return nil, err
		}
		return f.Net, nil
	}
	job, err := s.Open()
	if err != nil {
		return nil, err
	}
	return &job.Network, nil
}

// CheckOut returns an error if a file named by a flag is a folder, the input (input may be nil) or the model itself.
func CheckOut(flag, name string, input os.FileInfo, modelArg string) error {
	out, err := os.Stat(name)
	if name == "" || name == "-" || err != nil { // a new file, or one that cannot be written: that shows when it is created
		return nil
	}
	if out.IsDir() {
		return exit.Usagef("%s %s is a folder; name a file", flag, name)
	}
	if input != nil && os.SameFile(input, out) {
		return exit.Usagef("%s %s is the input itself; name another file", flag, name)
	}
	if path, err := Path(modelArg); err == nil {
		if info, err := os.Stat(path); err == nil && os.SameFile(info, out) {
			return exit.Usagef("%s %s is the model itself; name another file", flag, name)
		}
	}
	return nil
}
