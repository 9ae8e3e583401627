package flags

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/term"
	"dnn/pkg/dataset"
	"dnn/pkg/model"
	"dnn/pkg/spec"
)

// Spec are the flags that name a spec and override keys of it.
type Spec struct {
	File string
	Sets []string
	text []byte // of the file, where it is not to be read
	seed uint64
	doc  *spec.Document // that was opened
	term *term.Terminal
	cmd  *cobra.Command
}

// Add adds -c and --set.
func (s *Spec) Add(t *term.Terminal, cmd *cobra.Command) {
	s.term, s.cmd = t, cmd
	f := cmd.Flags()
	f.StringVarP(&s.File, "config", "c", "", "the spec, a YAML file; - is standard input")
	f.StringArrayVar(&s.Sets, "set", nil, "override a key of the spec, such as train.epochs=5 or layers.0.units=64; may be repeated")
	cmd.MarkFlagFilename("config", "yaml", "yml")
}

// Take takes the spec from the arguments of a command that has no others.
func (s *Spec) Take(args []string) error {
	if len(args) == 0 {
		return nil
	}
	if s.File != "" {
		return exit.Usagef("two specs are given: %s and -c %s", args[0], s.File)
	}
	s.File = args[0]
	return nil
}

// AddSeed adds --seed, which is short for --set seed=N.
func (s *Spec) AddSeed(cmd *cobra.Command) {
	cmd.Flags().Uint64Var(&s.seed, "seed", 0, "seed of all random numbers, instead of the spec's")
}

// Replace has Document parse a text in place of a file of that name.
func (s *Spec) Replace(file string, text []byte, sets []string) {
	s.File, s.text, s.Sets = file, text, sets
}

// Document parses the spec with its overrides.
func (s *Spec) Document() (*spec.Document, error) {
	if s.File == "" {
		return nil, exit.Usagef("no spec is given: %s SPEC", s.cmd.CommandPath())
	}
	sets := s.Sets
	if f := s.cmd.Flags().Lookup("seed"); f != nil && f.Changed {
		sets = append(sets, "seed="+f.Value.String())
	}
	switch {
	case s.text != nil:
		return spec.Parse(s.File, s.text, sets)
	case s.File == "-":
		return s.fromInput(sets)
	}
	doc, err := spec.Load(s.File, sets)
	if err != nil {
		if _, ok := err.(*spec.Error); ok {
			return nil, err
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil, exit.Usagef("%s: no such file or directory%s", s.File, similarFile(s.File))
		}
		return nil, exit.Bad(err)
	}
	return doc, nil
}

// fromInput parses the spec that comes on standard input. Its paths are relative to the working folder.
func (s *Spec) fromInput(sets []string) (*spec.Document, error) {
	if term.Is(s.term.In) {
		return nil, exit.Usagef("-c -: expected a spec on standard input, as in: dnn init DATA --target COLUMN | %s -c -", s.cmd.CommandPath())
	}
	text, err := spec.ReadText("stdin", s.term.In)
	if err != nil {
		return nil, exit.Bad(err)
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return nil, exit.Usagef("-c -: standard input is empty; did the command before it fail?")
	}
	return spec.Parse("stdin", text, sets)
}

// similarFile suggests a spec in the folder of a name that does not exist.
func similarFile(name string) string {
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

// Open checks the spec against its data. Every mistake is one in the spec or in the data.
func (s *Spec) Open(options ...dataset.Option) (*model.Job, error) {
	return s.open(model.Open, options)
}

// OpenToResume is Open for a training that began already. last is the file of its checkpoint, "" where that is not known.
func (s *Spec) OpenToResume(last string, options ...dataset.Option) (*model.Job, error) {
	return s.open(func(doc *spec.Document, options ...dataset.Option) (*model.Job, error) {
		return OpenToResume(doc, last, options...)
	}, options)
}

// OpenToResume is model.OpenToResume with the file of the checkpoint. One that cannot be read is told where it is resumed.
func OpenToResume(doc *spec.Document, last string, options ...dataset.Option) (*model.Job, error) {
	if last == "" {
		return model.OpenToResume(doc, nil, options...)
	}
	file, err := model.Load(last)
	if err != nil {
		file = nil
	}
	return model.OpenToResume(doc, file, options...)
}

func (s *Spec) open(open func(*spec.Document, ...dataset.Option) (*model.Job, error), options []dataset.Option) (*model.Job, error) {
	doc, err := s.Document()
	if err != nil {
		return nil, err
	}
	s.doc = doc
	job, err := open(doc, append(options, TellEarly(s.term))...)
	collectOften()
	if _, ok := err.(*spec.Error); ok || err == nil {
		return job, err
	}
	return nil, exit.Bad(err)
}

// CheckSteps checks the teachers of the compression steps of a job's spec, from the given one on, for the net that the recipe begins
// with. Mistakes are told with their place in the spec.
func (s *Spec) CheckSteps(job *model.Job, n *model.Network, from int) error {
	if job.Config.Compress == nil {
		return nil
	}
	path := "compress"
	if s.doc.Has("compress.steps") {
		path = "compress.steps"
	}
	var p spec.Problems
	model.CheckSteps(n, job.Config.Compress.Steps, from, job.Dir, path, &p)
	return p.Err(s.doc)
}

// TellEarly prints a note on long work before it begins.
func TellEarly(t *term.Terminal) dataset.Option {
	return dataset.TellEarly(func(text string) { t.Note("%s", text) })
}

// muchMemory is how many bytes of data are so many that other memory must not grow in proportion to them.
const muchMemory = 32 << 20

// collectOften has garbage collected when it takes a twentieth of the memory that is in use, where that is much. It costs little: what
// is in use is nearly all data, without pointers, and what follows makes little garbage.
func collectOften() {
	var m runtime.MemStats
	if runtime.ReadMemStats(&m); m.HeapAlloc > muchMemory {
		debug.SetGCPercent(5)
		debug.FreeOSMemory()
	}
}
