package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"dnn/pkg/dataset"
	"dnn/pkg/model"
	"dnn/pkg/spec"
)

// specFlags are the flags that name a spec and change keys of it.
type specFlags struct {
	app  *app
	file string
	sets []string
	seed uint64
	own  *cobra.Command
}

func (s *specFlags) add(a *app, cmd *cobra.Command) {
	s.app, s.own = a, cmd
	f := cmd.Flags()
	f.StringVarP(&s.file, "config", "c", "", "the spec, a YAML file")
	f.StringArrayVar(&s.sets, "set", nil, "override a key of the spec, for example train.epochs=5 or layers.0.units=64; may be repeated")
	cmd.MarkFlagFilename("config", "yaml", "yml")
}

// addSeed adds --seed, which is short for --set seed=N.
func (s *specFlags) addSeed(cmd *cobra.Command) {
	cmd.Flags().Uint64Var(&s.seed, "seed", 0, "seed of everything random, instead of the spec's")
}

// document parses the spec with its overrides.
func (s *specFlags) document() (*spec.Document, error) {
	if s.file == "" {
		return nil, usagef("which spec? name it with -c FILE")
	}
	sets := s.sets
	if f := s.own.Flags().Lookup("seed"); f != nil && f.Changed {
		sets = append(sets, "seed="+f.Value.String())
	}
	doc, err := spec.Load(s.file, sets)
	if err != nil {
		if _, ok := err.(*spec.Error); ok {
			return nil, err
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil, usagef("%s: no such file or directory%s", s.file, meantFile(s.file))
		}
		return nil, bad(err)
	}
	return doc, nil
}

// meantFile suggests a spec in the folder of a name that there is not.
func meantFile(name string) string {
	dir := filepath.Dir(name)
	entries, _ := os.ReadDir(dir)
	var files, stems []string
	for _, e := range entries {
		if ext := filepath.Ext(e.Name()); ext == ".yaml" || ext == ".yml" {
			files, stems = append(files, e.Name()), append(stems, strings.TrimSuffix(e.Name(), ext))
		}
	}
	base := filepath.Base(name)
	i := slices.Index(stems, base)
	if i < 0 {
		if i = slices.Index(stems, spec.Suggest(strings.TrimSuffix(base, filepath.Ext(base)), stems)); i < 0 {
			return ""
		}
	}
	return " (did you mean " + filepath.Join(dir, files[i]) + "?)"
}

// open checks the spec against its data.
func (s *specFlags) open(options ...dataset.Option) (*model.Job, error) {
	doc, err := s.document()
	if err != nil {
		return nil, err
	}
	return openJob(doc, append(options, s.app.tellEarly())...)
}

// tellEarly tells of long work before it begins.
func (a *app) tellEarly() dataset.Option {
	return dataset.TellEarly(func(text string) { a.note("%s", text) })
}

// openJob checks a spec against its data. Every mistake is one of the spec or of the data.
func openJob(doc *spec.Document, options ...dataset.Option) (*model.Job, error) {
	job, err := model.Open(doc, options...)
	if err == nil {
		return job, nil
	}
	if _, ok := err.(*spec.Error); ok {
		return nil, err
	}
	return nil, bad(err)
}
