// Package draft writes a spec from data: it looks at a file or folder and drafts a commented spec that trains well as it is.
// Each sort of data has a file; what it chooses comes from measurements, listed in docs/init.md.
package draft

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/npy"
	"dnn/pkg/dataset/record"
	"dnn/pkg/spec"
	"dnn/pkg/survey"
)

// Request says what to draft a spec for.
type Request struct {
	Data       string // a table, a folder of images, a file of images (IDX) or a text
	Validation string // the official validation split, "" for none
	Test       string // the official test split, "" for none
	Target     string // the column to predict, "" if the data offers one
	Horizon    int    // steps to forecast; 0: as the data suggests
	Name       string // of the spec; "": that of the data
	Folder     string // in which the spec will be: its paths are relative to it
}

// Draft is a spec and what was seen of its data.
type Draft struct {
	Spec  []byte
	Notes spec.Notes
	Seen  *survey.Table // of a table; nil for other data
}

// Make drafts a spec.
func Make(r Request) (*Draft, error) {
	info, err := os.Stat(r.Data)
	if err != nil {
		return nil, err
	}
	if r.Name == "" {
		r.Name = nameOf(r.Data)
	}
	d := &drafting{Request: &r}
	if tables := !info.IsDir() && !namesIDX(r.Data) && (!isText(r.Data) || labeled(r.Data)); r.Horizon > 0 && !tables {
		return nil, fmt.Errorf("--horizon is for a table whose rows follow one another in time, and %s is none", r.Data)
	}
	var list []npy.Info
	if !info.IsDir() {
		if list, err = arraysOf(r.Data); err != nil {
			return nil, err
		}
	}
	switch {
	case info.IsDir():
		err = d.folder()
	case list != nil:
		err = d.archive(list)
	case namesIDX(r.Data):
		err = d.arrays()
	case labeled(r.Data):
		if d.Target == "" {
			d.Target = "label"
		}
		err = d.table()
	case isText(r.Data):
		err = d.corpus()
	default:
		err = d.table()
	}
	if err != nil {
		return nil, err
	}
	return &Draft{d.write(), d.notes, d.surveyed}, nil
}

// isText reports whether a file is a text, by its name.
func isText(file string) bool { return strings.HasSuffix(record.Uncompressed(file), ".txt") }

// labeled reports whether a file has a text on each line, behind its labels as fastText writes them.
func labeled(file string) bool {
	f, err := os.Open(file)
	if err != nil {
		return false
	}
	defer f.Close()
	text, err := record.Unpack(f)
	if err != nil {
		return false
	}
	head, _ := text.Peek(len(labelPrefix))
	return string(head) == labelPrefix
}

// labelPrefix is what labels of fastText begin with.
const labelPrefix = "__label__"

// drafting is a spec in the making.
type drafting struct {
	*Request
	notes    spec.Notes
	about    string // what the net predicts, and from what
	dataset  page
	layers   page
	surveyed *survey.Table
	rest     page // loss, optimizer, metrics and training

	pairs map[string]string // the arrays of each split, by the key that names them; nil but for archives of NumPy
	steps int               // of each series in such an array; 0 for other data
}

// see tells what was seen.
func (d *drafting) see(format string, args ...any) { d.notes.Add("", format, args...) }

// warn tells what the user should look at.
func (d *drafting) warn(format string, args ...any) { d.notes.Warn("", format, args...) }

// path is a path as the spec names it.
func (d *drafting) path(file string) string {
	if filepath.IsAbs(file) || d.Folder == "" || d.Folder == "." {
		return word(filepath.ToSlash(file))
	}
	folder, err1 := filepath.Abs(d.Folder)
	whole, err2 := filepath.Abs(file)
	if rel, err := filepath.Rel(folder, whole); err1 == nil && err2 == nil && err == nil {
		return word(filepath.ToSlash(rel))
	}
	return word(filepath.ToSlash(file))
}

// write puts the spec together.
func (d *drafting) write() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "# %s\n", d.about)
	fmt.Fprintf(&b, "# Drafted by dnn init; change what you like. dnn check -c FILE finds mistakes, dnn check -c FILE --resolved lists all settings.\n")
	fmt.Fprintf(&b, "name: %s\nseed: 1\n\ndataset:\n", word(d.Name))
	b.WriteString(d.dataset.text(2))
	b.WriteString("\nlayers:\n")
	b.WriteString(d.layers.text(2))
	b.WriteString("\n")
	b.WriteString(d.rest.text(0))
	return []byte(b.String())
}

// nameOf names a spec after its data, without characters that the name of a folder should not have.
func nameOf(data string) string {
	name := record.Uncompressed(filepath.Base(filepath.Clean(data)))
	name = strings.TrimSuffix(name, filepath.Ext(name))
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>| `, r) {
			return '-'
		}
		return r
	}, name)
	if name == "" || name == "." || name == ".." || name == "-" {
		return "net"
	}
	return name
}

// counted names a count of rows.
func counted(rows int) string { return phrase.Count(rows, "row") }
