package train

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"syscall"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/work"
	"dnn/internal/newfile"
	"dnn/pkg/model"
	"dnn/pkg/spec"
	"dnn/pkg/train"
)

// claim takes a folder for a run that is to begin there, and keeps it until release. It must be empty or new. With anew, which
// --resume auto asks for, it may also hold what a run left that was killed before its first checkpoint. given is the file of the
// spec, which is never taken for one of those.
func claim(dir, given string, anew bool) (release func(), err error) {
	if err := os.MkdirAll(dir, 0o777); errors.Is(err, syscall.ENOTDIR) {
		return nil, exit.Bad(err)
	} else if err != nil {
		return nil, err
	}
	if release, err = work.Lock(dir); err != nil {
		return nil, err
	}
	if err := checkClaim(dir, given, anew); err != nil {
		release()
		return nil, err
	}
	return release, nil
}

func checkClaim(dir, given string, anew bool) error {
	if anew {
		newfile.CleanTemps(dir)
	}
	entries, err := os.ReadDir(dir)
	switch {
	case err != nil:
		return exit.Bad(err)
	case len(entries) == 0, anew && isLeftover(dir, given, entries):
		return nil
	}
	hint := ""
	if _, err := os.Stat(filepath.Join(dir, train.LastFile)); err == nil {
		hint = " (to continue the run in it, use --resume " + dir + ")"
	} else if anew {
		hint = ", and no run can be resumed in it"
	}
	return exit.Usagef("--out %s: the folder is not empty%s", dir, hint)
}

// isLeftover reports whether a folder holds nothing but what a run leaves that ends before its first checkpoint: a log without
// a line, then the resolved spec too. Both are written anew when a run begins.
func isLeftover(dir, given string, entries []os.DirEntry) bool {
	log := false
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !info.Mode().IsRegular() {
			return false
		}
		switch path := filepath.Join(dir, e.Name()); e.Name() {
		case train.MetricsFile, train.MetricsFile + ".tmp":
			if info.Size() > 0 {
				return false
			}
			log = true
		case train.SpecFile:
			if mine, err := os.Stat(given); err == nil && os.SameFile(mine, info) || !isResolved(path) {
				return false
			}
		default:
			return false
		}
	}
	return log // the spec never comes without it
}

// isResolved reports whether a spec has every default and nothing else, as this program writes it.
func isResolved(path string) bool {
	text, err := os.ReadFile(path)
	if err != nil {
		return false
	}
	doc, err := spec.Parse(path, text, nil)
	if err != nil {
		return false
	}
	var p spec.Problems
	c := model.Decode(doc, &p)
	c.Dataset.Split.KeepResolved()
	return p.Len() == 0 && bytes.Equal(spec.Encode(c), text)
}
