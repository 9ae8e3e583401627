package format

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"dnn/internal/glob"
	"dnn/internal/registry"
	"dnn/pkg/dataset/image"
	"dnn/pkg/dataset/record"
	"dnn/pkg/dataset/table"
	"dnn/pkg/spec"
)

// Format is the format of the data files, with its settings; `format:` chooses it. A format without files generates its
// data.
type Format interface {
	// Given lists the splits that have files of their own ("train", "validation", "test"), or "" for one set of rows
	// that is divided into splits.
	Given() []string
	// Read reads the files of one given split. It reports mistakes and returns what it could read, or nil.
	Read(src Source, split string) *table.Table
	// Extensions lists the file extensions of this format, without the dot; ".gz" and ".zst" are removed first.
	Extensions() []string
}

// Formats holds the formats, by the word that `format:` takes.
var Formats = registry.New[Format]("format")

func init() {
	spec.RegisterKinds(Formats, spec.KindOptions{Key: "format", Absent: formatOf, Tells: true, Lacking: noFormatOf})
}

// formatOf infers the format from the names of the files, or returns "".
func formatOf(n *spec.Node) string {
	var search glob.Search
	for _, f := range namedFiles(n) {
		if f.pair {
			return "idx" // images and labels in separate files
		}
		for _, name := range f.matches(n.Dir(), &search) {
			if key := OfName(name); key != "" {
				return key
			}
		}
	}
	return ""
}

// noFormatOf says why formatOf infers none, and how to fix that.
func noFormatOf(n *spec.Node) (path, why string) {
	files := namedFiles(n)
	if len(files) == 0 {
		return n.Path, "path is missing (the file to divide into splits), or train (the official training split); format: synthetic needs no file"
	}
	f := files[0]
	full := f.name
	if !filepath.IsAbs(full) {
		full = filepath.Join(n.Dir(), full)
	}
	info, err := os.Stat(full)
	return f.path, noFormat(f.name, err == nil && info.IsDir())
}

// namedFile is a file or glob in the settings of a format that is not known yet.
type namedFile struct {
	path, name string // the key, and its value
	pair       bool   // it is a mapping of two files
}

func namedFiles(n *spec.Node) (list []namedFile) {
	for _, key := range []string{"path", "train", "validation", "test"} {
		at := n.Get(key)
		if at == nil {
			continue
		}
		var names []string
		at.Into(&names, &spec.Problems{})
		for _, name := range names {
			list = append(list, namedFile{path: at.Path, name: name})
		}
		if !at.IsMapping() {
			continue
		}
		pair := true
		for _, own := range []string{"file", "inputs"} { // of arrays
			if name := at.Get(own); name != nil && pair {
				text, _ := name.Scalar()
				list, pair = append(list, namedFile{path: name.Path, name: text}), false
			}
		}
		if pair {
			list = append(list, namedFile{path: at.Path, pair: true})
		}
	}
	return list
}

// matches lists the file itself or, for a glob without an extension, the files that it matches.
func (f *namedFile) matches(dir string, search *glob.Search) []string {
	if OfName(f.name) != "" || !strings.ContainsAny(f.name, "*?[") {
		return []string{f.name}
	}
	full := f.name
	if !filepath.IsAbs(full) {
		full = filepath.Join(dir, full)
	}
	found, _ := search.Files(full)
	return found
}

// OfName returns the format that a file's extension means, or "".
func OfName(name string) string {
	ext := strings.TrimPrefix(strings.ToLower(filepath.Ext(record.Uncompressed(name))), ".")
	for _, k := range Formats.Kinds() {
		if ext != "" && slices.Contains(k.Value.Extensions(), ext) {
			return k.Key
		}
	}
	return ""
}

// Splits are the names of the splits, in their order.
var Splits = []string{"train", "validation", "test"}

// SplitsOf reports which splits have files of their own.
func SplitsOf(f Format) map[string]bool {
	splits := map[string]bool{}
	for _, g := range f.Given() {
		splits[g] = true
	}
	return splits
}

// Files names the files of a format that reads rows: one set to divide into splits, or the official splits.
type Files struct {
	Path       []string `json:"-" default:"[]" doc:"the file, to be divided into splits; a list of files or a glob is read as one" also:"file|filename|files|csv|data"`
	Train      []string `json:"-" default:"[]" doc:"the official training split: a file, a list of files or a glob"`
	Validation []string `json:"-" default:"[]" doc:"the official validation split"`
	Test       []string `json:"-" default:"[]" doc:"the official test split"`
}

// CheckSpec requires either one set or a training split.
func (f *Files) CheckSpec(path string, p *spec.Problems) {
	official := len(f.Train)+len(f.Validation)+len(f.Test) > 0
	switch {
	case p.Under(path+".path") || p.Under(path+".train"):
	case len(f.Path) > 0 && official:
		p.Add(path+".path", "give either path, which is divided into splits, or train, validation and test, which are official splits")
	case len(f.Path) == 0 && len(f.Train) == 0:
		p.Add(path, "path is missing (the file to divide into splits), or train (the official training split)")
	}
}

func (f *Files) Given() []string {
	if len(f.Path) > 0 {
		return []string{""}
	}
	var splits []string
	for i, files := range [][]string{f.Train, f.Validation, f.Test} {
		if len(files) > 0 {
			splits = append(splits, Splits[i])
		}
	}
	return splits
}

// of returns the files of a given split and their key.
func (f *Files) of(split string) (key string, files []string) {
	switch split {
	case "train":
		return "train", f.Train
	case "validation":
		return "validation", f.Validation
	case "test":
		return "test", f.Test
	}
	return "path", f.Path
}

// New returns a format with its defaults.
func New(key string) (Format, error) {
	if _, ok := Formats.Get(key); !ok {
		return nil, fmt.Errorf("unknown format %q%s", key, spec.DidYouMean(key, Formats.Keys()))
	}
	return spec.New[Format](key), nil
}

func (f *Files) EachFile(each func(path *string)) {
	for _, list := range [][]string{f.Path, f.Train, f.Validation, f.Test} {
		for i := range list {
			each(&list[i])
		}
	}
}

// RowFormat is a format that reads rows of fields.
type RowFormat interface {
	Format
	// Records starts to read; name is used in messages only.
	Records(r io.Reader, name string) (record.Reader, error)
	Gapped
}

// Gapped is a format of fields, some of which are missing.
type Gapped interface {
	// GapWords are the words that mean a missing value.
	GapWords() []string
}

// What only some formats can do is asked through these interfaces.
type (
	// Headed is a format whose files may have a header line.
	Headed interface {
		HeaderSetting() record.Header
		// WithHeader returns the format with another header.
		WithHeader(h record.Header) RowFormat
	}

	// Delimitable is a format whose delimiter can be chosen.
	Delimitable interface {
		withDelimiter(delimiter string) RowFormat
	}

	// Lined is a format whose rows are lines, or several if fields are in quotes.
	Lined interface {
		LineSettings() (lines record.Lines, quotes bool)
	}

	// Decodable is a format of text that may be in another encoding than UTF-8.
	Decodable interface {
		Decode(r io.Reader) io.Reader
		// DecodeLater is Decode for another file than those of the training, which may be in UTF-8.
		DecodeLater(r io.Reader) *record.Later
	}

	// Keyed is a format whose rows are objects: some may lack a key, or spell it differently.
	Keyed interface{ Keyed() }

	// Skipper is a format that can leave out files that cannot be read.
	Skipper interface{ Skips() bool }

	// Arrays is a format of images without files of their own, which streams recognize by their first bytes.
	Arrays interface{ Arrays() }

	// ImageFiles is a format whose rows are image files.
	ImageFiles interface{ FilesOfImages() *image.Files }

	// FileSequences is a format in which each file is one sequence.
	FileSequences interface {
		Skipper
		// Sequences returns the settings for reading the files.
		Sequences() *SequenceFiles
		// Walk finds the files of a folder.
		Walk(folder string) (*ClassWalk, error)
	}

	// Filed is a format, or a type of input, that reads files: each is called with every path in its settings.
	Filed interface {
		EachFile(each func(path *string))
	}
)
