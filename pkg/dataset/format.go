package dataset

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"dnn/internal/registry"
	"dnn/pkg/spec"
)

// Format is a way in which data lies in files, with its settings; `format:` chooses it. A format without files makes its
// data itself.
type Format interface {
	// given lists the parts that have data of their own ("train", "validation", "test"), or "" for one set of rows that is
	// to be split.
	given() []string
	// read reads the data of one given part. It notes mistakes and returns what it could read, or nil.
	read(l *loader, part string) *Table
	// extensions lists the endings of file names that mean this format, without the dot; ".gz" is taken off before.
	extensions() []string
}

// Formats holds the readers, by the word that `format:` takes.
var Formats = registry.New[Format]("format")

func init() {
	spec.RegisterKinds(Formats, spec.KindOptions{Key: "format", Absent: formatOf, Tells: true})
}

// formatOf infers the format from the names of the files, or returns "".
func formatOf(n *spec.Node) string {
	for _, key := range []string{"path", "train", "validation", "test"} {
		at := n.Get(key)
		if at == nil {
			continue
		}
		if at.IsMapping() {
			return "idx" // images and labels in files of their own
		}
		var files []string
		at.Into(&files, &spec.Problems{})
		for _, f := range files {
			if key := formatOfName(f); key != "" {
				return key
			}
		}
	}
	return ""
}

// formatOfName returns the format that a file's name tells, or "".
func formatOfName(name string) string {
	ext := strings.TrimPrefix(strings.ToLower(filepath.Ext(strings.TrimSuffix(name, ".gz"))), ".")
	for _, k := range Formats.Kinds() {
		if ext != "" && slices.Contains(k.Value.extensions(), ext) {
			return k.Key
		}
	}
	return ""
}

// partNames are the parts in their order.
var partNames = []string{"train", "validation", "test"}

// partsOf reports which parts have files of their own.
func partsOf(f Format) map[string]bool {
	parts := map[string]bool{}
	for _, g := range f.given() {
		parts[g] = true
	}
	return parts
}

// Files names the files of a format that reads rows: one set that is split, or the official parts.
type Files struct {
	Path       []string `json:"-" default:"[]" doc:"the file to be split into parts; a list of files or a glob is read as one"`
	Train      []string `json:"-" default:"[]" doc:"the official training part: a file, a list of files or a glob"`
	Validation []string `json:"-" default:"[]" doc:"the official validation part"`
	Test       []string `json:"-" default:"[]" doc:"the official test part"`
}

// CheckSpec wants either one set or a training part.
func (f *Files) CheckSpec(path string, p *spec.Problems) {
	official := len(f.Train)+len(f.Validation)+len(f.Test) > 0
	switch {
	case p.Under(path+".path") || p.Under(path+".train"):
	case len(f.Path) > 0 && official:
		p.Add(path+".path", "path and train/validation/test exclude each other: one file is split, official parts are not")
	case len(f.Path) == 0 && len(f.Train) == 0:
		p.Add(path, "path is missing (the file to be split), or train (the official training part)")
	}
}

func (f *Files) given() []string {
	if len(f.Path) > 0 {
		return []string{""}
	}
	var parts []string
	for i, files := range [][]string{f.Train, f.Validation, f.Test} {
		if len(files) > 0 {
			parts = append(parts, partNames[i])
		}
	}
	return parts
}

// of returns the files of a given part and the key they stand under.
func (f *Files) of(part string) (key string, files []string) {
	switch part {
	case "train":
		return "train", f.Train
	case "validation":
		return "validation", f.Validation
	case "test":
		return "test", f.Test
	}
	return "path", f.Path
}

// newFormat returns a format with its defaults.
func newFormat(key string) (Format, error) {
	if _, ok := Formats.Get(key); !ok {
		return nil, fmt.Errorf("unknown format %q%s", key, spec.DidYouMean(key, Formats.Keys()))
	}
	return spec.New[Format](key), nil
}
